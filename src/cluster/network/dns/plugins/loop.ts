import type { Plugin } from "../define.ts";
import { isWithin } from "../names.ts";
import { onlyOnce } from "./define.ts";

/** More often than so it must not see its own question. */
const MOST_SEEN = 2;

/** loop: asks itself for a name of its own when it starts; where the question comes back, CoreDNS ends. */
export const loop: Plugin = {
  name: "loop",
  setup(context) {
    const { words, host } = context;
    for (const _ of onlyOnce(words)) if (words.nextArg()) throw words.argumentFault();
    const zone = context.zones[0] ?? ".";
    const number = () =>
      `${1 + host.random.below(8)}${Array.from({ length: 18 }, () => host.random.below(10)).join("")}`;
    const name = `${number()}.${number()}.${zone === "." ? "" : zone}`;
    let seen = 0;
    let looking = false;
    context.onStart(() => {
      looking = true;
      const [, address = "", port = "53"] = /^(.*):(\d+)$/.exec(context.listens) ?? [];
      const own = host.dial(address || "127.0.0.1", Number(port), "UDP");
      if ("listener" in own) own.listener.dns?.({ name, type: "HINFO", from: "127.0.0.1" });
      looking = false;
      if (seen <= MOST_SEEN) return undefined;
      const client = `127.0.0.1:${32768 + host.random.below(28232)}`;
      return `[FATAL] plugin/loop: Loop (${client} -> ${context.listens}) detected for zone "${zone}", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO ${name}"`;
    });
    return {
      plugin: "loop",
      serve(request, next) {
        if (looking && request.question.type === "HINFO" && isWithin(request.name, zone) && request.name === name)
          seen++;
        return next(request);
      },
    };
  },
};
