import { Errno, type Task } from "../../../machine/define.ts";
import { type Call, Fail, tool } from "../define.ts";
import { Input } from "../shared/input.ts";
import { filesOf } from "./files-of.ts";
import { makeMatcher } from "./matcher.ts";
import { Printer } from "./printer.ts";
import { type Limits, Search } from "./search.ts";

const options =
  "E,extended-regexp F,fixed-strings G,basic-regexp P,perl-regexp e,regexp= f,file= i,ignore-case y no-ignore-case w,word-regexp x,line-regexp z,null-data s,no-messages v,invert-match m,max-count= b,byte-offset n,line-number line-buffered H,with-filename h,no-filename label= o,only-matching q,quiet,silent binary-files= a,text I d,directories= D,devices= r,recursive R,dereference-recursive include= exclude= exclude-from= exclude-dir= L,files-without-match l,files-with-matches c,count Z,null B,before-context= A,after-context= C,context= 0 1 2 3 4 5 6 7 8 9 color? colour? group-separator= no-group-separator U,binary";

/** grep, with egrep and fgrep: GNU's. -P goes as far as RE2 does. */
export const grep = tool({
  name: "grep",
  also: ["egrep", "fgrep"],
  from: "(GNU grep) 3.8",
  usage: "[OPTION]... PATTERNS [FILE]...",
  options,
  trouble: 2,
  rewrite: (argv) => {
    const end = argv.indexOf("--");
    return argv.map((word, at) => (/^-\d+$/.test(word) && (end < 0 || at < end) ? `--context=${word.slice(1)}` : word));
  },
  misused: (name) => `Usage: ${name} [OPTION]... PATTERNS [FILE]...\nTry '${name} --help' for more information.`,
  *run(call) {
    const { patterns, operands } = yield* patternsOf(call);
    const syntax = call.last("E", "F", "G", "P") ?? (call.name === "egrep" ? "E" : call.name === "fgrep" ? "F" : "G");
    const warnings: string[] = [];
    const ignoreCase = ["i", "y"].includes(call.last("i", "y", "no-ignore-case") ?? "");
    const matcher = makeMatcher(patterns, {
      syntax: syntax === "E" ? "extended" : syntax === "F" ? "fixed" : syntax === "P" ? "perl" : "basic",
      ignoreCase,
      whole: call.has("x") ? "line" : call.has("w") ? "word" : undefined,
      warnings,
    });
    for (const warning of warnings) yield* call.warn(`warning: ${warning}`, 0);
    const recursive = call.has("r") || call.has("R") || call.value("d") === "recurse";
    const files = operands.length > 0 ? operands : recursive ? [""] : ["-"];
    const printer = new Printer(call.out, lookOf(call, files.length > 1 || recursive), matcher);
    const search = new Search(call, printer, matcher, patterns.length === 0, limitsOf(call));
    yield* searchAll(call, search, files, recursive);
    if (search.found && (call.status === 0 || call.has("q"))) return 0;
    return call.status > 0 ? 2 : 1;
  },
});

function* patternsOf(call: Call): Task<{ patterns: readonly string[]; operands: readonly string[] }> {
  const patterns: string[] = [];
  let given = false;
  for (const { key, value = "" } of call.given) {
    if (key !== "e" && key !== "f") continue;
    given = true;
    if (key === "e") patterns.push(...value.split("\n"));
    else patterns.push(...(yield* readPatterns(call, value)));
  }
  if (given) return { patterns, operands: call.operands };
  const [first, ...operands] = call.operands;
  if (first === undefined) {
    yield* call.proc.write(
      2,
      `Usage: ${call.name} [OPTION]... PATTERNS [FILE]...\nTry '${call.name} --help' for more information.\n`,
    );
    return call.proc.exit(2);
  }
  return { patterns: first.split("\n"), operands };
}

function* readPatterns(call: Call, name: string): Task<readonly string[]> {
  try {
    const input = call.open(name);
    const text = yield* input.rest();
    input.close();
    return text === "" ? [] : text.replace(/\n$/, "").split("\n");
  } catch (error) {
    if (error instanceof Errno) throw new Fail(`${name}: ${error.message}`, 2);
    throw error;
  }
}

function lookOf(call: Call, several: boolean) {
  const names = call.last("H", "h");
  const color =
    call.value(call.last("color", "colour") ?? "") ?? (call.has("color") || call.has("colour") ? "auto" : "never");
  if (!["always", "never", "auto", "yes", "no", "none", "force", "tty", "if-tty"].includes(color))
    throw new Fail(`invalid argument ‘${color}’ for ‘--color’`, 2);
  return {
    names: names ? names === "H" : several,
    lineNumbers: call.has("n"),
    byteOffsets: call.has("b"),
    color:
      ["always", "yes", "force"].includes(color) ||
      (["auto", "tty", "if-tty"].includes(color) && call.proc.isTerminal(1)),
    onlyMatching: call.has("o"),
    inverted: call.has("v"),
    nameEnd: call.has("Z") ? "\0" : undefined,
    lineEnd: call.has("z") ? "\0" : "\n",
    between:
      call.last("group-separator", "no-group-separator") === "no-group-separator"
        ? undefined
        : (call.value("group-separator") ?? "--"),
  };
}

function limitsOf(call: Call): Limits {
  const count = (key: string): number | undefined => {
    const value = call.value(key);
    if (value === undefined) return undefined;
    if (!/^\d+$/.test(value)) throw new Fail(`${value}: invalid context length argument`, 2);
    return Number(value);
  };
  const most = call.value("m");
  if (most !== undefined && !/^-?\d+$/.test(most)) throw new Fail("invalid max count", 2);
  const quiet = call.has("q") || call.has("l") || call.has("L");
  const show = call.has("q") ? "nothing" : (call.last("l", "L") ?? (call.has("c") ? "c" : "lines"));
  return {
    before: count("B") ?? count("C") ?? 0,
    after: count("A") ?? count("C") ?? 0,
    separators: call.has("A") || call.has("B") || call.has("C"),
    most:
      quiet && most === undefined
        ? 1
        : most === undefined || Number(most) < 0
          ? Number.POSITIVE_INFINITY
          : Number(most),
    inverted: call.has("v"),
    show,
    text: call.has("a") || call.value("binary-files") === "text",
    skipBinary: call.has("I") || call.value("binary-files") === "without-match",
  };
}

function* searchAll(call: Call, search: Search, files: readonly string[], recursive: boolean): Task {
  for (const file of files) {
    for (const name of filesOf(call, file, recursive)) {
      yield* searchOne(call, search, name, recursive && file !== name);
      if (search.found && call.has("q")) return;
    }
  }
}

function* searchOne(call: Call, search: Search, name: string, _below: boolean): Task {
  let input: Input | undefined;
  const silent = call.has("s");
  try {
    if (name === "-") input = new Input(call.proc, 0, call.out, call.has("z") ? "\0" : "\n");
    else {
      if (call.files.stat(call.path(name), call.who).kind === "directory") {
        if (call.value("d") !== "skip" && !silent) yield* call.warn(`${name}: Is a directory`, 2);
        else if (silent) call.status = 2;
        return;
      }
      input = call.open(name, call.has("z") ? "\0" : "\n");
    }
    yield* search.run(input, name === "-" ? (call.value("label") ?? "(standard input)") : name);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (silent) call.status = 2;
    else yield* call.warn(`${name}: ${error.message}`, 2);
  } finally {
    input?.close();
  }
}
