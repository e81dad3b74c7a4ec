import type { Flags, FlagValues, Group, Verb } from "./define.ts";
import { globalFlags } from "./global-flags.ts";
import { type ParsedFlags, shortNames } from "./parse-flags.ts";

/** A command and those below it. */
export interface Command {
  readonly path: readonly string[];
  readonly verb: Verb | undefined;
  readonly group: Group | undefined;
  readonly children: Map<string, Command>;
}

/** All commands as a tree. */
export function commandTree(verbs: readonly Verb[], groups: readonly Group[]): Command {
  const root = command([]);
  const at = (path: readonly string[]) => {
    let here = root;
    path.forEach((name, i) => {
      let next = here.children.get(name);
      if (!next) {
        next = command(path.slice(0, i + 1));
        here.children.set(name, next);
      }
      here = next;
    });
    return here;
  };
  for (const verb of verbs) Object.assign(at(verb.path), { verb });
  for (const group of groups) Object.assign(at(group.path), { group });
  return root;
}

function command(path: readonly string[]): Command {
  return { path, verb: undefined, group: undefined, children: new Map() };
}

/** The flags of a command: its own, and the global ones that it does not redefine. */
export function flagsOf(verb: Verb | undefined): Flags {
  if (!verb?.flags) return globalFlags;
  let all = flagTables.get(verb);
  if (!all) {
    all = { ...globalFlags, ...verb.flags };
    flagTables.set(verb, all);
  }
  return all;
}
const flagTables = new WeakMap<Verb, Flags>();

/** The global flags of a line; one that the command redefines was not given. */
export function globalsOf(
  verb: Verb | undefined,
  parsed: Pick<ParsedFlags, "values" | "given">,
): { readonly values: FlagValues<typeof globalFlags>; readonly given: ReadonlySet<string> } {
  const own = Object.keys(verb?.flags ?? {}).filter((name) => name in globalFlags);
  const values = own.length === 0 ? parsed.values : { ...parsed.values };
  for (const name of own) Object.assign(values, { [name]: (globalFlags as Flags)[name]?.initial });
  const given = own.length === 0 ? parsed.given : new Set([...parsed.given].filter((name) => !own.includes(name)));
  return { values: values as FlagValues<typeof globalFlags>, given };
}

export interface FoundCommand {
  readonly command: Command;
  /** The words without the command's own. */
  readonly words: readonly string[];
}

/** The command that a line means, as cobra finds it: its words may stand between flags. */
export function findCommand(root: Command, line: readonly string[]): FoundCommand {
  let here = root;
  let words = line;
  for (;;) {
    const at = firstArgument(words, flagsOf(here.verb));
    const next = at === undefined ? undefined : childNamed(here, words[at] ?? "");
    if (at === undefined || !next) return { command: here, words };
    words = [...words.slice(0, at), ...words.slice(at + 1)];
    here = next;
  }
}

function childNamed(parent: Command, name: string): Command | undefined {
  const child = parent.children.get(name);
  if (child) return child;
  for (const one of parent.children.values()) if ((one.verb ?? one.group)?.aliases?.includes(name)) return one;
  return undefined;
}

/** Where the first word stands that is neither a flag nor a flag's value. */
export function firstArgument(words: readonly string[], flags: Flags): number | undefined {
  const shorts = shortNames(flags);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (word === "--") return undefined;
    if (!word.startsWith("-") || word === "-") {
      if (word !== "") return i;
      continue;
    }
    if (word.includes("=")) continue;
    if (word.startsWith("--")) {
      if (word !== "--help" && flags[word.slice(2)]?.bare === undefined) i++;
    } else if (word.length === 2 && word !== "-h" && flags[shorts.get(word.slice(1)) ?? ""]?.bare === undefined) i++;
  }
  return undefined;
}

/** The names that a mistyped one may have meant (cobra's suggestions): two changes away at most, or a beginning of it. */
export function suggestions(root: Command, typed: string): readonly string[] {
  return [...root.children.values()]
    .filter(({ verb }) => !verb?.hidden)
    .map(({ path }) => path[0] ?? "")
    .filter((name) => distance(typed.toLowerCase(), name) <= 2 || name.startsWith(typed.toLowerCase()));
}

/** How many letters must be changed, added or removed (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
