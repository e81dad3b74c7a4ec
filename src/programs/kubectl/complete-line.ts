import { FormatError } from "../../base/format-error.ts";
import type { Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";
import { type Command, findCommand, flagsOf, globalsOf } from "./command-tree.ts";
import { namesOf, resourceWords } from "./complete-resources.ts";
import { Context } from "./context.ts";
import type { Flag, Flags, Input } from "./define.ts";
import { faultText } from "./fault-text.ts";
import { configNames } from "./kubeconfig/names.ts";
import { type ParsedFlags, parseFlags, shortNames } from "./parse-flags.ts";

export interface Completion {
  readonly words: readonly string[];
  /** cobra's ShellCompDirective: 0 lets the shell complete files, 4 does not. */
  readonly directive: number;
  readonly name: string;
}

const noFiles = { directive: 4, name: "ShellCompDirectiveNoFileComp" };
const files = { words: [], directive: 0, name: "ShellCompDirectiveDefault" };

/** What may stand at the cursor of a command line (without kubectl itself); the last word is being completed. */
export function* completeLine(proc: Process, root: Command, words: readonly string[]): Task<Completion> {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const { command, words: rest } = findCommand(root, before);
  const flags = flagsOf(command.verb);
  const valued = before.includes("--") ? undefined : flagToFill(flags, rest, typed);
  const parsed = parsedOf(valued?.previous ? rest.slice(0, -1) : rest, flags);
  if (!parsed) return files;
  const globals = globalsOf(command.verb, parsed);
  const context = new Context(proc, "kubectl", globals.values, globals.given);
  if (valued) return yield* flagValues(context, valued.name, valued.flag, valued.text, parsed);
  if (typed.startsWith("-") && !before.includes("--")) return fitting(flagWords(flags, parsed), typed);
  const children = [...command.children.values()].filter(({ verb }) => !verb?.hidden);
  if (children.length > 0 && parsed.args.length === 0) {
    const names = children.map(({ path }) => path.at(-1) ?? "");
    const found = fitting(names, typed);
    if (found.words.length > 0 || !command.verb?.complete) return found;
  }
  const { verb } = command;
  if (!verb?.complete) return files;
  const input: Input = { flags: parsed.values, given: parsed.given, args: parsed.args, dash: parsed.dash };
  const found = yield* asked(context, function* () {
    return typed.includes("/") && !typed.startsWith("/")
      ? yield* resourceWords(context, parsed.args, typed)
      : ((yield* verb.complete?.(context, parsed.args, input) ?? none()) as readonly string[]);
  });
  return fitting(found, typed);
}

function* none(): Task<readonly string[]> {
  return [];
}

/** A fault while words are looked for is no words. */
function* asked(_context: Context, find: () => Task<readonly string[]>): Task<readonly string[]> {
  try {
    return yield* find();
  } catch (fault) {
    if (faultText(fault)) return [];
    throw fault;
  }
}

function fitting(words: readonly string[], typed: string): Completion {
  return { words: words.filter((word) => word.startsWith(typed)), ...noFiles };
}

function parsedOf(words: readonly string[], flags: Flags): ParsedFlags | undefined {
  try {
    return parseFlags(words, flags);
  } catch (problem) {
    if (problem instanceof FormatError) return undefined;
    throw problem;
  }
}

interface ToFill {
  readonly name: string;
  readonly flag: Flag;
  readonly text: string;
  /** The flag is the word before the cursor. */
  readonly previous: boolean;
}

/** The flag whose value is being typed: --output=j, -n ku, --context st */
function flagToFill(flags: Flags, before: readonly string[], typed: string): ToFill | undefined {
  const inline = /^--([^=]+)=(.*)$/.exec(typed);
  if (inline?.[1] !== undefined) {
    const flag = flags[inline[1]];
    return flag && { name: inline[1], flag, text: inline[2] ?? "", previous: false };
  }
  const last = before.at(-1) ?? "";
  const name = /^--[^=]+$/.test(last)
    ? last.slice(2)
    : /^-[^-=]$/.test(last)
      ? shortNames(flags).get(last.slice(1))
      : undefined;
  const flag = name === undefined ? undefined : flags[name];
  return name !== undefined && flag && flag.bare === undefined
    ? { name, flag, text: typed, previous: true }
    : undefined;
}

function* flagValues(context: Context, name: string, flag: Flag, text: string, parsed: ParsedFlags): Task<Completion> {
  if (flag.choices) return fitting(flag.choices, text);
  const sections = { cluster: "clusters", context: "contexts", user: "users" } as const;
  const found = yield* asked(context, function* () {
    if (name === "namespace") return yield* namesOf(context, "namespaces");
    if (name in sections) return configNames(context, sections[name as keyof typeof sections]);
    if (name === "container") return yield* containersOf(context, parsed.args);
    return [];
  });
  return found.length > 0 ? fitting(found, text) : files;
}

/** The containers of the pod that the command line names. */
function* containersOf(context: Context, [first = "", second]: readonly string[]): Task<readonly string[]> {
  const name = second ?? first.slice(first.indexOf("/") + 1);
  const resource = (yield* context.client.mapper()).resourceFor("pods");
  const pod = yield* context.client.get({ resource, namespace: context.namespace, name });
  const { containers = [] } = (pod.spec ?? {}) as { readonly containers?: readonly { readonly name: string }[] };
  return containers.map((container) => container.name);
}

function flagWords(flags: Flags, { given }: ParsedFlags): readonly string[] {
  const names = Object.keys(flags)
    .sort()
    .filter((name) => !flags[name]?.hidden);
  return names
    .filter((name) => !given.has(name) || ["stringArray", "strings"].includes(flags[name]?.type ?? ""))
    .map((name) => (flags[name]?.bare === undefined ? `--${name}=` : `--${name}`));
}
