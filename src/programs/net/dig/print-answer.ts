import { rfc1123z } from "../../../base/time.ts";
import { isWithin } from "../../../cluster/network/dns/names.ts";
import type { DnsRecord } from "../../../machine/define-network.ts";
import type { Process } from "../../../machine/process.ts";
import type { Heard } from "../dns.ts";
import { type Columns, flagsOf, questionLine, recordLine, usualColumns } from "../dns-text.ts";
import type { Wanted } from "./options.ts";

type Answer = Extract<Heard, { reply: unknown }>;

/** What was asked, and by whom it was answered. */
export interface Answered {
  readonly wanted: Wanted;
  readonly name: string;
  readonly server: string;
  readonly shown: string;
  readonly port: number;
  readonly cookie: string | undefined;
  readonly heard: Answer;
}

const narrow: Columns = { ttl: 24, class: 24, type: 24, data: 32 };

/** What an answer looks like, by the settings. */
export function answerText(proc: Process, answered: Answered): string {
  const { wanted, name, heard } = answered;
  const { settings } = wanted;
  const { reply } = heard;
  const columns = settings.multiline ? narrow : usualColumns;
  const parts: string[] = [];
  if (heard.retried) parts.push(";; Truncated, retrying in TCP mode.\n");
  if (settings.comments) parts.push(headText(proc, answered));
  const section = (title: string, lines: readonly string[]) => {
    if (lines.length === 0) return;
    const body = lines.map((line) => `${line}\n`).join("");
    parts.push(settings.comments ? `;; ${title} SECTION:\n${body}\n` : body);
  };
  const records = (all: readonly DnsRecord[]) =>
    all.map((record) =>
      settings.multiline && record.type === "SOA" ? longSoa(record) : recordLine(record, columns, settings.ttl),
    );
  if (settings.question) section("QUESTION", [questionLine(name, wanted.type, wanted.class, columns)]);
  if (settings.answer) section("ANSWER", records(reply.answers));
  if (settings.authority) section("AUTHORITY", records(reply.authority));
  if (settings.additional) section("ADDITIONAL", records(reply.additional));
  if (settings.stats) parts.push(statsText(proc, answered));
  return parts.join("");
}

function headText(proc: Process, { wanted, name, cookie, heard }: Answered): string {
  const { settings } = wanted;
  const { reply } = heard;
  const local = isWithin(name.toLowerCase(), "local.")
    ? ";; WARNING: .local is reserved for Multicast DNS\n;; You are currently testing what happens when an mDNS query is leaked to DNS\n"
    : "";
  const id = proc.machine.kernel.random.below(65536);
  const counts = `ANSWER: ${reply.answers.length}, AUTHORITY: ${reply.authority.length}, ADDITIONAL: ${reply.additional.length + (settings.edns ? 1 : 0)}`;
  const warning = settings.recurse && !reply.recursive ? ";; WARNING: recursion requested but not available\n" : "";
  const opt = settings.edns
    ? `;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: ${settings.bufsize}\n${cookie === undefined ? "" : `; COOKIE: ${cookie} (echoed)\n`}`
    : "";
  return `;; Got answer:
${local};; ->>HEADER<<- opcode: QUERY, status: ${reply.rcode}, id: ${id}
;; flags: ${flagsOf(reply, settings.recurse)}; QUERY: 1, ${counts}
${warning}
${opt}`;
}

function statsText(proc: Process, { server, shown, port, heard }: Answered): string {
  return `;; Query time: ${heard.msec} msec
;; SERVER: ${server}#${port}(${shown}) (${heard.tcp ? "TCP" : "UDP"})
;; WHEN: ${clockText(proc)}
;; MSG SIZE  rcvd: ${heard.size}

`;
}

/** The moment as date(1) has it: Sun Nov 22 00:30:21 UTC 2026. */
function clockText({ machine }: Process): string {
  return rfc1123z(machine.kernel.clock.now).replace(/^(\w+), (\d+) (\w+) (\d+) (\S+) .*/, "$1 $3 $2 $5 UTC $4");
}

const soaParts = ["serial", "refresh", "retry", "expire", "minimum"];

function longSoa(record: DnsRecord): string {
  const [server, mailbox, ...numbers] = record.data.split(" ");
  const lines = numbers.map((number, at) => {
    const words = at === 0 ? "" : ` (${spanWords(Number(number))})`;
    return `\t\t\t\t${number.padEnd(10)} ; ${soaParts[at] ?? ""}${words}\n`;
  });
  return `${recordLine({ ...record, data: `${server} ${mailbox} (` }, narrow)}\n${lines.join("")}\t\t\t\t)`;
}

const units = [
  ["week", 604800],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** 7200 → "2 hours". */
function spanWords(seconds: number): string {
  let rest = seconds;
  const words: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest %= size;
    if (count > 0) words.push(`${count} ${unit}${count === 1 ? "" : "s"}`);
  }
  return words.join(" ") || "0 seconds";
}
