import { byteLength } from "../../../base/text-bytes.ts";
import { replySize } from "../../../cluster/network/dns/wire-size.ts";
import { hexOf } from "../../../cluster/network/links/addresses.ts";
import { linksOf } from "../../../cluster/network/links/links.ts";
import type { Attempt, DnsQuestion, DnsReply, Said } from "../../../machine/define-network.ts";
import type { Machine } from "../../../machine/machine.ts";
import type { Packet } from "./packet.ts";
import { type Viewed, viewOf } from "./viewpoint.ts";

/** tcpdump reads HTTP on these ports. */
const readsHttp = new Set([80, 8080, 3128]);

/** A connection as it is seen: numbers that the kernels would have drawn for it. */
export interface Conversation {
  readonly view: Viewed;
  readonly sourcePort: number;
  readonly id: number;
  readonly stamps: readonly [near: number, far: number];
  /** The longest segment that the link takes. */
  readonly mss: number;
  sent: number;
  received: number;
}

/** The connection of an attempt as a machine sees it. */
export function conversationOf(machine: Machine, attempt: Attempt): Conversation | undefined {
  const view = viewOf(machine, attempt);
  if (!view) return undefined;
  const hex = hexOf(`${view.source} ${view.target} ${machine.kernel.clock.now}`);
  const part = (from: number, digits: number) => Number.parseInt(hex.slice(from, from + digits), 16);
  return {
    view,
    sourcePort: 32_768 + (part(0, 4) % 28_232),
    id: part(4, 4),
    stamps: [part(8, 8), part(16, 8)],
    mss: (linksOf(machine).find(({ name }) => name === view.link)?.mtu ?? 1500) - 40,
    sent: 1,
    received: 1,
  };
}

type Draft = Pick<Packet, "text" | "length"> & { readonly back?: boolean; readonly after: number };

function packets(talk: Conversation, now: number, protocol: Packet["protocol"], drafts: readonly Draft[]): Packet[] {
  const { view, sourcePort } = talk;
  const near = { address: view.source, port: sourcePort };
  const far = { address: view.target, port: view.port };
  return drafts.map(({ text, length, back = false, after }) => ({
    at: now + after,
    link: view.link,
    isOut: view.isOut !== back,
    protocol,
    source: (back ? far : near).address,
    sourcePort: (back ? far : near).port,
    target: (back ? near : far).address,
    targetPort: (back ? near : far).port,
    text,
    length,
  }));
}

/** The packets that open a connection, or those of an echo. */
export function opening(talk: Conversation, attempt: Attempt, now: number): Packet[] {
  const { ended, protocol } = attempt;
  if (protocol === "ICMP") return echo(talk, ended, now);
  if (protocol !== "TCP") return [];
  const [mine, yours] = talk.stamps;
  const { mss } = talk;
  const first = `Flags [S], seq ${mine}, win 64240, options [mss ${mss},sackOK,TS val ${yours} ecr 0,nop,wscale 7], length 0`;
  const syn: Draft = { text: first, length: 0, after: 0 };
  if ("failed" in ended) {
    if (ended.failed !== "refused") return packets(talk, now, "tcp", [syn]);
    const reset = `Flags [R.], seq 0, ack ${mine + 1}, win 0, length 0`;
    return packets(talk, now, "tcp", [syn, { text: reset, length: 0, back: true, after: 21 }]);
  }
  const second = `Flags [S.], seq ${yours}, ack ${mine + 1}, win 65160, options [mss ${mss},sackOK,TS val ${mine} ecr ${yours},nop,wscale 7], length 0`;
  return packets(talk, now, "tcp", [
    syn,
    { text: second, length: 0, back: true, after: 36 },
    { text: segment(talk, ".", false, 0), length: 0, after: 55 },
  ]);
}

function echo({ id, ...talk }: Conversation, ended: Attempt["ended"], now: number): Packet[] {
  const text = (kind: string) => `ICMP echo ${kind}, id ${id}, seq 1, length 64`;
  const asked: Draft = { text: text("request"), length: 64, after: 0 };
  const answered: Draft = { text: text("reply"), length: 64, back: true, after: 40 };
  return packets({ id, ...talk }, now, "icmp", "failed" in ended ? [asked] : [asked, answered]);
}

