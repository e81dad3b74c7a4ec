import { tool } from "./define.ts";
import { quoteAlways } from "./shared/quote.ts";

/** tac: the lines of a file from last to first. */
export const tac = tool({
  name: "tac",
  usage: "[OPTION]... [FILE]...",
  options: "b,before s,separator=",
  *run(call) {
    const separator = call.value("s") ?? "\n";
    yield* call.eachFile(
      call.operands,
      function* (input) {
        const text = yield* input.rest();
        const parts = text.split(separator);
        const last = parts.pop() ?? "";
        const records = parts.map((part) => part + separator);
        if (last !== "") records.push(last);
        for (const record of records.reverse()) {
          call.out.put(record);
          if (call.out.full) yield* call.out.flush();
        }
      },
      "\n",
      (name, error, opened) =>
        opened
          ? `${name}: read error: ${error.message}`
          : `failed to open ${quoteAlways(name)} for reading: ${error.message}`,
    );
    return undefined;
  },
});
