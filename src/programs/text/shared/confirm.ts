import type { Task } from "../../../machine/define.ts";
import type { Call } from "../define.ts";

/** Asks on stderr and reads an answer from stdin; anything but y is no. */
export function* confirm(call: Call, question: string): Task<boolean> {
  yield* call.out.flush();
  yield* call.proc.write(2, `${call.name}: ${question}? `);
  let line = "";
  for (let key = yield* call.proc.read(0, 1); key !== undefined; key = yield* call.proc.read(0, 1)) {
    if (key === "\n") break;
    line += key;
  }
  return /^[yY]/.test(line);
}
