import type { DnsRecord, DnsReply, DnsType } from "../../machine/define-network.ts";

/** The columns of a record in BIND's form: where its TTL, class, type and data begin. */
export interface Columns {
  readonly ttl: number;
  readonly class: number;
  readonly type: number;
  readonly data: number;
}

export const usualColumns: Columns = { ttl: 24, class: 32, type: 40, data: 48 };
const TAB = 8;

/** Words in columns, with tabs as far as they lead, and at least a blank between (lib/dns/masterdump.c of BIND 9.18). */
function inColumns(first: string, cells: readonly (readonly [text: string, column: number])[]): string {
  let text = first;
  let at = first.length;
  for (const [cell, column] of cells) {
    const to = Math.max(column, at + 1);
    const tabs = Math.max(0, Math.floor(to / TAB) - Math.floor(at / TAB));
    const from = tabs > 0 ? Math.floor(to / TAB) * TAB : at;
    text += "\t".repeat(tabs) + " ".repeat(to - from) + cell;
    at = to + cell.length;
  }
  return text;
}

/** A record as dig and host print it. */
export function recordLine({ name, type, ttl, data }: DnsRecord, columns = usualColumns, hasTtl = true): string {
  const cells: [string, number][] = [
    ...(hasTtl ? [[String(ttl), columns.ttl] as [string, number]] : []),
    ["IN", hasTtl ? columns.class : columns.ttl],
    [type, hasTtl ? columns.type : columns.class],
    [data, hasTtl ? columns.data : columns.type],
  ];
  return inColumns(name, cells);
}

/** The line of the question section. */
export function questionLine(name: string, type: DnsType, kind = "IN", columns = usualColumns): string {
  return `;${inColumns(name, [
    [kind, columns.class],
    [type, columns.type],
  ])}`;
}

/** The flags of a reply, as the header shows them. */
export function flagsOf(reply: DnsReply, recursionDesired: boolean): string {
  return [
    "qr",
    ...(reply.authoritative ? ["aa"] : []),
    ...(reply.truncated ? ["tc"] : []),
    ...(recursionDesired ? ["rd"] : []),
    ...(reply.recursive ? ["ra"] : []),
  ].join(" ");
}

const NUMBERS = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;

/** 3 for NXDOMAIN. */
export function codeNumber(rcode: DnsReply["rcode"]): number {
  return NUMBERS[rcode];
}
