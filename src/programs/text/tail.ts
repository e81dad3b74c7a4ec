import { bytesOf, textOf } from "../../base/text-bytes.ts";
import { Errno, type Task } from "../../machine/define.ts";
import { type Call, Fail, tool } from "./define.ts";
import { type Followed, follow } from "./shared/follow.ts";
import { Input, LINE_LIMIT } from "./shared/input.ts";
import { quote, quoteAlways } from "./shared/quote.ts";
import { parseSize } from "./shared/size.ts";

/** tail: the end of a file, and what is added to it from then on. */
export const tail = tool({
  name: "tail",
  usage: "[OPTION]... [FILE]...",
  options:
    "c,bytes= f,follow? F n,lines= max-unchanged-stats= pid= q,quiet,silent retry s,sleep-interval= v,verbose z,zero-terminated",
  rewrite: ([first, ...rest]) =>
    /^[-+]\d+[lc]?f?$/.test(first ?? "")
      ? [...old(first ?? ""), ...rest]
      : [first, ...rest].filter((word) => word !== undefined),
  *run(call) {
    const unit = call.last("c", "n") ?? "n";
    const given = call.value(unit) ?? "10";
    const count = parseSize(given.replace(/^[-+]/, ""));
    if (count === undefined) throw new Fail(`invalid number of ${unit === "c" ? "bytes" : "lines"}: ${quote(given)}`);
    const names = call.operands.length === 0 ? ["-"] : call.operands;
    const titles = call.last("q", "v") === "v" || (call.last("q", "v") !== "q" && names.length > 1);
    const byName = call.has("F") || call.value("f") === "name";
    const following = call.has("f") || call.has("F");
    const followed: Followed[] = [];
    let first = true;
    for (const name of names) {
      const fd = yield* openOne(call, name, byName || call.has("retry"));
      if (fd === undefined) {
        if (byName || (following && call.has("retry"))) followed.push({ name, fd: undefined });
        continue;
      }
      if (titles) call.out.put(`${first ? "" : "\n"}==> ${name === "-" ? "standard input" : name} <==\n`);
      first = false;
      if (!(yield* show(call, fd, name, unit, given.startsWith("+"), count))) continue;
      if (following && !(name === "-" && call.proc.fd(0).kind === "pipe")) followed.push({ name, fd });
      else if (fd > 2) call.proc.close(fd);
    }
    yield* call.out.flush();
    if (following) yield* follow(call, followed, { byName, titles });
    return undefined;
  },
});

/** -5, +5, -5c, -5f of old. */
function old(word: string): string[] {
  const [, sign = "", digits = "", unit = "", f = ""] = /^([-+])(\d+)([lc]?)(f?)$/.exec(word) ?? [];
  return [`-${unit === "c" ? "c" : "n"}${sign === "+" ? "+" : ""}${digits}`, ...(f === "" ? [] : ["-f"])];
}

function* openOne(call: Call, name: string, _retry: boolean): Task<number | undefined> {
  try {
    return call.openFd(name);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* call.warn(`cannot open ${quoteAlways(name)} for reading: ${error.message}`);
    return undefined;
  }
}

/** False after a message. */
function* show(call: Call, fd: number, name: string, unit: string, fromStart: boolean, count: number): Task<boolean> {
  const input = new Input(call.proc, fd, call.out, call.has("z") ? "\0" : "\n");
  try {
    if (fromStart) yield* from(call, input, unit, count);
    else if (unit === "c") yield* lastBytes(call, input, count);
    else yield* lastLines(call, input, count);
    return true;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* call.warn(`error reading ${quoteAlways(name)}: ${error.message}`);
    return false;
  }
}

/** +N: everything from the Nth line or byte on, as it comes. */
function* from(call: Call, input: Input, unit: string, count: number): Task {
  if (unit === "n") for (let skip = count - 1; skip > 0; skip--) if ((yield* input.line()) === undefined) return;
  let skip = unit === "c" ? Math.max(0, count - 1) : 0;
  for (let chunk = yield* input.chunk(); chunk !== undefined; chunk = yield* input.chunk()) {
    if (skip > 0) {
      const bytes = bytesOf(chunk);
      chunk = textOf(bytes.slice(Math.min(skip, bytes.length)));
      skip -= Math.min(skip, bytes.length);
    }
    call.out.put(chunk);
    yield* call.out.flush();
  }
}

function* lastLines(call: Call, input: Input, count: number): Task {
  const end = call.has("z") ? "\0" : "\n";
  let kept: string[] = [];
  let size = 0;
  for (let line = yield* input.line(); line !== undefined; line = yield* input.line()) {
    kept.push(input.terminated ? line + end : line);
    size += line.length;
    if (kept.length > 2 * count + 1000) kept = kept.slice(-count);
    if (size > LINE_LIMIT && kept.length > count) size = kept.reduce((sum, each) => sum + each.length, 0);
    if (size > 4 * LINE_LIMIT) throw new Fail("memory exhausted");
  }
  if (count > 0) call.out.put(kept.slice(-count).join(""));
}

function* lastBytes(call: Call, input: Input, count: number): Task {
  let kept = "";
  for (let chunk = yield* input.chunk(); chunk !== undefined; chunk = yield* input.chunk()) {
    kept += chunk;
    if (kept.length > 2 * count + 65_536) kept = kept.slice(-count);
    if (kept.length > 4 * LINE_LIMIT) throw new Fail("memory exhausted");
  }
  const bytes = bytesOf(kept);
  if (count > 0) call.out.put(textOf(bytes.slice(Math.max(0, bytes.length - count))));
}
