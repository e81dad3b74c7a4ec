import type { DnsCode, DnsRecord, DnsReply } from "../../../machine/define-network.ts";

/** A reply with nothing in it. */
export function emptyReply(rcode: DnsCode, more: Partial<DnsReply> = {}): DnsReply {
  return { rcode, answers: [], authority: [], additional: [], authoritative: false, recursive: false, ...more };
}

/** A reply with every record of its three parts changed. */
export function mapRecords(reply: DnsReply, change: (record: DnsRecord) => DnsRecord): DnsReply {
  return {
    ...reply,
    answers: reply.answers.map(change),
    authority: reply.authority.map(change),
    additional: reply.additional.map(change),
  };
}
