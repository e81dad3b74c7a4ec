import { SECOND } from "../../../../base/clock.ts";
import type { Plugin } from "../define.ts";
import { duration, onlyOnce, settingFault } from "./define.ts";

/** Usual interval and jitter, and the shortest that are taken (plugin/reload, 1.13). */
const INTERVAL = 30;
const JITTER = 15;
const SHORTEST = 2;
const SHORTEST_JITTER = 1;

/** reload: looks at the Corefile from time to time, and begins anew where it has changed. */
export const reload: Plugin = {
  name: "reload",
  setup({ words, shared }) {
    for (const _ of onlyOnce(words)) {
      const args = words.remainingArgs();
      if (args.length > 2) throw words.argumentFault();
      const interval = args[0] === undefined ? INTERVAL : duration(args[0]) / SECOND;
      if (interval < SHORTEST) throw settingFault(`interval value must be greater or equal to ${SHORTEST}s`);
      const jitter = args[1] === undefined ? Math.min(JITTER, interval / 2) : duration(args[1]) / SECOND;
      if (args[1] !== undefined && jitter < SHORTEST_JITTER)
        throw settingFault(`jitter value must be greater or equal to ${SHORTEST_JITTER}s`);
      shared.reload = { interval, jitter: Math.min(jitter, interval / 2) };
    }
    return undefined;
  },
};
