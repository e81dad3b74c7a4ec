import type { Shell } from "../shell.ts";
import type { List, Node, Script, Simple } from "../syntax/ast.ts";
import { parse } from "../syntax/parse.ts";

/** Whether aliases are replaced in this shell: always in an interactive one. */
export function usesAliases(shell: Shell): boolean {
  return shell.aliases.size > 0 && (shell.kind === "interactive" || shell.shopts.has("expand_aliases"));
}

/**
 * The script read anew with its aliases put in. Bash replaces aliases while it reads a line; here the commands of the
 * text that was read are looked at, and the text is read again.
 */
export function withAliases(shell: Shell, script: Script, line: number): Script {
  if (!usesAliases(shell) || script.problem) return script;
  const text = replaceIn(shell, script, new Set());
  return text === script.source ? script : parse(text, line);
}

/** Puts the values of aliases in the place of the commands' first words. An alias does not replace itself. */
function replaceIn(shell: Shell, script: Script, active: ReadonlySet<string>): string {
  let out = script.source;
  for (const { pos, text } of lastFirst(script)) {
    const found = replacement(shell, text, active);
    if (found) out = out.slice(0, pos) + found.value + out.slice(pos + found.end);
  }
  return out;
}

/** How much of a command's text its alias (and, after a value that ends in a blank, the next word's) takes the place of. */
function replacement(
  shell: Shell,
  command: string,
  active: ReadonlySet<string>,
): { end: number; value: string } | undefined {
  let value = /^(?:[A-Za-z_]\w*=\S*\s+)*/.exec(command)?.[0] ?? "";
  let end = value.length;
  for (let any = false; ; any = true) {
    const name = /^[^\s;&|<>()$`'"\\=/]+(?=[\s;&|<>()]|$)/.exec(command.slice(end))?.[0];
    const alias = name === undefined || active.has(name) ? undefined : shell.aliases.get(name);
    if (name === undefined || alias === undefined) return any ? { end, value } : undefined;
    const inner = parse(alias);
    value += inner.problem ? alias : replaceIn(shell, inner, new Set([...active, name]));
    end += name.length;
    if (!/[ \t]$/.test(alias)) return { end, value };
    const blanks = /^\s+/.exec(command.slice(end))?.[0] ?? "";
    value += blanks;
    end += blanks.length;
  }
}

/** The commands of scripts that were looked at. */
const commands = new WeakMap<Script, readonly Simple[]>();

function lastFirst(script: Script): readonly Simple[] {
  let known = commands.get(script);
  if (!known) {
    known = commandsOf(script.statements).sort((a, b) => b.pos - a.pos);
    commands.set(script, known);
  }
  return known;
}

/** All simple commands. */
function commandsOf(list: List): Simple[] {
  return list.flatMap((statement) => commandsIn(statement.node));
}

function commandsIn(node: Node): Simple[] {
  switch (node.type) {
    case "simple":
      return node.words.length > 0 ? [node] : [];
    case "pipeline":
      return node.stages.flatMap(commandsIn);
    case "and-or":
      return node.parts.flatMap(commandsIn);
    case "group":
    case "subshell":
    case "for":
    case "select":
    case "counting":
      return commandsOf(node.body);
    case "while":
      return [...commandsOf(node.test), ...commandsOf(node.body)];
    case "if":
      return [
        ...node.branches.flatMap((branch) => [...commandsOf(branch.test), ...commandsOf(branch.body)]),
        ...commandsOf(node.otherwise ?? []),
      ];
    case "case":
      return node.items.flatMap((item) => commandsOf(item.body));
    case "redirected":
      return commandsIn(node.node);
    case "function":
      return commandsIn(node.body);
    default:
      return [];
  }
}
