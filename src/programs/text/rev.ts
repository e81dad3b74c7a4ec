import { tool } from "./define.ts";

/** rev: the characters of each line from last to first. */
export const rev = tool({
  name: "rev",
  from: "from util-linux 2.38.1",
  usage: "[options] [file ...]",
  options: "0,zero",
  *run(call) {
    const end = call.has("0") ? "\0" : "\n";
    yield* call.eachFile(
      call.operands,
      function* (input) {
        for (let line = yield* input.line(); line !== undefined; line = yield* input.line())
          call.out.put([...line].reverse().join("") + (input.terminated ? end : ""));
      },
      end,
      (name, error) => `cannot open ${name}: ${error.message}`,
    );
    return undefined;
  },
});
