import type { Task } from "../../machine/define.ts";
import { pathOf } from "../../machine/open-path.ts";
import { groupsIn, usersOf } from "../../machine/users.ts";
import type { CompletionSpec } from "./define.ts";
import { pathnames } from "./expand/pathname.ts";
import { backslashQuote, singleQuote } from "./expand/quote.ts";
import { expandTilde } from "./expand/tilde.ts";
import { keywords } from "./meaning.ts";
import { shoptNames } from "./options.ts";
import { Pattern } from "./pattern/match.ts";
import type { Shell } from "./shell.ts";

/** The words that a completion specification offers for `word`; `line` are all words up to the cursor. */
export function* candidates(shell: Shell, spec: CompletionSpec, word: string, line: readonly string[]): Task<string[]> {
  const found: string[] = [];
  for (const action of spec.actions) found.push(...(yield* byAction(shell, action, word)));
  if (spec.glob !== undefined) found.push(...(yield* pathnames(shell, spec.glob)));
  if (spec.words !== undefined)
    found.push(...(yield* shell.run.expandWords(shell, spec.words)).filter((one) => one.startsWith(word)));
  if (spec.functionName !== undefined) found.push(...(yield* byFunction(shell, spec.functionName, line)));
  if (spec.command !== undefined) {
    const text = yield* shell.run.capture(shell, {
      type: "command",
      body: `${spec.command} ${backslashQuote(line[0] ?? "")} ${backslashQuote(word)} ${backslashQuote(line.at(-2) ?? "")}`,
    });
    found.push(...text.split("\n").filter((one) => one !== ""));
  }
  const kept = filtered(found, spec.filter, word);
  return kept.map((one) => (spec.prefix ?? "") + one + (spec.suffix ?? ""));
}

function filtered(words: readonly string[], filter: string | undefined, word: string): readonly string[] {
  if (filter === undefined) return words;
  const negated = filter.startsWith("!");
  const pattern = new Pattern((negated ? filter.slice(1) : filter).replaceAll("&", word), { extended: true });
  return words.filter((one) => pattern.matches(one) === negated);
}

/** Runs a completion function as bash does: COMP_WORDS and the like are set, COMPREPLY is what it answers. */
function* byFunction(shell: Shell, name: string, line: readonly string[]): Task<string[]> {
  const called = shell.functions.get(name);
  if (!called) return [];
  const { vars } = shell;
  const { status } = shell;
  vars.setArray("COMP_WORDS", line);
  vars.set("COMP_CWORD", String(line.length - 1));
  vars.set("COMP_LINE", line.join(" "));
  vars.set("COMP_POINT", String(line.join(" ").length));
  vars.set("COMP_TYPE", "9");
  vars.set("COMP_KEY", "9");
  vars.unset("COMPREPLY");
  yield* shell.run.callFunction(shell, called, [line[0] ?? "", line.at(-1) ?? "", line.at(-2) ?? ""]);
  const reply = vars.find("COMPREPLY");
  shell.status = status;
  for (const variable of ["COMP_WORDS", "COMP_CWORD", "COMP_LINE", "COMP_POINT", "COMP_TYPE", "COMP_KEY"])
    vars.unset(variable);
  return reply?.array?.values() ?? (reply?.value === undefined ? [] : [reply.value]);
}

function* byAction(shell: Shell, action: string, word: string): Task<string[]> {
  switch (action) {
    case "file":
      return yield* filesFor(shell, word, false);
    case "directory":
      return yield* filesFor(shell, word, true);
    case "command":
      return yield* commandsFor(shell, word);
    default:
      return (namesFor(shell, action) ?? []).filter((name) => name.startsWith(word));
  }
}

function namesFor(shell: Shell, action: string): readonly string[] | undefined {
  const { files } = shell.proc.machine;
  switch (action) {
    case "alias":
      return [...shell.aliases.keys()].sort();
    case "builtin":
    case "helptopic":
    case "enabled":
      return [...shell.run.builtinNames()].sort();
    case "function":
      return [...shell.functions.keys()].sort();
    case "keyword":
      return keywords;
    case "variable":
      return shell.vars.names();
    case "export":
      return [...shell.vars.environment().keys()].sort();
    case "arrayvar":
      return shell.vars.names().filter((name) => shell.vars.find(name)?.array);
    case "user":
      return usersOf(files).map((user) => user.name);
    case "group":
      return groupsIn(files).map((group) => group.name);
    case "job":
      return shell.jobs.jobs.map((job) => job.text.split(" ")[0] ?? "");
    case "shopt":
      return shoptNames;
    case "setopt":
      return [...shell.options];
    case "hostname":
      return [shell.proc.machine.name];
    default:
      return undefined;
  }
}

/** Names of everything that could be run: aliases, functions, builtins, keywords, programs of PATH. */
export function* commandsFor(shell: Shell, word: string): Task<string[]> {
  const { proc } = shell;
  const { files } = proc.machine;
  const names = new Set<string>(
    [...shell.aliases.keys(), ...shell.functions.keys(), ...shell.run.builtinNames(), ...keywords].filter((name) =>
      name.startsWith(word),
    ),
  );
  for (const folder of (shell.vars.get("PATH") ?? "").split(":")) {
    const path = pathOf(proc, folder === "" ? "." : folder);
    if (files.find(path, proc.credentials)?.kind !== "directory" || !files.may(path, "r", proc.credentials)) continue;
    for (const name of files.list(path, proc.credentials)) {
      if (proc.tick()) yield undefined;
      if (name.startsWith(word) && files.may(`${path}/${name}`, "x", proc.credentials)) names.add(name);
    }
  }
  return [...names].sort();
}

/** Files that begin with `word`, as it was typed (a tilde stays); directories with a slash at the end where `mark` asks. */
export function* filesFor(shell: Shell, word: string, directories: boolean, mark = false): Task<string[]> {
  const { proc } = shell;
  const { files } = proc.machine;
  const slash = word.lastIndexOf("/") + 1;
  const [folder, start] = [word.slice(0, slash), word.slice(slash)];
  const tilde = expandTilde(shell, folder, false, false);
  const path = pathOf(proc, (tilde ? tilde.home + tilde.rest : folder) || ".");
  if (files.find(path, proc.credentials)?.kind !== "directory" || !files.may(path, "r", proc.credentials)) return [];
  const out: string[] = [];
  for (const name of files.list(path, proc.credentials)) {
    if (proc.tick()) yield undefined;
    if (!name.startsWith(start) || (name.startsWith(".") && start === "")) continue;
    const isFolder = files.find(`${path}/${name}`, proc.credentials)?.kind === "directory";
    if (isFolder || !directories) out.push(folder + name + (mark && isFolder ? "/" : ""));
  }
  return out;
}

/** A specification as `complete -p` writes it; a blank at the end. */
export function spellSpec(spec: CompletionSpec): string {
  const parts = [...spec.options.map((option) => `-o ${option}`), ...spec.actions.map((action) => `-A ${action}`)];
  const named: readonly (readonly [string, string | undefined])[] = [
    ["G", spec.glob],
    ["W", spec.words],
    ["P", spec.prefix],
    ["S", spec.suffix],
    ["X", spec.filter],
  ];
  for (const [letter, value] of named) if (value !== undefined) parts.push(`-${letter} ${singleQuote(value)}`);
  if (spec.command !== undefined) parts.push(`-C ${singleQuote(spec.command)}`);
  if (spec.functionName !== undefined) parts.push(`-F ${spec.functionName}`);
  return parts.map((part) => `${part} `).join("");
}
