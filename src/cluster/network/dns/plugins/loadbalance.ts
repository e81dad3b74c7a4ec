import type { DnsRecord } from "../../../../machine/define-network.ts";
import type { Plugin } from "../define.ts";
import { settingFault } from "./define.ts";

const shuffled = new Set(["A", "AAAA", "MX"]);

/** loadbalance: the addresses of an answer in another order each time. */
export const loadbalance: Plugin = {
  name: "loadbalance",
  setup({ words, host }) {
    while (words.next()) {
      const [policy = "round_robin", ...more] = words.remainingArgs();
      if (policy !== "round_robin" && policy !== "weighted") throw settingFault(`unknown policy: ${policy}`);
      if (policy === "round_robin" && (more.length > 0 || words.nextBlock()))
        throw words.fault("unknown property for round_robin");
      if (policy === "weighted")
        host.say("[WARNING] plugin/loadbalance: weighted is not simulated here: round_robin is used");
      while (words.nextBlock()) words.remainingArgs();
    }
    const mixed = (records: readonly DnsRecord[]): readonly DnsRecord[] => {
      const addresses = records.filter(({ type }) => shuffled.has(type));
      if (addresses.length < 2) return records;
      for (let at = addresses.length - 1; at > 0; at--) {
        const other = host.random.below(at + 1);
        [addresses[at], addresses[other]] = [addresses[other] as DnsRecord, addresses[at] as DnsRecord];
      }
      const aliases = records.filter(({ type }) => type === "CNAME");
      const rest = records.filter(({ type }) => type !== "CNAME" && !shuffled.has(type));
      return [...aliases, ...rest, ...addresses];
    };
    return {
      plugin: "loadbalance",
      serve(request, next) {
        const outcome = next(request);
        if (outcome.reply?.rcode !== "NOERROR") return outcome;
        const { answers, additional } = outcome.reply;
        return { ...outcome, reply: { ...outcome.reply, answers: mixed(answers), additional: mixed(additional) } };
      },
    };
  },
};
