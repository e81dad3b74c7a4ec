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
  if (!usesAliases(shell)) return script;
  let now = script;
  const used = new Set<string>();
  for (let round = 0; round < 20; round++) {
    const text = now.problem ? undefined : replaceIn(shell, now.source, now.statements, used);
    if (text === undefined) return now;
    now = parse(text, line);
  }
  return now;
}

/** Puts the values of aliases in the place of the commands' first words; undefined where nothing changes. */
function replaceIn(shell: Shell, text: string, list: List, used: Set<string>): string | undefined {
  let out = text;
  let changed = false;
  const fresh = new Set<string>();
  for (const { pos, text: command } of commandsOf(list).sort((a, b) => b.pos - a.pos)) {
    const found = namesAt(shell, command, used, fresh);
    if (!found) continue;
    const [end, value] = found;
    out = out.slice(0, pos) + value + out.slice(pos + end);
    changed = true;
  }
  for (const name of fresh) used.add(name);
  return changed ? out : undefined;
}

/** How much of a command's text its alias (and, after a value that ends in a blank, the next one) takes the place of. */
function namesAt(shell: Shell, command: string, used: ReadonlySet<string>, fresh: Set<string>): [number, string] | undefined {
  const leading = /^(?:[A-Za-z_]\w*=\S*\s+)*/.exec(command)?.[0] ?? "";
  let at = leading.length;
  let out = leading;
  let any = false;
  for (;;) {
    const name = /^[^\s;&|<>()$`'"\\=/]+(?=[\s;&|<>()]|$)/.exec(command.slice(at))?.[0];
    const value = name === undefined || used.has(name) ? undefined : shell.aliases.get(name);
    if (name === undefined || value === undefined) return any ? [at, out] : undefined;
    fresh.add(name);
    out += value;
    at += name.length;
    any = true;
    if (!/[ \t]$/.test(value)) return [at, out];
    const blanks = /^\s+/.exec(command.slice(at))?.[0] ?? "";
    out += blanks;
    at += blanks.length;
  }
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
      return [...node.branches.flatMap((branch) => [...commandsOf(branch.test), ...commandsOf(branch.body)]), ...commandsOf(node.otherwise ?? [])];
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
