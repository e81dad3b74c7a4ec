import { FormatError } from "../../../../base/format-error.ts";
import { type GuestRegex, guestRegex } from "../../../../base/regex.ts";
import type { Plugin } from "../define.ts";
import { duration, onlyOnce, settingFault } from "./define.ts";

/** Numbers of the codes, as the log has them. */
const codes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;

interface Consolidation {
  readonly period: number;
  readonly pattern: GuestRegex;
  count: number;
}

/** errors: says in the log what went wrong with a question. */
export const errors: Plugin = {
  name: "errors",
  setup({ words, host }) {
    const consolidated: Consolidation[] = [];
    for (const _ of onlyOnce(words)) {
      const args = words.remainingArgs();
      if (args.length > 1) throw words.argumentFault();
      if (args[0] !== undefined && args[0] !== "stdout" && args[0] !== "stderr")
        throw words.fault(`invalid log file: ${args[0]}`);
      while (words.nextBlock()) {
        const setting = words.value;
        const given = words.remainingArgs();
        if (setting === "stacktrace") continue;
        if (setting !== "consolidate") throw words.fault(`unknown property '${setting}'`);
        if (given.length < 2) throw words.argumentFault();
        consolidated.push({ period: duration(given[0] ?? ""), pattern: patternOf(given[1] ?? ""), count: 0 });
      }
    }
    return {
      plugin: "errors",
      serve(request, next) {
        const outcome = next(request);
        if (outcome.error === undefined) return outcome;
        const code = codes[outcome.reply?.rcode ?? "SERVFAIL"];
        const text = `${code} ${request.name} ${request.question.type}: ${outcome.error}`;
        const after = outcome.reply?.after;
        const group = consolidated.find(({ pattern }) => pattern.test(outcome.error ?? ""));
        if (!group) host.say(`[ERROR] plugin/errors: ${text}`, after);
        else if (group.count++ === 0)
          host.clock.at(host.clock.now + group.period, () => {
            const { pattern } = group.pattern;
            const seconds = Math.round(group.period / 1_000_000);
            host.say(`[ERROR] plugin/errors: ${group.count} errors like '${pattern}' occurred in last ${seconds}s`);
            group.count = 0;
          });
        return outcome;
      },
    };
  },
};

function patternOf(text: string): GuestRegex {
  try {
    return guestRegex(text);
  } catch (error) {
    if (error instanceof FormatError) throw settingFault(error.message);
    throw error;
  }
}
