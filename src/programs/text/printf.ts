import { tool } from "./define.ts";
import { formatPrintf } from "./shared/printf-format.ts";

/** /usr/bin/printf. */
export const printf = tool({
  name: "printf",
  usage: "FORMAT [ARGUMENT]...",
  *run(call) {
    const words = call.operands[0] === "--" ? call.operands.slice(1) : call.operands;
    const [format, ...args] = words;
    if (format === undefined) throw call.misuse("missing operand");
    const { text, problems } = formatPrintf(format, args);
    call.out.put(text);
    for (const problem of problems) yield* call.warn(problem, problem.startsWith("warning") ? 0 : 1);
    return undefined;
  },
});
