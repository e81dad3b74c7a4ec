import { FormatError } from "../../base/format-error.ts";
import { compareText } from "../../base/json.ts";
import type { Candidates, Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";
import { type Command, findCommand, flagsOf, globalsOf } from "./command-tree.ts";
import { Context } from "./context.ts";
import type { Completer, Flag, Flags } from "./define.ts";
import { globalFlags } from "./global-flags.ts";
import { type ParsedFlags, parseFlags, shortNames } from "./parse-flags.ts";

/** What may stand at the cursor. */
export interface Completion extends Candidates {
  readonly about: ReadonlyMap<string, string>;
  /** Why the line could not be read. */
  readonly fault?: string;
}

const nothing: Completion = { words: [], about: new Map() };
const anyFile: Completion = { ...nothing, files: true };

/** What may stand at the cursor of a line (without kubectl itself), in cobra's order (1.8); the last word is being completed. */
export function* completeLine(proc: Process, root: Command, words: readonly string[]): Task<Completion> {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  if (before[0] === "help") return commandsBelow(findCommand(root, before.slice(1)).command, typed);
  const { command, words: rest } = findCommand(root, before);
  const flags = flagsOf(command.verb);
  const afterDashes = before.includes("--");
  const toFill = afterDashes ? undefined : flagToFill(flags, rest, typed);
  if (toFill === "unknown")
    return {
      ...anyFile,
      fault: `Subcommand '${command.path.at(-1) ?? "kubectl"}' does not support flag '${flagIn(typed)}'`,
    };
  const read = toFill?.previous ? rest.slice(0, -1) : rest;
  const parsed = parsedOf(read, flags);
  if (typeof parsed === "string")
    return { ...anyFile, fault: `Error while parsing flags from args [${read.join(" ")}]: ${parsed}` };
  if (parsed.help) return nothing;
  const globals = globalsOf(command.verb, parsed);
  const context = new Context(proc, "kubectl", globals.values, globals.given);
  const { args } = parsed;
  if (toFill) return yield* offered(toFill.flag.complete, { context, args, typed: toFill.text });
  if (typed.startsWith("-") && !typed.includes("=") && !afterDashes) return flagNames(command, flags, parsed, typed);
  const first = beforeWords(command, flags, parsed, typed);
  const { words: more, ...rest2 } = yield* offered(command.verb?.complete, { context, args, typed });
  if (command.verb?.complete) return { ...rest2, words: [...first.words, ...more], about: first.about };
  return first.hasCommands ? { words: first.words, about: first.about } : { ...anyFile, ...first, files: true };
}

function* offered(complete: Completer | undefined, asked: Parameters<Completer>[0]): Task<Completion> {
  return complete ? { ...(yield* complete(asked)), about: nothing.about } : anyFile;
}

/** help COMMAND… */
function commandsBelow(command: Command, typed: string): Completion {
  const about = childrenOf(command, typed);
  return { words: [...about.keys()], about };
}

/** The commands below one, in the order of their names, with what each is for. */
function childrenOf(command: Command, typed: string): Map<string, string> {
  const found = [...command.children].map(([name, { verb, group }]) => [name, (verb ?? group)?.short ?? ""] as const);
  if (command.path.length === 0) found.push(["help", "Help about any command"]);
  return new Map(
    found
      .filter(([name]) => name.startsWith(typed) && command.children.get(name)?.verb?.hidden !== true)
      .sort(([a], [b]) => compareText(a, b)),
  );
}

/** The commands below this one, and the flags that it cannot do without: both come before its own words. */
function beforeWords(command: Command, flags: Flags, { args, given }: ParsedFlags, typed: string) {
  const ownGiven = [...given].some((name) => command.verb?.flags?.[name]);
  const hasCommands = command.children.size > 0 && args.length === 0 && !ownGiven;
  const about = hasCommands ? childrenOf(command, typed) : new Map<string, string>();
  for (const name of command.verb?.required ?? [])
    if (!given.has(name))
      for (const word of spellings(name, flags[name], typed)) about.set(word, flags[name]?.text ?? "");
  return { hasCommands, words: [...about.keys()], about };
}

/** The flags that may still be given: those that must be alone where there are some, else the global ones first. */
function flagNames(command: Command, flags: Flags, { given }: ParsedFlags, typed: string): Completion {
  const about = new Map<string, string>();
  const add = (names: readonly string[]) => {
    for (const name of names) {
      const flag = flags[name];
      if (name !== "help" && (!flag || flag.hidden || flag.deprecated !== undefined)) continue;
      if (given.has(name) && !["stringArray", "strings"].includes(flag?.type ?? "")) continue;
      for (const word of spellings(name, flag ?? { short: "h" }, typed))
        about.set(word, flag?.text ?? "help for kubectl");
    }
  };
  add((command.verb?.required ?? []).filter((name) => !given.has(name)));
  if (about.size > 0) return { words: [...about.keys()], about };
  const own = Object.keys(command.verb?.flags ?? {});
  const inherited = Object.keys(globalFlags).filter((name) => !own.includes(name));
  const isRoot = command.path.length === 0;
  if (!isRoot) add(inherited.sort(compareText));
  add([...(isRoot ? inherited : own), "help"].sort(compareText));
  return { words: [...about.keys()], about };
}

function flagIn(typed: string): string {
  const name = typed.slice(0, typed.indexOf("="));
  return name.startsWith("--") ? name.slice(2) : name.slice(-1);
}

function spellings(name: string, flag: Pick<Flag, "short"> | undefined, typed: string): readonly string[] {
  const all = flag?.short ? [`--${name}`, `-${flag.short}`] : [`--${name}`];
  return all.filter((word) => word.startsWith(typed));
}

function parsedOf(words: readonly string[], flags: Flags): ParsedFlags | string {
  try {
    return parseFlags(words, flags);
  } catch (problem) {
    if (problem instanceof FormatError) return problem.message;
    throw problem;
  }
}

interface ToFill {
  readonly flag: Flag;
  readonly text: string;
  /** The flag is the word before the cursor. */
  readonly previous: boolean;
}

/** The flag whose value is being typed: --output=j, -n ku, --context st */
function flagToFill(flags: Flags, before: readonly string[], typed: string): ToFill | "unknown" | undefined {
  const named = (word: string) => {
    const name = word.startsWith("--") ? word.slice(2) : shortNames(flags).get(word.slice(-1));
    return name === undefined ? undefined : flags[name];
  };
  if (typed.startsWith("-")) {
    const equals = typed.indexOf("=");
    if (equals < 0) return undefined;
    const flag = named(typed.slice(0, equals));
    return flag ? { flag, text: typed.slice(equals + 1), previous: false } : "unknown";
  }
  const last = before.at(-1) ?? "";
  if (!/^(--[^=]+|-[^-=][^=]*)$/.test(last)) return undefined;
  const flag = named(last);
  return flag && flag.bare === undefined ? { flag, text: typed, previous: true } : undefined;
}
