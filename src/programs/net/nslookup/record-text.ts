import type { DnsRecord } from "../../../machine/define-network.ts";
import { shortName } from "../dns.ts";

const soaParts = ["origin", "mail addr", "serial", "refresh", "retry", "expire", "minimum"];

/** A record as BIND's nslookup prints it. */
export function recordText(record: DnsRecord): string {
  return textOf(record, (name) => name);
}

/** A record as busybox' nslookup prints it: names without their final dot. */
export function busyboxRecordText(record: DnsRecord): string {
  return textOf(record, shortName);
}

function textOf({ name, type, data }: DnsRecord, target: (name: string) => string): string {
  const own = shortName(name);
  const words = data.split(" ");
  const last = target(words.at(-1) ?? "");
  switch (type) {
    case "A":
    case "AAAA":
      return `Name:\t${own}\nAddress: ${data}\n`;
    case "CNAME":
      return `${own}\tcanonical name = ${last}\n`;
    case "PTR":
      return `${own}\tname = ${last}\n`;
    case "NS":
      return `${own}\tnameserver = ${last}\n`;
    case "MX":
      return `${own}\tmail exchanger = ${words[0]} ${last}\n`;
    case "SRV":
      return `${own}\tservice = ${words.slice(0, 3).join(" ")} ${last}\n`;
    case "SOA":
      return `${own}\n${words.map((word, at) => `\t${soaParts[at]} = ${at < 2 ? shortName(word) : word}\n`).join("")}`;
    case "TXT":
      return `${own}\ttext = ${data}\n`;
    default:
      return `${own}\trdata_13 = ${data}\n`;
  }
}
