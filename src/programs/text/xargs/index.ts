import { Errno, type Task } from "../../../machine/define.ts";
import { openFd } from "../../../machine/open-path.ts";
import { type Call, Fail, tool } from "../define.ts";
import { Input } from "../shared/input.ts";
import { quoteName } from "../shared/quote.ts";
import { Commands } from "./commands.ts";
import { Words } from "./words.ts";

/** How long a command line may get (findutils' default), in characters. */
const LONGEST = 131_072;

/** xargs: runs a command with words from its input as arguments, as soon as there are enough of them. */
export const xargs = tool({
  name: "xargs",
  from: "(GNU findutils) 4.9.0",
  usage: "[OPTION]... COMMAND [INITIAL-ARGS]...",
  options:
    "+ 0,null a,arg-file= d,delimiter= E= e,eof? I= i,replace? L,max-lines= l? n,max-args= o,open-tty P,max-procs= p,interactive process-slot-var= r,no-run-if-empty s,max-chars= t,verbose x,exit show-limits",
  *run(call) {
    const command = call.operands.length === 0 ? ["echo"] : call.operands;
    const commands = new Commands(call, numberOf(call, "P", 1, 0));
    const file = call.value("a");
    const words = new Words(call, wordsInput(call, file));
    const marker = call.has("I") || call.has("i") ? (call.value("I") ?? call.value("i") ?? "{}") : undefined;
    if (marker !== undefined && call.last("I", "i", "L", "n") !== "n" && call.last("I", "i", "L", "n") !== "L")
      yield* replacing(call, commands, words, command, marker);
    else yield* appending(call, commands, words, command);
    yield* commands.finish();
    return commands.status;
  },
});

function wordsInput(call: Call, file: string | undefined): Input {
  const separator = call.has("0") ? "\0" : call.has("d") ? delimiterOf(call.value("d") ?? "") : "\n";
  try {
    return file === undefined ? new Input(call.proc, 0, call.out, separator) : call.open(file, separator);
  } catch (error) {
    if (error instanceof Errno) throw new Fail(`Cannot open input file ${quoteName(file ?? "")}: ${error.message}`);
    throw error;
  }
}

function delimiterOf(given: string): string {
  const known: Readonly<Record<string, string>> = { "\\n": "\n", "\\t": "\t", "\\0": "\0", "\\\\": "\\", "\\r": "\r" };
  const delimiter = known[given] ?? given;
  if ([...delimiter].length !== 1)
    throw new Fail(
      `Invalid input delimiter specification ${given}: the delimiter must be either a single character or an escape sequence starting with \\.`,
    );
  return delimiter;
}

function numberOf(call: Call, key: string, fallback: number, least = 1): number {
  const given = call.value(key);
  if (given === undefined) return fallback;
  if (!/^[-+]?\d+$/.test(given)) throw new Fail(`invalid number "${given}" for -${key} option`, 1, true);
  if (Number(given) < least) throw new Fail(`value ${given} for -${key} option should be >= ${least}`, 1, true);
  return Number(given);
}

/** -I: one command for each line, its text in the place of the marker. */
function* replacing(call: Call, commands: Commands, words: Words, command: readonly string[], marker: string): Task {
  for (let line = yield* words.line(); line !== undefined; line = yield* words.line()) {
    const text = line;
    yield* start(
      call,
      commands,
      command.map((word) => word.replaceAll(marker, () => text)),
    );
    if (commands.aborted) return;
  }
}

function* appending(call: Call, commands: Commands, words: Words, command: readonly string[]): Task {
  const lines = call.has("L") || call.has("l");
  const most = call.has("n") ? numberOf(call, "n", 1) : Number.POSITIVE_INFINITY;
  const mostLines = lines
    ? call.has("L")
      ? numberOf(call, "L", 1)
      : Number(call.value("l") ?? 1)
    : Number.POSITIVE_INFINITY;
  const longest = Math.min(numberOf(call, "s", LONGEST), LONGEST);
  const base = command.reduce((sum, word) => sum + word.length + 1, 0);
  let args: string[] = [];
  let size = base;
  let lineCount = 0;
  let ran = false;
  const run = function* (): Task {
    yield* start(call, commands, [...command, ...args]);
    ran = true;
    args = [];
    size = base;
    lineCount = 0;
  };
  for (let word = yield* words.next(); word !== undefined; word = yield* words.next()) {
    if (base + word.text.length + 1 > longest) throw new Fail("argument line too long");
    if (size + word.text.length + 1 > longest) yield* run();
    args.push(word.text);
    size += word.text.length + 1;
    if (word.endsLine) lineCount++;
    if (args.length >= most || lineCount >= mostLines) yield* run();
    if (commands.aborted) return;
  }
  if (args.length > 0 || (!ran && !call.has("r"))) yield* run();
}

/** -p asks on the terminal, because stdin holds the words. */
function* agreed(call: Call, argv: readonly string[]): Task<boolean> {
  yield* call.proc.write(2, argv.map(quoteName).join(" "));
  let fd: number;
  try {
    fd = openFd(call.proc, "/dev/tty", { read: true });
  } catch (error) {
    if (error instanceof Errno) throw new Fail(`failed to open /dev/tty for reading: ${error.message}`);
    throw error;
  }
  yield* call.proc.write(2, " ?...");
  const answer = yield* new Input(call.proc, fd).line();
  call.proc.close(fd);
  return /^[yY]/.test(answer ?? "");
}

function* start(call: Call, commands: Commands, argv: readonly string[]): Task {
  if (call.has("p")) {
    if (!(yield* agreed(call, argv))) return;
  } else if (call.has("t")) yield* call.proc.write(2, `${argv.map(quoteName).join(" ")}\n`);
  yield* commands.start(argv);
}
