/** One option as it was given: its first name in the declaration, and its value where it takes one. */
export interface Given {
  readonly key: string;
  readonly value: string | undefined;
}

/** What a command line holds: options in their order, and operands. */
export interface ParsedLine {
  readonly given: readonly Given[];
  readonly operands: readonly string[];
}

interface Option {
  key: string;
  shorts: string[];
  longs: string[];
  argument: "none" | "required" | "optional";
}

/** Options of a program, compiled from their declaration. */
export interface OptionTable {
  readonly short: ReadonlyMap<string, Option>;
  readonly long: ReadonlyMap<string, Option>;
  /** Options end at the first operand (a leading + in getopt's string). */
  readonly inOrder: boolean;
}

/** A command line that getopt_long(3) refuses; the message is glibc's, without the program's name. */
export class OptionError extends Error {}

/**
 * Compiles a declaration: items parted by blanks, each a list of names parted by commas, with = where a value is
 * required and ? where it is optional: "n,lines= i,in-place? E,r,regexp-extended". A lone + ends options at the first operand.
 */
export function compileOptions(declaration: string): OptionTable {
  const short = new Map<string, Option>();
  const long = new Map<string, Option>();
  let inOrder = false;
  for (const item of declaration.split(" ")) {
    if (item === "") continue;
    if (item === "+") {
      inOrder = true;
      continue;
    }
    const last = item.at(-1);
    const names = (last === "=" || last === "?" ? item.slice(0, -1) : item).split(",");
    const option: Option = {
      key: names[0] ?? "",
      shorts: names.filter((name) => [...name].length === 1),
      longs: names.filter((name) => name.length > 1),
      argument: last === "=" ? "required" : last === "?" ? "optional" : "none",
    };
    for (const name of option.shorts) short.set(name, option);
    for (const name of option.longs) long.set(name, option);
  }
  return { short, long, inOrder };
}

/** Parses as getopt_long(3) does: operands may stand between options, long names may be abbreviated, -- ends options. */
export function parseOptions(table: OptionTable, argv: readonly string[]): ParsedLine {
  const given: Given[] = [];
  const operands: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? "";
    if (word === "--") {
      operands.push(...argv.slice(i + 1));
      break;
    }
    if (word.startsWith("--")) i += takeLong(table, word, argv[i + 1], given);
    else if (word.startsWith("-") && word !== "-") i += takeShorts(table, word, argv[i + 1], given);
    else if (table.inOrder) {
      operands.push(...argv.slice(i));
      break;
    } else operands.push(word);
  }
  return { given, operands };
}

/** Returns how many words after this one were used up. */
function takeShorts(table: OptionTable, word: string, next: string | undefined, given: Given[]): number {
  const letters = [...word.slice(1)];
  for (let k = 0; k < letters.length; k++) {
    const letter = letters[k] ?? "";
    const option = table.short.get(letter);
    if (!option) throw new OptionError(`invalid option -- '${letter}'`);
    if (option.argument === "none") {
      given.push({ key: option.key, value: undefined });
      continue;
    }
    const rest = letters.slice(k + 1).join("");
    if (rest !== "" || option.argument === "optional") {
      given.push({ key: option.key, value: rest === "" ? undefined : rest });
      return 0;
    }
    if (next === undefined) throw new OptionError(`option requires an argument -- '${letter}'`);
    given.push({ key: option.key, value: next });
    return 1;
  }
  return 0;
}

function takeLong(table: OptionTable, word: string, next: string | undefined, given: Given[]): number {
  const equals = word.indexOf("=");
  const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
  const value = equals < 0 ? undefined : word.slice(equals + 1);
  const [full, option] = findLong(table, name, word);
  if (option.argument === "none") {
    if (value !== undefined) throw new OptionError(`option '--${full}' doesn't allow an argument`);
    given.push({ key: option.key, value: undefined });
    return 0;
  }
  if (value !== undefined || option.argument === "optional") {
    given.push({ key: option.key, value });
    return 0;
  }
  if (next === undefined) throw new OptionError(`option '--${full}' requires an argument`);
  given.push({ key: option.key, value: next });
  return 1;
}

function findLong(table: OptionTable, name: string, word: string): [string, Option] {
  const exact = table.long.get(name);
  if (exact) return [name, exact];
  const matching = [...table.long].filter(([full]) => full.startsWith(name));
  const [first] = matching;
  if (!first) throw new OptionError(`unrecognized option '${word}'`);
  if (matching.some(([, option]) => option !== first[1])) {
    const names = matching.map(([full]) => `'--${full}'`).join(" ");
    throw new OptionError(`option '${word}' is ambiguous; possibilities: ${names}`);
  }
  return first;
}
