import { formatDate } from "../../../base/format-time.ts";
import { Errno, type Task } from "../../../machine/define.ts";
import { type Call, Fail, tool } from "../define.ts";
import { globMatches } from "../shared/glob.ts";
import { baseName, joinPath } from "../shared/paths.ts";
import { quoteName } from "../shared/quote.ts";
import { changesBetween } from "./changes.ts";
import type { Lines } from "./define.ts";
import { normalDiff } from "./normal.ts";
import { sideBySide } from "./side-by-side.ts";
import { unifiedDiff } from "./unified.ts";

/** diff: GNU's, in its normal, unified and side-by-side forms. */
export const diff = tool({
  name: "diff",
  from: "(GNU diffutils) 3.8",
  usage: "[OPTION]... FILES",
  options:
    "normal q,brief s,report-identical-files u U,unified= y,side-by-side W,width= left-column suppress-common-lines p,show-c-function label= L= t,expand-tabs r,recursive no-dereference N,new-file x,exclude= i,ignore-case E,ignore-tab-expansion Z,ignore-trailing-space b,ignore-space-change w,ignore-all-space B,ignore-blank-lines a,text d,minimal color? c e n",
  trouble: 2,
  misused: (name) => `${name}: Try '${name} --help' for more information.`,
  rewrite: (argv) => argv.map((word) => (word === "--unified" ? "-u" : word)),
  *run(call) {
    const unknown = call.last("c", "e", "n");
    if (unknown) throw new Fail(`the output format of -${unknown} is not simulated`);
    contextOf(call);
    const [left, right, extra] = call.operands;
    if (left === undefined) throw call.misuse("missing operand after 'diff'");
    if (right === undefined) throw call.misuse(`missing operand after '${left}'`);
    if (extra !== undefined) throw call.misuse(`extra operand '${extra}'`);
    const [leftFolder, rightFolder] = [isFolder(call, left), isFolder(call, right)];
    if (leftFolder && rightFolder) return Math.max(call.status, yield* folders(call, left, right));
    const a = leftFolder && right !== "-" ? joinPath(left, baseName(right)) : left;
    const b = rightFolder && left !== "-" ? joinPath(right, baseName(left)) : right;
    return yield* files(call, a, b, "");
  },
});

function isFolder(call: Call, name: string): boolean {
  return name !== "-" && call.files.find(call.path(name), call.who)?.kind === "directory";
}

/** Compares two files; `title` comes before what is found. Status 0, 1 or 2. */
function* files(call: Call, left: string, right: string, title: string): Task<number> {
  const a = yield* read(call, left, 0);
  const b = yield* read(call, right, 1);
  if (!a || !b) return 2;
  const [old, now] = [a.lines, b.lines];
  if (a.text === b.text) {
    if (call.has("s")) call.out.put(`Files ${left} and ${right} are identical\n`);
    if (call.has("y") && !call.has("q")) call.out.put(sideBySide(call, [], old, now));
    return 0;
  }
  if (!call.has("a") && (isBinary(a.text) || isBinary(b.text))) {
    call.out.put(call.has("q") ? `Files ${left} and ${right} differ\n` : `Binary files ${left} and ${right} differ\n`);
    return call.has("q") ? 1 : 2;
  }
  const changes = yield* changesBetween(call, old, now);
  const differ = changes.some((change) => !change.ignorable);
  if (call.has("q")) {
    if (differ) call.out.put(`Files ${left} and ${right} differ\n`);
    return differ ? 1 : 0;
  }
  let text: string;
  if (call.has("y")) text = sideBySide(call, changes, old, now);
  else if (call.has("u") || call.has("U")) text = unifiedDiff(changes, old, now, contextOf(call));
  else text = normalDiff(changes, old, now);
  if (text !== "" && differ) call.out.put(title);
  call.out.put(colored(call, text));
  if (!differ && call.has("s")) call.out.put(`Files ${left} and ${right} are identical\n`);
  return differ ? 1 : 0;
}

