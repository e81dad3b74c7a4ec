import { absolute, reverseOf } from "../../../cluster/network/dns/names.ts";
import type { Task } from "../../../machine/define.ts";
import type { DnsType } from "../../../machine/define-network.ts";
import type { Process } from "../../../machine/process.ts";
import { ask, type Heard, resolvConf, shortName } from "../dns.ts";
import { lookUp } from "../reach.ts";
import { busyboxRecordText } from "./record-text.ts";

const usage = `BusyBox v1.37.0 multi-call binary.

Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]

Query DNS about HOST

QUERY_TYPE: soa,ns,a,aaaa,cname,mx,txt,ptr,srv,any
`;

const types = new Set("SOA NS A AAAA CNAME MX TXT PTR SRV ANY".split(" "));
/** How long it waits for all answers together. */
const PATIENCE = 5;
const NOBODY = ";; connection timed out; no servers could be reached\n\n";

/** nslookup as busybox has it: since 1.29 an own resolver, which puts search domains to names without a dot alone. */
export function* busyboxNslookup(proc: Process, argv: readonly string[]): Task<number> {
  const options = argv.filter((word) => word.startsWith("-"));
  const [name, given] = argv.filter((word) => !word.startsWith("-"));
  if (name === undefined) {
    yield* proc.write(2, usage);
    return 1;
  }
  if (isOld(proc)) return yield* byLibrary(proc, name, given);
  const wanted = options.map((word) => /^-(?:type|querytype|q|ty)=(.*)$/.exec(word)?.[1]).find(Boolean);
  if (wanted !== undefined && !types.has(wanted.toUpperCase())) {
    yield* proc.write(2, `nslookup: invalid query type "${wanted}"\n`);
    return 1;
  }
  const [, host = "", port] = /^(.*?)(?::(\d+))?$/.exec(given ?? "") ?? [];
  const isPlain = given === undefined || given.split(":").length !== 2;
  const server = given === undefined ? undefined : yield* lookUp(proc, isPlain ? given : host);
  if (server !== undefined && typeof server !== "string") {
    yield* proc.write(2, `nslookup: bad address '${given}'\n`);
    return 1;
  }
  return yield* byItself(proc, {
    name,
    type: wanted?.toUpperCase() as DnsType | undefined,
    servers: server === undefined ? resolvConf(proc).nameservers : [server],
    shown: given,
    port: isPlain || port === undefined ? 53 : Number(port),
    debug: options.includes("-debug"),
  });
}

interface Asked {
  readonly name: string;
  readonly type: DnsType | undefined;
  readonly servers: readonly string[];
  readonly shown: string | undefined;
  readonly port: number;
  readonly debug: boolean;
}

function* byItself(proc: Process, { name, type, servers, shown, port, debug }: Asked): Task<number> {
  const { search } = resolvConf(proc);
  const reverse = type === undefined ? reverseOf(name) : undefined;
  const isBare = !name.includes(".") && search.length > 0;
  const names = reverse ? [reverse] : isBare ? search.map((one) => absolute(`${name}.${one}`)) : [absolute(name)];
  const wanted: readonly DnsType[] = type ? [type] : reverse ? ["PTR"] : ["A", "AAAA"];
  const questions = wanted.flatMap((one) => names.map((full) => ({ type: one, name: full })));
  for (const server of servers) {
    const replies: Heard[] = [];
    // All questions are sent at once: together they take as long as one.
    for (const question of questions) {
      const [last] = replies.slice(-1);
      if (last && "failed" in last) break;
      replies.push(yield* ask(proc, { server, port, ...question, patience: PATIENCE }));
    }
    const failed = replies.find((reply) => "failed" in reply);
    if (failed) {
      const why = failed.failed === "timed out" ? undefined : capital(failed.failed);
      if (why) yield* proc.write(2, `nslookup: write to '${server}': ${why}\n`);
      continue;
    }
    let text = `Server:\t\t${shown ?? server}\nAddress:\t${server}:${port}\n\n`;
    let status = 0;
    replies.forEach((reply, at) => {
      if ("failed" in reply) return;
      const { rcode, answers, authoritative } = reply.reply;
      if (debug) text += `Query #${at} completed in ${reply.msec}ms:\n`;
      if (rcode !== "NOERROR") {
        text += `** server can't find ${shortName(questions[at]?.name ?? "")}: ${rcode}\n\n`;
        status = 1;
        return;
      }
      if (debug && authoritative) text += "authoritative answer:\n";
      if (!authoritative) text += "Non-authoritative answer:\n";
      text += `${answers.map(busyboxRecordText).join("")}\n`;
    });
    yield* proc.write(1, text);
    return status;
  }
  yield* proc.write(1, NOBODY);
  return 1;
}

function capital(text: string): string {
  return text === "host unreachable" ? "Host is unreachable" : text[0]?.toUpperCase() + text.slice(1);
}

/** Up to 1.28 it asked through the C library, search domains and all. */
function isOld({ machine }: Process): boolean {
  const tag = /busybox:1\.(\d+)/.exec(String(machine.parts.get("image") ?? ""));
  return tag !== null && Number(tag[1]) <= 28;
}

function* byLibrary(proc: Process, name: string, given: string | undefined): Task<number> {
  const server = given ?? resolvConf(proc).nameservers[0] ?? "127.0.0.1";
  const own = yield* nameOf(proc, server, server);
  yield* proc.write(1, `Server:    ${server}\nAddress 1: ${server}${own}\n\n`);
  const resolved = proc.machine.network.resolve(proc.machine, name);
  yield* proc.sleep(resolved.after);
  if ("failed" in resolved) {
    yield* proc.write(2, `nslookup: can't resolve '${name}'\n`);
    return 1;
  }
  yield* proc.write(1, `Name:      ${name}\n`);
  for (const [at, address] of resolved.addresses.entries())
    yield* proc.write(1, `Address ${at + 1}: ${address}${yield* nameOf(proc, server, address)}\n`);
  return 0;
}

function* nameOf(proc: Process, server: string, address: string): Task<string> {
  const name = reverseOf(address);
  if (name === undefined) return "";
  const heard = yield* ask(proc, { server, port: 53, name, type: "PTR", patience: PATIENCE });
  const found = "reply" in heard ? heard.reply.answers.find(({ type }) => type === "PTR") : undefined;
  return found ? ` ${shortName(found.data)}` : "";
}
