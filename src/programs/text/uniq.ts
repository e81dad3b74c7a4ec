import { Errno, type Task } from "../../machine/define.ts";
import { openFd } from "../../machine/open-path.ts";
import { type Call, Fail, tool } from "./define.ts";
import { Output } from "./shared/output.ts";
import { quote, quoteAlways, quoteName } from "./shared/quote.ts";

/** uniq: lines that follow each other and are the same. */
export const uniq = tool({
  name: "uniq",
  usage: "[OPTION]... [INPUT [OUTPUT]]",
  options:
    "c,count d,repeated D all-repeated? f,skip-fields= group? i,ignore-case s,skip-chars= u,unique z,zero-terminated w,check-chars=",
  *run(call) {
    const [from = "-", to = "-", extra] = call.operands;
    if (extra !== undefined) throw call.misuse(`extra operand ${quote(extra)}`);
    const end = call.has("z") ? "\0" : "\n";
    try {
      const input = call.open(from, end);
      const out =
        to === "-"
          ? call.out
          : new Output(call.proc, openFd(call.proc, to, { write: true, create: true, truncate: true }));
      yield* groups(call, () => input.line(), out, end);
      yield* out.flush();
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      const failed = error.path !== undefined && call.path(to) === error.path ? to : from;
      throw new Fail(
        error.code === "EISDIR" ? `error reading ${quoteAlways(failed)}` : `${quoteName(failed)}: ${error.message}`,
      );
    }
    return undefined;
  },
});

function* groups(call: Call, next: () => Task<string | undefined>, out: Output, end: string): Task {
  const keyOf = comparedPart(call);
  let shown: string | undefined;
  let key = "";
  let members: string[] = [];
  let count = 0;
  const all = call.has("D") || call.has("all-repeated");
  const show = () => {
    if (shown === undefined) return;
    if (all) {
      if (count > 1) for (const line of members) out.put(line + end);
      return;
    }
    if ((call.has("d") && count < 2) || (call.has("u") && count > 1)) return;
    out.put((call.has("c") ? `${String(count).padStart(7)} ` : "") + shown + end);
  };
  for (let line = yield* next(); line !== undefined; line = yield* next()) {
    const its = keyOf(line);
    if (shown !== undefined && its === key) count++;
    else {
      show();
      shown = line;
      key = its;
      count = 1;
      members = [];
    }
    if (all) members.push(line);
    if (out.full) yield* out.flush();
  }
  show();
}

function comparedPart(call: Call): (line: string) => string {
  const number = (key: string, what: string): number | undefined => {
    const value = call.value(key);
    if (value !== undefined && !/^\d+$/.test(value)) throw new Fail(`${value}: invalid number of ${what}`);
    return value === undefined ? undefined : Number(value);
  };
  const fields = number("f", "fields to skip") ?? 0;
  const skip = number("s", "bytes to skip") ?? 0;
  const most = number("w", "bytes to compare");
  const fold = call.has("i");
  if (fields === 0 && skip === 0 && most === undefined && !fold) return (line) => line;
  return (line) => {
    let at = 0;
    for (let left = fields; left > 0; left--) {
      while (at < line.length && /[ \t]/.test(line[at] ?? "")) at++;
      while (at < line.length && !/[ \t]/.test(line[at] ?? "")) at++;
    }
    const part = line.slice(at + skip, most === undefined ? undefined : at + skip + most);
    return fold ? part.toLowerCase() : part;
  };
}
