import { Fail, tool } from "./define.ts";
import { evaluateTest, TestError } from "./shared/evaluate-test.ts";

/** test and [: checks files and compares values. */
export const test = tool({
  name: "test",
  also: ["["],
  usage: "EXPRESSION",
  trouble: 2,
  *run(call) {
    let words = call.operands;
    if (call.name === "[") {
      if (words.at(-1) !== "]") throw new Fail("missing ‘]’");
      words = words.slice(0, -1);
    }
    try {
      return evaluateTest(call.proc, words) ? 0 : 1;
    } catch (error) {
      if (error instanceof TestError) throw new Fail(error.message);
      throw error;
    }
  },
});
