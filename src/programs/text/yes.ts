import { tool } from "./define.ts";

/** yes: the same line for as long as someone reads. */
export const yes = tool({
  name: "yes",
  usage: "[STRING]...",
  options: "",
  *run(call) {
    const line = `${call.operands.length === 0 ? "y" : call.operands.join(" ")}\n`;
    const chunk = line.repeat(Math.max(1, Math.floor(4096 / line.length)));
    for (;;) {
      call.out.put(chunk);
      yield* call.out.flush();
      yield* call.proc.step(16);
    }
  },
});
