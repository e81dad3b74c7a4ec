import { parseIp } from "../../../../base/cidr.ts";
import type { DnsRecord } from "../../../../machine/define-network.ts";
import type { Plugin } from "../define.ts";
import { absolute } from "../names.ts";
import { emptyReply } from "../reply.ts";
import { onlyOnce } from "./define.ts";

/** whoami: tells the client its own address and port. */
export const whoami: Plugin = {
  name: "whoami",
  setup({ words }) {
    for (const _ of onlyOnce(words)) if (words.nextArg()) throw words.argumentFault();
    return {
      plugin: "whoami",
      serve({ question, port }) {
        const { name, from } = question;
        const proto = question.protocol === "TCP" ? "_tcp" : "_udp";
        const type = parseIp(from)?.version === 6 ? "AAAA" : "A";
        const additional: DnsRecord[] = [
          { name, type, ttl: 0, data: from },
          { name: absolute(`${proto}.${name === "." ? "" : name}`), type: "SRV", ttl: 0, data: `0 0 ${port} .` },
        ];
        return { reply: emptyReply("NOERROR", { authoritative: true, additional }) };
      },
    };
  },
};
