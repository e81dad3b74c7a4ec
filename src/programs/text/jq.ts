import { Errno, type Task } from "../../machine/define.ts";
import { type Call, Fail, tool } from "./define.ts";
import { completeJson } from "./shared/complete-json.ts";
import { LINE_LIMIT } from "./shared/input.ts";

const switches: Readonly<Record<string, string>> = {
  a: "--ascii-output",
  C: "--color-output",
  M: "--monochrome-output",
  S: "--sort-keys",
  c: "--compact-output",
  e: "--exit-status",
  j: "--join-output",
  n: "--null-input",
  r: "--raw-output",
  R: "--raw-input",
  s: "--slurp",
};
const longSwitches = new Set([
  ...Object.values(switches),
  "--tab",
  "--seq",
  "--stream",
  "--raw-output0",
  "--unbuffered",
]);
const refused = new Set(["--args", "--jsonargs", "--slurpfile", "-L", "--stream-errors"]);

interface Line {
  /** As the real jq takes them. */
  readonly flags: string[];
  filter: string | undefined;
  readonly files: string[];
}

/** jq: the real one, asked for each batch of whole documents, so that a watch is shown as it comes. */
export const jq = tool({
  name: "jq",
  usage: "[OPTIONS] FILTER [FILES...]",
  trouble: 2,
  misused: () =>
    "Use jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://jqlang.github.io/jq",
  *run(call) {
    const line = yield* parse(call);
    if (line.flags.includes("--help")) {
      call.out.put("Usage:\tjq [OPTIONS] FILTER [FILES...]\n");
      return 0;
    }
    if (line.flags.includes("--version")) {
      call.out.put("jq-1.7.1\n");
      return 0;
    }
    if (line.filter === undefined) {
      if (call.proc.isTerminal(0)) throw call.misuse("missing filter");
      line.filter = ".";
    }
    return yield* new Run(call, line.flags, line.filter).all(line.files);
  },
});

function* parse(call: Call): Task<Line> {
  const line: Line = { flags: [], filter: undefined, files: [] };
  const words = [...call.operands];
  let fromFile: string | undefined;
  const take = (option: string, example: string) => {
    const word = words.shift();
    if (word === undefined) throw call.misuse(`${option} takes ${example}`);
    return word;
  };
  for (let word = words.shift(), plain = false; word !== undefined; word = words.shift()) {
    if (plain || !word.startsWith("-") || word === "-") {
      if (line.filter === undefined && fromFile === undefined) line.filter = word;
      else line.files.push(word);
    } else if (word === "--") plain = true;
    else if (refused.has(word)) throw new Fail(`${word} is not simulated`, 2);
    else if (longSwitches.has(word) || word === "--help" || word === "--version") line.flags.push(word);
    else if (word === "--indent") line.flags.push(word, take(word, "one parameter"));
    else if (word === "--arg" || word === "--argjson")
      line.flags.push(word, take(word, "two parameters"), take(word, "two parameters"));
    else if (word === "--rawfile")
      line.flags.push("--arg", take(word, "two parameters"), yield* textOf(call, take(word, "two parameters")));
    else if (word === "--from-file") fromFile = take(word, "a file");
    else if (word.startsWith("--")) throw call.misuse(`Unknown option ${word}`);
    else {
      for (const letter of word.slice(1)) {
        if (letter === "f") fromFile = take("-f", "a file");
        else if (letter === "h") line.flags.push("--help");
        else if (letter === "V") line.flags.push("--version");
        else if (switches[letter]) line.flags.push(switches[letter]);
        else throw call.misuse(`Unknown option ${word}`);
      }
    }
  }
  if (fromFile !== undefined) {
    if (line.filter !== undefined) line.files.unshift(line.filter);
    line.filter = yield* textOf(call, fromFile);
  }
  return line;
}

function* textOf(call: Call, name: string): Task<string> {
  try {
    const input = call.open(name);
    const text = yield* input.rest();
    input.close();
    return text;
  } catch (error) {
    if (error instanceof Errno) throw new Fail(`error: Could not open ${name}: ${error.message}`, 2);
    throw error;
  }
}

class Run {
  private status = 0;
  private lastOutput: string | undefined;
  private readonly call: Call;
  private readonly flags: readonly string[];
  private readonly filter: string;

  constructor(call: Call, flags: readonly string[], filter: string) {
    this.call = call;
    this.flags = flags;
    this.filter = filter;
  }

  *all(files: readonly string[]): Task<number> {
    const has = (...flags: string[]) => flags.some((flag) => this.flags.includes(flag));
    // Whole input at once where one document may need the next.
    const together =
      has("--slurp", "--null-input", "--raw-input", "--seq", "--stream") || /\binputs?\b|\blimit\b/.test(this.filter);
    if (files.length > 0 || together)
      yield* this.ask(has("--null-input") && !/\binputs?\b/.test(this.filter) ? "" : yield* this.gather(files));
    else yield* this.stream();
    if (this.status !== 0 || !has("--exit-status")) return this.status;
    if (this.lastOutput === undefined) return 4;
    return this.lastOutput === "null" || this.lastOutput === "false" ? 1 : 0;
  }

  private *gather(files: readonly string[]): Task<string> {
    let text = "";
    for (const name of files.length === 0 ? ["-"] : files) {
      try {
        const input = this.call.open(name);
        text += yield* input.rest();
        input.close();
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        yield* this.call.warn(`error: Could not open ${name}: ${error.message}`, 2);
        this.status = 2;
      }
    }
    return text;
  }

  private *stream(): Task {
    let text = "";
    let asked = false;
    for (let chunk = yield* this.call.proc.read(0); chunk !== undefined; chunk = yield* this.call.proc.read(0)) {
      text += chunk;
      if (text.length > LINE_LIMIT) throw new Fail("error: cannot allocate memory", 2);
      const end = completeJson(text);
      if (end === 0) continue;
      yield* this.ask(text.slice(0, end));
      asked = true;
      text = text.slice(end);
      if (this.status === 2 || this.status === 3) return;
    }
    if (text.trim() !== "" || !asked) yield* this.ask(text);
  }

  private *ask(input: string): Task {
    const { call } = this;
    const answer = yield* call.proc.hostCall("jq", { flags: this.flags, filter: this.filter, input });
    call.out.put(answer.stdout);
    yield* call.out.flush();
    if (answer.stderr !== "") yield* call.proc.write(2, answer.stderr);
    const last = answer.stdout.trimEnd().split("\n").at(-1);
    if (answer.stdout !== "") this.lastOutput = last;
    this.status = Math.max(this.status, statusOf(answer.stderr, answer.status));
  }
}

/** jq's statuses: 3 for a wrong filter, 2 for input that is no JSON, 5 for an error in the run. */
function statusOf(stderr: string, given: number): number {
  if (/compile errors?$/m.test(stderr)) return 3;
  if (/^jq: error \(at .*\): .*(?:Invalid|Unfinished|parse)|^(?:jq: )?parse error/m.test(stderr)) return 2;
  if (/^jq: error/m.test(stderr)) return 5;
  return given === 1 || given === 4 ? 0 : given;
}
