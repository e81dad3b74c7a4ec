import { FormatError } from "../../base/format-error.ts";
import { goQuote } from "../../base/go-text.ts";
import type { Flag, Flags } from "./define.ts";

/** A command line, read by a table of flags. */
export interface ParsedFlags {
  readonly values: Readonly<Record<string, unknown>>;
  readonly given: ReadonlySet<string>;
  readonly args: readonly string[];
  readonly dash: number | undefined;
  /** --help or -h was given. */
  readonly help: boolean;
  /** What is said of deprecated flags. */
  readonly advice: readonly string[];
  /** The flags as they were given, each as --name=value. */
  readonly spelled: readonly string[];
}

interface Reading {
  readonly flags: Flags;
  readonly shorts: ReadonlyMap<string, string>;
  readonly values: Record<string, unknown>;
  readonly given: Set<string>;
  readonly advice: string[];
  readonly spelled: string[];
  help: boolean;
  words: readonly string[];
  at: number;
}

const shortTables = new WeakMap<Flags, ReadonlyMap<string, string>>();

/** The one-letter names of a table of flags. */
export function shortNames(flags: Flags): ReadonlyMap<string, string> {
  let table = shortTables.get(flags);
  if (!table) {
    table = new Map(Object.entries(flags).flatMap(([name, { short }]) => (short ? [[short, name] as const] : [])));
    shortTables.set(flags, table);
  }
  return table;
}

/** Dashes and underscores are the same in flag names (WordSepNormalizeFunc). */
function normalized(name: string): string {
  return name.includes("_") ? name.replaceAll("_", "-") : name;
}

/**
 * Reads a command line as pflag does: flags anywhere, until `--`. A faulty one is a FormatError in its words.
 */
export function parseFlags(words: readonly string[], flags: Flags): ParsedFlags {
  const values: Record<string, unknown> = {};
  for (const name in flags) values[name] = flags[name]?.initial;
  const reading: Reading = {
    flags,
    shorts: shortNames(flags),
    values,
    given: new Set(),
    advice: [],
    spelled: [],
    help: false,
    words,
    at: 0,
  };
  const args: string[] = [];
  let dash: number | undefined;
  while (reading.at < words.length) {
    const word = words[reading.at++] ?? "";
    if (!word.startsWith("-") || word === "-") args.push(word);
    else if (word === "--") {
      dash = args.length;
      args.push(...words.slice(reading.at));
      break;
    } else if (word.startsWith("--")) readLong(reading, word);
    else readShorts(reading, word.slice(1), word.slice(1));
  }
  const { given, help, advice, spelled } = reading;
  return { values, given, args, dash, help, advice, spelled };
}

function readLong(reading: Reading, word: string): void {
  const text = word.slice(2);
  if (text.startsWith("-") || text.startsWith("=")) throw new FormatError(`bad flag syntax: ${word}`);
  const equals = text.indexOf("=");
  const name = normalized(equals < 0 ? text : text.slice(0, equals));
  const flag = Object.hasOwn(reading.flags, name) ? reading.flags[name] : undefined;
  if (!flag) {
    if (name !== "help") throw new FormatError(`unknown flag: --${name}`);
    reading.help = equals < 0 || text.slice(equals + 1) !== "false";
    return;
  }
  if (equals >= 0) give(reading, name, flag, text.slice(equals + 1));
  else if (flag.bare !== undefined) give(reading, name, flag, flag.bare);
  else if (reading.at < reading.words.length) give(reading, name, flag, reading.words[reading.at++] ?? "");
  else throw new FormatError(`flag needs an argument: --${name}`);
}

function readShorts(reading: Reading, shorts: string, all: string): void {
  const letter = shorts[0] ?? "";
  const rest = shorts.slice(1);
  const name = reading.shorts.get(letter);
  const flag = name === undefined ? undefined : reading.flags[name];
  if (name === undefined || !flag) {
    if (letter !== "h") throw new FormatError(`unknown shorthand flag: '${letter}' in -${shorts}`);
    if (rest.startsWith("=")) reading.help = rest !== "=false";
    else {
      reading.help = true;
      if (rest !== "") readShorts(reading, rest, all);
    }
    return;
  }
  if (rest.startsWith("=") && rest.length > 1) give(reading, name, flag, rest.slice(1));
  else if (flag.bare !== undefined) {
    give(reading, name, flag, flag.bare);
    if (rest !== "") readShorts(reading, rest, all);
  } else if (rest !== "") give(reading, name, flag, rest);
  else if (reading.at < reading.words.length) give(reading, name, flag, reading.words[reading.at++] ?? "");
  else throw new FormatError(`flag needs an argument: '${letter}' in -${shorts}`);
}

function give(reading: Reading, name: string, flag: Flag, text: string): void {
  try {
    reading.values[name] = flag.set(text, reading.values[name], !reading.given.has(name));
  } catch (problem) {
    if (!(problem instanceof FormatError)) throw problem;
    const shown = flag.short === undefined ? `--${name}` : `-${flag.short}, --${name}`;
    throw new FormatError(`invalid argument ${goQuote(text)} for "${shown}" flag: ${problem.message}`);
  }
  if (flag.deprecated !== undefined && !reading.given.has(name))
    reading.advice.push(`Flag --${name} has been deprecated, ${flag.deprecated}`);
  reading.given.add(name);
  reading.spelled.push(`--${name}=${text}`);
}
