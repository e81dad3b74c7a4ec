import { parseIp } from "../../../base/cidr.ts";
import type { DnsRecord, DnsType } from "../../../machine/define-network.ts";

/** A zone file that cannot be read, in miekg/dns' words. */
export class ZoneFault extends Error {}

const types = new Set<string>(["A", "AAAA", "CNAME", "HINFO", "MX", "NS", "PTR", "SOA", "SRV", "TXT"]);
/** Types that may stand in a zone, and that no program here asks for. */
const others = new Set("CAA DNSKEY DS HTTPS NAPTR NSEC RRSIG SSHFP SVCB TLSA".split(" "));
const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };

interface Entry {
  readonly words: readonly string[];
  /** The line begins with a blank: the owner is the one before. */
  readonly continued: boolean;
}

/** Joins lines in brackets, drops comments, keeps quoted words together. */
function entriesOf(text: string): Entry[] {
  const entries: Entry[] = [];
  let words: string[] = [];
  let depth = 0;
  let continued = false;
  for (const line of text.split("\n")) {
    if (depth === 0) continued = /^\s/.test(line);
    for (const [word] of line.matchAll(/"(?:\\.|[^"\\])*"|;.*|[()]|[^\s()";]+/g)) {
      if (word.startsWith(";")) break;
      if (word === "(") depth++;
      else if (word === ")") depth--;
      else words.push(word);
    }
    if (depth > 0 || words.length === 0) continue;
    entries.push({ words, continued });
    words = [];
  }
  return entries;
}

function seconds(word: string): number | undefined {
  if (!/^(\d+[smhdw]?)+$/i.test(word)) return undefined;
  return [...word.toLowerCase().matchAll(/(\d+)([smhdw]?)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (units[unit || "s"] ?? 1),
    0,
  );
}

function under(name: string, origin: string): string {
  if (name === "@") return origin;
  if (name.endsWith(".")) return name;
  return origin === "." ? `${name}.` : `${name}.${origin}`;
}

/** The records of a zone file (RFC 1035, section 5). Throws ZoneFault. */
export function readZone(text: string, zone: string): DnsRecord[] {
  let origin = zone;
  let ttl: number | undefined;
  let owner = zone;
  const records: DnsRecord[] = [];
  for (const { words, continued } of entriesOf(text)) {
    const [first = "", second = ""] = words;
    if (first === "$ORIGIN") origin = under(second, origin);
    else if (first === "$TTL") ttl = seconds(second);
    else if (first.startsWith("$")) throw new ZoneFault(`dns: bad ${first} directive: "${second}"`);
    else {
      const rest = continued ? words : words.slice(1);
      if (!continued) owner = under(first, origin);
      const record = recordOf(owner, rest, origin, ttl);
      if (record) records.push(record);
    }
  }
  return records;
}

/** One record in the form of a zone file: "web.example. 60 IN A 10.0.0.1". Throws ZoneFault. */
export function readRecord(text: string): DnsRecord | undefined {
  return readZone(text.trim(), ".")[0];
}

function recordOf(
  name: string,
  words: readonly string[],
  origin: string,
  usual: number | undefined,
): DnsRecord | undefined {
  let at = 0;
  let ttl = usual;
  for (; at < words.length; at++) {
    const word = words[at] ?? "";
    const span = seconds(word);
    if (span !== undefined) ttl = span;
    else if (!/^(IN|CH|HS|ANY)$/i.test(word)) break;
  }
  const type = (words[at] ?? "").toUpperCase();
  if (others.has(type)) return undefined;
  if (!types.has(type)) throw new ZoneFault(`dns: unknown RR type: "${words[at] ?? ""}"`);
  const data = words.slice(at + 1);
  const isAddress = type === "A" || type === "AAAA";
  const fits = isAddress
    ? parseIp(data[0] ?? "")?.version === (type === "A" ? 4 : 6)
    : data.length >= (counts[type] ?? 1);
  if (!fits) throw new ZoneFault(`dns: bad ${type} ${type === "SOA" ? "zone parameter" : type}: "${data[0] ?? ""}"`);
  return { name: name.toLowerCase(), type: type as DnsType, ttl: ttl ?? 3600, data: dataOf(type, data, origin) };
}

const counts: Readonly<Record<string, number>> = { SOA: 7, SRV: 4, MX: 2 };

function dataOf(type: string, data: readonly string[], origin: string): string {
  const name = (index: number) => under(data[index] ?? "", origin);
  switch (type) {
    case "SOA":
      return [name(0), name(1), data[2], ...data.slice(3, 7).map((word) => seconds(word) ?? 0)].join(" ");
    case "SRV":
      return [...data.slice(0, 3), name(3)].join(" ");
    case "MX":
      return `${data[0]} ${name(1)}`;
    case "CNAME":
    case "NS":
    case "PTR":
      return name(0);
    case "TXT":
    case "HINFO":
      return data.map((word) => (word.startsWith('"') ? word : `"${word}"`)).join(" ");
    default:
      return data[0] ?? "";
  }
}
