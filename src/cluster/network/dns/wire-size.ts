import type { DnsQuestion, DnsRecord, DnsReply } from "../../../machine/define-network.ts";

/** The header of a message (RFC 1035, section 4.1.1), and an OPT record without options (RFC 6891). */
const HEADER = 12;
const OPT = 11;
/** A client's cookie as an option (RFC 7873). */
const COOKIE = 12;

function nameSize(name: string): number {
  return name === "." ? 1 : name.length + 1;
}

function dataSize({ type, data }: DnsRecord): number {
  const words = data.split(" ");
  switch (type) {
    case "A":
      return 4;
    case "AAAA":
      return 16;
    case "SOA":
      return nameSize(words[0] ?? "") + nameSize(words[1] ?? "") + 20;
    case "SRV":
      return 6 + nameSize(words[3] ?? "");
    case "MX":
      return 2 + nameSize(words[1] ?? "");
    case "CNAME":
    case "NS":
    case "PTR":
      return nameSize(data);
    default:
      return textSize(data);
  }
}

/** Texts have a byte of length instead of their quotes and the blanks between. */
function textSize(data: string): number {
  const texts = data.match(/"(?:\\.|[^"\\])*"/g)?.length ?? 1;
  return data.length - 2 * texts + 1;
}

function recordSize(record: DnsRecord): number {
  return nameSize(record.name) + 10 + dataSize(record);
}

/** The bytes of a question on the wire. */
export function questionSize({ name, edns }: DnsQuestion): number {
  return HEADER + nameSize(name) + 4 + (edns ? OPT + (edns.cookie === undefined ? 0 : COOKIE) : 0);
}

/** The bytes of a reply on the wire, with no name compressed: as CoreDNS sends what fits (miekg/dns Truncate, 1.1). */
export function replySize(question: DnsQuestion, reply: DnsReply): number {
  const records = [...reply.answers, ...reply.authority, ...reply.additional];
  return records.reduce((sum, record) => sum + recordSize(record), questionSize(question));
}
