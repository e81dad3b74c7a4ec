import { Errno } from "../../machine/define.ts";
import { openFd } from "../../machine/open-path.ts";
import { tool } from "./define.ts";
import { Output } from "./shared/output.ts";
import { quoteName } from "./shared/quote.ts";

/** tee: copies to stdout and to files, each chunk as it comes. */
export const tee = tool({
  name: "tee",
  usage: "[OPTION]... [FILE]...",
  options: "a,append i,ignore-interrupts p output-error?",
  *run(call) {
    if (call.has("i")) call.proc.on("INT", "ignore");
    const append = call.has("a");
    const outputs = [new Output(call.proc, 1, "standard output")];
    for (const name of call.operands) {
      try {
        outputs.push(
          new Output(
            call.proc,
            openFd(call.proc, name, { write: true, create: true, append, truncate: !append }),
            quoteName(name),
          ),
        );
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        yield* call.warn(`${quoteName(name)}: ${error.message}`);
      }
    }
    const input = call.open("-");
    for (let chunk = yield* input.chunk(); chunk !== undefined; chunk = yield* input.chunk()) {
      for (const output of outputs) {
        output.put(chunk);
        yield* output.flush();
      }
    }
    return undefined;
  },
});
