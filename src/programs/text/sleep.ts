import { tool } from "./define.ts";
import { parseDuration } from "./shared/duration.ts";
import { quote } from "./shared/quote.ts";

/** sleep: waits for the sum of its operands. */
export const sleep = tool({
  name: "sleep",
  usage: "NUMBER[SUFFIX]...",
  options: "",
  *run(call) {
    if (call.operands.length === 0) throw call.misuse("missing operand");
    let seconds = 0;
    const wrong = call.operands.filter((word) => parseDuration(word) === undefined);
    for (const word of wrong.slice(0, -1)) yield* call.warn(`invalid time interval ${quote(word)}`);
    const last = wrong.at(-1);
    if (last !== undefined) throw call.misuse(`invalid time interval ${quote(last)}`);
    for (const word of call.operands) seconds += parseDuration(word) ?? 0;
    if (seconds === Number.POSITIVE_INFINITY) for (;;) yield* call.proc.sleep(1e9);
    yield* call.proc.sleep(seconds);
    return undefined;
  },
});
