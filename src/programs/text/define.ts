import { type Credentials, Errno, type Program, type Task } from "../../machine/define.ts";
import type { Files } from "../../machine/define-files.ts";
import { openFd, pathOf } from "../../machine/open-path.ts";
import type { Process } from "../../machine/process.ts";
import { compileOptions, type Given, OptionError, type OptionTable, parseOptions } from "./options.ts";
import { RegexError } from "./regex/define.ts";
import { Fail } from "./shared/fail.ts";
import { Input } from "./shared/input.ts";
import { Output } from "./shared/output.ts";
import { quoteName } from "./shared/quote.ts";

export { Fail } from "./shared/fail.ts";

/** A text tool as declared: its options as options.ts reads them, and what it does with them. */
export interface Tool {
  readonly name: string;
  readonly also?: readonly string[];
  readonly folder?: string;
  /** The package and version that `--version` names. */
  readonly from?: string;
  /** What stands after the name in the usage line. */
  readonly usage: string;
  /** Without options the words are taken as they are (echo, test). */
  readonly options?: string;
  /** The status of a wrong command line; 1 where nothing is said. */
  readonly trouble?: number;
  /** Takes -5 and the like apart before the options are parsed. */
  rewrite?(argv: readonly string[]): readonly string[];
  /** What is printed after a wrong option instead of "Try …". */
  misused?(name: string): string;
  run(call: Call): Task<number | undefined>;
}

/** A text tool being run: what was given, where it reads and writes, and how it will end. */
export class Call {
  readonly proc: Process;
  readonly name: string;
  readonly given: readonly Given[];
  readonly operands: readonly string[];
  readonly out: Output;
  /** The status at the end, where the program returns none. */
  status = 0;

  constructor(proc: Process, name: string, given: readonly Given[], operands: readonly string[], out: Output) {
    this.proc = proc;
    this.name = name;
    this.given = given;
    this.operands = operands;
    this.out = out;
  }

  get files(): Files {
    return this.proc.machine.files;
  }

  get who(): Credentials {
    return this.proc.credentials;
  }

  has(key: string): boolean {
    return this.given.some((option) => option.key === key);
  }

  /** The value given last. */
  value(key: string): string | undefined {
    return this.given.findLast((option) => option.key === key)?.value;
  }

  /** Which of these options was given last. */
  last(...keys: string[]): string | undefined {
    return this.given.findLast((option) => keys.includes(option.key))?.key;
  }

  path(name: string): string {
    return pathOf(this.proc, name);
  }

  /** A wrong command line, to be thrown: the message, "Try …", and the status for trouble. */
  misuse(message: string): Fail {
    return new Fail(message, undefined, true);
  }

  /** A message on stderr with the program's name before it; sets the status. */
  *warn(message: string, status = 1): Task {
    this.status = Math.max(this.status, status);
    yield* this.out.flush();
    yield* this.proc.write(2, `${this.name}: ${message}\n`);
  }

  /** Opens a file on a new descriptor, or gives 0 for "-". */
  openFd(name: string): number {
    return name === "-" ? 0 : openFd(this.proc, name, { read: true });
  }

  /** Opens a file to read lines from; "-" is stdin. Throws Errno. */
  open(name: string, separator = "\n"): Input {
    return new Input(this.proc, this.openFd(name), this.out, separator);
  }

  /** Opens a file without which the program cannot go on. */
  openOrFail(name: string, separator = "\n"): Input {
    try {
      return this.open(name, separator);
    } catch (error) {
      if (error instanceof Errno) throw new Fail(sayPlainly(name, error));
      throw error;
    }
  }

  /**
   * Runs `use` for each file (stdin without any), with a message for those that cannot be read. A tool that says it
   * otherwise gives `says`.
   */
  *eachFile(
    names: readonly string[],
    use: (input: Input, name: string) => Task,
    separator = "\n",
    says: (name: string, error: Errno, opened: boolean) => string = sayPlainly,
  ): Task {
    for (const name of names.length === 0 ? ["-"] : names) {
      let input: Input | undefined;
      try {
        input = this.open(name, separator);
        yield* use(input, name);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        yield* this.warn(says(name, error, input !== undefined));
      } finally {
        input?.close();
      }
    }
  }
}

/** "name: reason". */
export function sayPlainly(name: string, error: Errno): string {
  return `${quoteName(name)}: ${error.message}`;
}

/** Makes a program of a declared tool. */
export function tool(declared: Tool): Program {
  let table: OptionTable | undefined;
  return {
    name: declared.name,
    ...(declared.also ? { also: declared.also } : {}),
    ...(declared.folder ? { folder: declared.folder } : {}),
    *run(proc, argv) {
      if (declared.options !== undefined) table ??= compileOptions(`${declared.options} help version`);
      const called = proc.argv[0]?.split("/").at(-1) ?? "";
      const name = declared.also?.includes(called) ? called : declared.name;
      return yield* runTool(declared, table, name, proc, argv);
    },
  };
}

function* runTool(
  declared: Tool,
  table: OptionTable | undefined,
  name: string,
  proc: Process,
  argv: readonly string[],
): Task<number> {
  const out = new Output(proc, 1);
  const trouble = declared.trouble ?? 1;
  try {
    const line = table ? parseOptions(table, declared.rewrite?.(argv) ?? argv) : { given: [], operands: argv };
    const call = new Call(proc, name, line.given, line.operands, out);
    const asked = call.last("help", "version");
    if (asked) {
      yield* proc.write(
        1,
        asked === "help" ? helpText(declared, name) : `${name} ${declared.from ?? "(GNU coreutils) 9.1"}\n`,
      );
      return 0;
    }
    const status = yield* declared.run(call);
    yield* out.flush();
    return status ?? call.status;
  } catch (error) {
    if (error instanceof OptionError) return yield* misuse(declared, name, proc, error.message, trouble);
    if (error instanceof RegexError) return yield* failed(declared, name, proc, out, new Fail(error.message), trouble);
    if (error instanceof Fail) return yield* failed(declared, name, proc, out, error, trouble);
    if (!(error instanceof Errno)) throw error;
    yield* proc.write(2, `${name}: ${error.path === undefined ? "" : `${error.path}: `}${error.message}\n`);
    return trouble;
  }
}

function* failed(declared: Tool, name: string, proc: Process, out: Output, error: Fail, trouble: number): Task<number> {
  const status = error.status ?? trouble;
  if (error.message.startsWith("write error")) {
    yield* proc.write(2, `${name}: ${error.message}\n`);
    return status;
  }
  yield* out.flush();
  if (error.tryHelp) return yield* misuse(declared, name, proc, error.message, status);
  yield* proc.write(2, `${name}: ${error.message}\n`);
  return status;
}

function* misuse(declared: Tool, name: string, proc: Process, message: string, status: number): Task<number> {
  const after = declared.misused?.(name) ?? `Try '${name} --help' for more information.`;
  yield* proc.write(2, `${name}: ${message}\n${after}\n`);
  return status;
}

function helpText(declared: Tool, name: string): string {
  const options = (declared.options ?? "").split(" ").filter((item) => item !== "" && item !== "+");
  const lines = options.map((item) => {
    const value = item.endsWith("=") ? " VALUE" : item.endsWith("?") ? "[=VALUE]" : "";
    const names = item.replace(/[=?]$/, "").split(",");
    return `  ${names.map((one) => (one.length === 1 ? `-${one}` : `--${one}`)).join(", ")}${value}`;
  });
  return `Usage: ${name} ${declared.usage}\n${lines.length > 0 ? `Options that are simulated:\n${lines.join("\n")}\n` : ""}`;
}