function contextOf(call: Call): number {
  const given = call.value("U") ?? "3";
  if (!/^\d+$/.test(given)) throw new Fail(`invalid context length '${given}'`, 2, true);
  return Number(given);
}

function isBinary(text: string): boolean {
  return text.slice(0, 32_768).includes("\0");
}

function* read(call: Call, name: string, side: 0 | 1): Task<{ text: string; lines: Lines } | undefined> {
  let text = "";
  let modified = call.proc.machine.kernel.clock.now;
  try {
    const stat = name === "-" ? undefined : call.files.find(call.path(name), call.who);
    if (!stat && name !== "-" && call.has("N")) modified = 0;
    else {
      const input = call.open(name);
      text = yield* input.rest();
      input.close();
      modified = stat?.modified ?? modified;
    }
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* call.warn(`${name}: ${error.message}`, 2);
    return undefined;
  }
  const lines = text.split("\n");
  const unterminated = lines.at(-1) !== "";
  if (!unterminated) lines.pop();
  const labels = call.given.filter(({ key }) => key === "label" || key === "L");
  const label = labels[side]?.value ?? `${quoteHeader(name)}\t${formatDate("%Y-%m-%d %H:%M:%S.%N +0000", modified)}`;
  return { text, lines: { name, label, lines, unterminated: unterminated && text !== "" } };
}

function quoteHeader(name: string): string {
  return /[\s"\\]/.test(name) ? `"${name.replace(/["\\]/g, "\\$&")}"` : name;
}

function colored(call: Call, text: string): string {
  const when = call.has("color") ? (call.value("color") ?? "auto") : "never";
  if (when !== "always" && !(when === "auto" && call.proc.isTerminal(1))) return text;
  const color = (line: string) => {
    if (/^(---|\+\+\+) /.test(line)) return "1";
    if (/^(@@|\d)/.test(line)) return "36";
    return /^[-<]/.test(line) && line !== "---" ? "31" : /^[+>]/.test(line) ? "32" : "";
  };
  return text.replace(/[^\n]+/g, (line) => (color(line) === "" ? line : `\x1b[${color(line)}m${line}\x1b[0m`));
}

function* folders(call: Call, left: string, right: string): Task<number> {
  const names = (folder: string) => {
    try {
      return call.files.list(call.path(folder), call.who).filter((name) => !excluded(call, name));
    } catch (error) {
      if (error instanceof Errno) throw new Fail(`${folder}: ${error.message}`);
      throw error;
    }
  };
  const [a, b] = [names(left), names(right)];
  let status = 0;
  for (const name of [...new Set([...a, ...b])].sort()) {
    const [x, y] = [joinPath(left, name), joinPath(right, name)];
    const both = a.includes(name) && b.includes(name);
    if (!both && !call.has("N")) {
      call.out.put(`Only in ${a.includes(name) ? left : right}: ${name}\n`);
      status = Math.max(status, 1);
      continue;
    }
    status = Math.max(status, yield* pair(call, x, y));
    yield* call.out.flush();
  }
  return status;
}

function* pair(call: Call, left: string, right: string): Task<number> {
  const [a, b] = [isFolder(call, left), isFolder(call, right)];
  if (a && b) {
    if (call.has("r")) return yield* folders(call, left, right);
    call.out.put(`Common subdirectories: ${left} and ${right}\n`);
    return 0;
  }
  if (a !== b && !call.has("N")) {
    const kind = (folder: boolean) => (folder ? "directory" : "regular file");
    call.out.put(`File ${left} is a ${kind(a)} while file ${right} is a ${kind(b)}\n`);
    return 1;
  }
  return yield* files(call, left, right, `diff${switches(call)} ${quoteName(left)} ${quoteName(right)}\n`);
}

/** The options again, as they were given, for the line before a file's differences. */
function switches(call: Call): string {
  const operands = new Set(call.operands);
  return call.proc.argv
    .slice(1)
    .filter((word) => word.startsWith("-") && !operands.has(word))
    .map((word) => ` ${word}`)
    .join("");
}

function excluded(call: Call, name: string): boolean {
  return call.given.some(({ key, value = "" }) => key === "x" && globMatches(value, name));
}