/** A segment of a connection that stands: Flags [P.], seq 1:78, ack 1, … */
function segment(talk: Conversation, flags: string, back: boolean, length: number, more = ""): string {
  const [own, other] = back ? [talk.received, talk.sent] : [talk.sent, talk.received];
  const range = length > 0 ? `seq ${own}:${own + length}, ` : flags === "F." ? `seq ${own}, ` : "";
  if (back) talk.received += length + (flags === "F." ? 1 : 0);
  else talk.sent += length + (flags === "F." ? 1 : 0);
  const [a, b] = back ? [talk.stamps[0], talk.stamps[1]] : [talk.stamps[1], talk.stamps[0]];
  return `Flags [${flags}], ${range}ack ${other}, win 502, options [nop,nop,TS val ${a} ecr ${b}], length ${length}${more}`;
}

/** The packets of what is said over a connection: question and answer, and of TCP its end. */
export function exchanged(talk: Conversation, attempt: Attempt, said: Said, now: number): Packet[] {
  if ("question" in said) return named(talk, attempt, said.question, said.reply, now);
  const isSecret = "listener" in attempt.ended && attempt.ended.listener.tls !== undefined;
  const reads = !isSecret && readsHttp.has(talk.view.port);
  const { request, answer } = said;
  const body = typeof request.body === "string" ? byteLength(request.body) : 0;
  const asked = headLength(`${request.method} ${request.path} HTTP/1.1`, request.headers) + body;
  const text = typeof answer.body === "string" ? answer.body : answer.body ? JSON.stringify(answer.body) : "";
  const got = headLength(`HTTP/1.1 ${answer.status} OK`, answer.headers) + byteLength(text);
  const http = (line: string) => (reads ? `: HTTP: ${line}` : "");
  const wait = Math.round((answer.after ?? 0) * 1_000_000);
  const draft = (flags: string, back: boolean, length: number, after: number, more = ""): Draft => ({
    text: segment(talk, flags, back, length, more),
    length,
    back,
    after,
  });
  return packets(talk, now, "tcp", [
    draft("P.", false, asked, 180, http(`${request.method} ${request.path} HTTP/1.1`)),
    draft(".", true, 0, 205),
    draft("P.", true, got, wait + 620, http(`HTTP/1.1 ${answer.status} ${reasonOf(answer.status)}`)),
    draft(".", false, 0, wait + 640),
    draft("F.", false, 0, wait + 900),
    draft("F.", true, 0, wait + 960),
    draft(".", false, 0, wait + 985),
  ]);
}

function reasonOf(status: number): string {
  return (
    {
      200: "OK",
      301: "Moved Permanently",
      302: "Found",
      403: "Forbidden",
      404: "Not Found",
      500: "Internal Server Error",
      502: "Bad Gateway",
      503: "Service Unavailable",
      504: "Gateway Time-out",
    }[status] ?? ""
  );
}

function headLength(first: string, headers: Readonly<Record<string, string>>): number {
  const lines = Object.entries(headers).map(([name, value]) => name.length + value.length + 4);
  return lines.reduce((sum, one) => sum + one, first.length + 4);
}

function named(
  talk: Conversation,
  attempt: Attempt,
  question: DnsQuestion,
  reply: DnsReply | undefined,
  now: number,
): Packet[] {
  const { id } = talk;
  const size = question.name.length + 17;
  const asked: Draft = { text: `${id}+ ${question.type}? ${question.name} (${size})`, length: size, after: 0 };
  const protocol = attempt.protocol === "TCP" ? "tcp" : "udp";
  if (!reply) return packets(talk, now, protocol, [asked]);
  const length = replySize(question, reply);
  const code = {
    NOERROR: "",
    NXDOMAIN: " NXDomain",
    SERVFAIL: " ServFail",
    REFUSED: " Refused",
    FORMERR: " FormErr",
    NOTIMP: " NotImp",
  }[reply.rcode];
  const marks = `${reply.authoritative ? "*" : ""}${reply.recursive ? "" : "-"}`;
  const counts = `${reply.answers.length}/${reply.authority.length}/${reply.additional.length}`;
  const answers = reply.answers.map(({ type, data }) => ` ${type} ${data}`).join(",");
  const text = `${id}${code}${marks} ${counts}${answers} (${length})`;
  const after = Math.round((reply.after ?? 0) * 1_000_000) + 380;
  return packets(talk, now, protocol, [asked, { text, length, back: true, after }]);
}
