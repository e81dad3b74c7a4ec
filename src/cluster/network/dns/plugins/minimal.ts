import type { Plugin } from "../define.ts";
import { onlyOnce } from "./define.ts";

/** minimal: answers without their authority and additional sections. */
export const minimal: Plugin = {
  name: "minimal",
  setup({ words }) {
    for (const _ of onlyOnce(words)) if (words.nextArg()) throw words.argumentFault();
    return {
      plugin: "minimal",
      serve(request, next) {
        const outcome = next(request);
        if (!outcome.reply || outcome.reply.answers.length === 0) return outcome;
        return { ...outcome, reply: { ...outcome.reply, authority: [], additional: [] } };
      },
    };
  },
};
