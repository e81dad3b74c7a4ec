import { tool } from "./define.ts";

/** true: does nothing, successfully. */
export const trueProgram = tool({
  name: "true",
  usage: "[ignored command line arguments]",
  *run() {
    return 0;
  },
});

/** false: does nothing, unsuccessfully. */
export const falseProgram = tool({
  name: "false",
  usage: "[ignored command line arguments]",
  *run() {
    return 1;
  },
});
