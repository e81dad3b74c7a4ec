import type { Task } from "../../machine/define.ts";
import { type Call, tool } from "./define.ts";
import { compareBytes } from "./shared/byte-order.ts";
import type { Input } from "./shared/input.ts";
import { quote } from "./shared/quote.ts";

/** comm: what two sorted files have in common. */
export const comm = tool({
  name: "comm",
  usage: "[OPTION]... FILE1 FILE2",
  options: "1 2 3 check-order nocheck-order output-delimiter= total z,zero-terminated",
  *run(call) {
    const [left, right, extra] = call.operands;
    if (left === undefined) throw call.misuse("missing operand");
    if (right === undefined) throw call.misuse(`missing operand after ${quote(left)}`);
    if (extra !== undefined) throw call.misuse(`extra operand ${quote(extra)}`);
    const end = call.has("z") ? "\0" : "\n";
    yield* compare(call, call.openOrFail(left, end), call.openOrFail(right, end));
    return undefined;
  },
});

function* compare(call: Call, left: Input, right: Input): Task {
  const end = call.has("z") ? "\0" : "\n";
  const tab = call.value("output-delimiter") ?? "\t";
  const hidden = ["1", "2", "3"].map((key) => call.has(key));
  const counts = [0, 0, 0];
  const unsorted = [false, false];
  const put = (column: number, line: string) => {
    counts[column] = (counts[column] ?? 0) + 1;
    if (hidden[column]) return;
    call.out.put(tab.repeat([0, 1].filter((before) => before < column && !hidden[before]).length) + line + end);
  };
  const advance = function* (input: Input, before: string, which: number): Task<string | undefined> {
    const line = yield* input.line();
    if (line !== undefined && compareBytes(line, before) < 0 && !unsorted[which] && !call.has("nocheck-order")) {
      unsorted[which] = true;
      yield* call.warn(`file ${which + 1} is not in sorted order`);
    }
    return line;
  };
  let a = yield* left.line();
  let b = yield* right.line();
  while (a !== undefined || b !== undefined) {
    const order = a === undefined ? 1 : b === undefined ? -1 : compareBytes(a, b);
    if (order === 0) put(2, a ?? "");
    else if (order < 0) put(0, a ?? "");
    else put(1, b ?? "");
    if (order <= 0 && a !== undefined) a = yield* advance(left, a, 0);
    if (order >= 0 && b !== undefined) b = yield* advance(right, b, 1);
  }
  if (call.has("total")) call.out.put(`${counts.join(tab)}${tab}total${end}`);
  if (unsorted.includes(true)) yield* call.warn("input is not in sorted order");
}
