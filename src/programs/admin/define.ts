import { Exit, Interrupted, type Signal, type Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";

/** Options and operands of a command line. */
export interface ParsedArguments {
  /** Values by option name; an option without a value has "". Given twice, the last counts; `all` has every one. */
  readonly options: ReadonlyMap<string, string>;
  readonly all: readonly (readonly [name: string, value: string])[];
  readonly operands: readonly string[];
  /** What is wrong with it, in getopt's words without the program's name. */
  readonly problem?: string;
}

/**
 * Parses as getopt_long(3) does. `known` lists options by blanks: `u,unit=` takes a value, `lines,n?` an optional one, and
 * a name found by its first spelling. A leading + ends options at the first operand.
 */
export function parseArguments(argv: readonly string[], known: string): ParsedArguments {
  const spellings = new Map<string, { name: string; value: "" | "=" | "?" }>();
  const inOrder = known.startsWith("+");
  for (const item of known.replace(/^\+ ?/, "").split(" ")) {
    const value = item.endsWith("=") ? "=" : item.endsWith("?") ? "?" : "";
    const names = (value ? item.slice(0, -1) : item).split(",");
    for (const name of names) spellings.set(name, { name: names[0] ?? "", value });
  }
  const all: [string, string][] = [];
  const operands: string[] = [];
  const done = (problem?: string): ParsedArguments => ({
    options: new Map(all),
    all,
    operands,
    ...(problem !== undefined && { problem }),
  });
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--") {
      operands.push(...words);
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      operands.push(word);
      if (!inOrder) continue;
      operands.push(...words);
      break;
    }
    const problem = word.startsWith("--")
      ? takeLong(word, words, spellings, all)
      : takeShort(word, words, spellings, all);
    if (problem !== undefined) return done(problem);
  }
  return done();
}

type Spellings = ReadonlyMap<string, { name: string; value: "" | "=" | "?" }>;

function takeLong(word: string, words: string[], spellings: Spellings, all: [string, string][]): string | undefined {
  const equals = word.indexOf("=");
  const spelled = word.slice(2, equals < 0 ? undefined : equals);
  const fits = [...spellings].filter(([name]) => name.length > 1 && name.startsWith(spelled));
  const option = spellings.get(spelled) ?? (fits.length === 1 ? fits[0]?.[1] : undefined);
  if (!option || spelled.length < 2)
    return fits.length > 1 ? `option '--${spelled}' is ambiguous` : `unrecognized option '--${spelled}'`;
  if (equals >= 0) {
    if (option.value === "") return `option '--${spelled}' doesn't allow an argument`;
    all.push([option.name, word.slice(equals + 1)]);
  } else if (option.value === "=") {
    const value = words.shift();
    if (value === undefined) return `option '--${spelled}' requires an argument`;
    all.push([option.name, value]);
  } else all.push([option.name, ""]);
  return undefined;
}

function takeShort(word: string, words: string[], spellings: Spellings, all: [string, string][]): string | undefined {
  for (let i = 1; i < word.length; i++) {
    const letter = word[i] ?? "";
    const option = spellings.get(letter);
    if (!option) return `invalid option -- '${letter}'`;
    const rest = word.slice(i + 1);
    if (option.value === "") all.push([option.name, ""]);
    else if (option.value === "?" || rest !== "") {
      all.push([option.name, rest]);
      return undefined;
    } else {
      const value = words.shift();
      if (value === undefined) return `option requires an argument -- '${letter}'`;
      all.push([option.name, value]);
      return undefined;
    }
  }
  return undefined;
}

/** Waits for a child that runs in the same job, as sudo does: its signals are the child's, its end is the child's. */
export function* standFor(proc: Process, child: Process): Task<number> {
  const relayed: readonly Signal[] = ["TERM", "HUP", "USR1", "USR2"];
  for (const signal of relayed) proc.on(signal, (sent) => child.signal(sent));
  for (const signal of ["INT", "QUIT"] as const) proc.on(signal, () => {});
  for (;;) {
    try {
      const status = yield* proc.waitFor(child);
      if (child.signalled) throw new Exit(status, child.signalled);
      return status;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    }
  }
}

/** Reads a line from the terminal without showing it, after a prompt; undefined where there is no terminal. */
export function* askPassword(proc: Process, prompt: string): Task<string | undefined> {
  const { terminal } = proc;
  if (!terminal) return undefined;
  const fd = 255;
  proc.attach(fd, terminal.open());
  const { echo } = terminal;
  try {
    terminal.echo = false;
    yield* proc.write(fd, prompt);
    const line = yield* proc.read(fd);
    yield* proc.write(fd, "\n");
    return line?.replace(/\n$/, "");
  } finally {
    terminal.echo = echo;
    proc.close(fd);
  }
}

/** Pads the cells of rows to columns, as systemctl's and ps' tables are. The last column is not padded. */
export function columns(rows: readonly (readonly string[])[], gap = " "): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows.map((row) => row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join(gap));
}
