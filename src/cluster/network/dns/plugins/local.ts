import type { DnsRecord } from "../../../../machine/define-network.ts";
import type { Plugin } from "../define.ts";
import { emptyReply } from "../reply.ts";
import { onlyOnce } from "./define.ts";

const zones = ["localhost.", "0.in-addr.arpa.", "127.in-addr.arpa.", "255.in-addr.arpa."];
const TTL = 604800;

/** local: localhost, its address and its zones (RFC 6761). */
export const local: Plugin = {
  name: "local",
  setup({ words }) {
    for (const _ of onlyOnce(words)) if (words.nextArg()) throw words.argumentFault();
    return {
      plugin: "local",
      serve(request, next) {
        const { name, question } = request;
        const isPointer = name === "1.0.0.127.in-addr.arpa.";
        const isLocalhost = name === "localhost." || name.startsWith("localhost.");
        if (!isLocalhost && !isPointer && !zones.includes(name)) return next(request);
        const data = isPointer
          ? question.type === "PTR" && "localhost."
          : isLocalhost && (question.type === "A" ? "127.0.0.1" : question.type === "AAAA" && "::1");
        const authority: DnsRecord[] = [
          { name, type: "SOA", ttl: TTL, data: `localhost. root.localhost. 1 0 0 0 ${TTL}` },
        ];
        const answers: DnsRecord[] = data ? [{ name: question.name, type: question.type, ttl: TTL, data }] : [];
        return {
          reply: emptyReply("NOERROR", answers.length > 0 ? { answers } : { authority }),
        };
      },
    };
  },
};
