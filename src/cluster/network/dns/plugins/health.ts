import { SECOND } from "../../../../base/clock.ts";
import { FormatError } from "../../../../base/format-error.ts";
import { parseGoDuration } from "../../../../base/go-duration.ts";
import type { Plugin } from "../define.ts";
import { hostPort, onlyOnce, pageAt, settingFault } from "./define.ts";

/** health: /health of the process. */
export const health: Plugin = {
  name: "health",
  setup(context) {
    const { words, shared } = context;
    for (const _ of onlyOnce(words)) {
      const [address = ":8080", ...more] = words.remainingArgs();
      if (more.length > 0) throw words.argumentFault();
      const { host, port } = hostPort(address);
      while (words.nextBlock()) {
        if (words.value !== "lameduck") throw words.argumentFault();
        const args = words.remainingArgs();
        if (args.length !== 1) throw words.argumentFault();
        shared.lameduck = lameduckOf(args[0] ?? "");
      }
      context.serves({ address: host, port, answer: pageAt("/health", () => ({ status: 200, body: "OK" })) });
    }
    return undefined;
  },
};

function lameduckOf(text: string): number {
  try {
    return parseGoDuration(text) / SECOND;
  } catch (error) {
    if (error instanceof FormatError)
      throw settingFault(`unable to parse lameduck duration value: '${text}' : ${error.message}`);
    throw error;
  }
}
