import { reverseOf } from "../../../cluster/network/dns/names.ts";
import type { Program, Task } from "../../../machine/define.ts";
import type { DnsRecord, DnsType } from "../../../machine/define-network.ts";
import type { Process } from "../../../machine/process.ts";
import { ask, dnsTypes, type Heard, namesInTurn, otherTypes, resolvConf, shortName } from "../dns.ts";
import { codeNumber, flagsOf, questionLine, recordLine } from "../dns-text.ts";
import { lookUp } from "../reach.ts";

const usage = `Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]
            [-R number] [-m flag] [-p port] hostname [server]
       -a is equivalent to -v -t ANY
       -A is like -a but omits RRSIG, NSEC, NSEC3
       -c specifies query class for non-IN data
       -C compares SOA records on authoritative nameservers
       -d is equivalent to -v
       -l lists all hosts in a domain, using AXFR
       -m set memory debugging flag (trace|record|usage)
       -N changes the number of dots allowed before root lookup is done
       -p specifies the port on the server to query
       -r disables recursive processing
       -R specifies number of retries for UDP packets
       -s a SERVFAIL response should stop query
       -t specifies the query type
       -T enables TCP/IP mode
       -U enables UDP mode
       -v enables verbose output
       -V print version number and exit
       -w specifies to wait forever for a reply
       -W specifies how long to wait for a reply
       -4 use IPv4 query transport only
       -6 use IPv6 query transport only
`;

interface Settings {
  type: DnsType | undefined;
  verbose: boolean;
  tcp: boolean;
  recurse: boolean;
  port: number;
  patience: number;
  tries: number;
  ndots: number | undefined;
  readonly words: string[];
}

interface Refusal {
  readonly refused: string;
  readonly status: number;
}

function typeFrom(text: string): DnsType | Refusal {
  const type = text.toUpperCase();
  if (dnsTypes.has(type)) return type as DnsType;
  if (otherTypes.has(type)) return { refused: `host: records of type ${type} are not simulated\n`, status: 1 };
  return { refused: `host: invalid type: ${text}\n\n`, status: 2 };
}

function settingsOf(argv: readonly string[]): Settings | Refusal {
  const settings: Settings = {
    type: undefined,
    verbose: false,
    tcp: false,
    recurse: true,
    port: 53,
    patience: 5,
    tries: 2,
    ndots: undefined,
    words: [],
  };
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith("-") || word === "-") {
      settings.words.push(word);
      continue;
    }
    const letter = word[1] ?? "";
    const value = () => (word && word.length > 2 ? word.slice(2) : (rest.shift() ?? ""));
    if (letter === "t") {
      const type = typeFrom(value());
      if (typeof type !== "string") return type;
      settings.type = type;
    } else if (letter === "W") settings.patience = Math.max(1, Number(value()) || 5);
    else if (letter === "R") settings.tries = Math.max(1, Number(value()) || 1) + 1;
    else if (letter === "p") settings.port = Number(value()) || 53;
    else if (letter === "N") settings.ndots = Number(value()) || 0;
    else if (letter === "c" || letter === "m") value();
    else if (letter === "a") {
      settings.type = "ANY";
      settings.verbose = true;
    } else if (letter === "v" || letter === "d") settings.verbose = true;
    else if (letter === "T") settings.tcp = true;
    else if (letter === "r") settings.recurse = false;
    else if (!/^-[46swUi]$/.test(word)) return { refused: `host: ${word} is not simulated\n`, status: 1 };
  }
  return settings;
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const settings = settingsOf(argv);
  if ("refused" in settings) {
    yield* proc.write(2, settings.refused);
    return settings.status;
  }
  const [name, given] = settings.words;
  if (name === undefined) {
    yield* proc.write(2, usage);
    return 1;
  }
  const address = given === undefined ? undefined : yield* lookUp(proc, given);
  if (address !== undefined && typeof address !== "string") {
    yield* proc.write(2, `host: couldn't get address for '${given}': not found\n`);
    return 1;
  }
  const conf = resolvConf(proc);
  const servers = address === undefined ? conf.nameservers : [address];
  const reverse = reverseOf(name);
  const ndots = settings.ndots ?? conf.ndots;
  const names = reverse ? [reverse] : namesInTurn(name, { ...conf, ndots });
  const talk: Talk = {
    proc,
    settings,
    servers,
    head: given === undefined ? "" : headOf(given, address ?? "", settings),
  };
  return yield* looked(talk, names, reverse !== undefined);
}

function headOf(given: string, address: string, { port }: Settings): string {
  return `Using domain server:\nName: ${given}\nAddress: ${address}#${port}\nAliases: \n\n`;
}

interface Talk {
  readonly proc: Process;
  readonly settings: Settings;
  readonly servers: readonly string[];
  head: string;
}

function* looked(talk: Talk, names: readonly string[], isReverse: boolean): Task<number> {
  const { proc, settings } = talk;
  const type = settings.type ?? (isReverse ? "PTR" : "A");
  for (const name of names) {
    const heard = yield* heardFrom(talk, name, type);
    if (!heard) {
      yield* proc.write(1, ";; no servers could be reached\n");
      return 1;
    }
    const { reply } = heard;
    if (reply.rcode !== "NOERROR" && name !== names.at(-1)) continue;
    yield* proc.write(1, talk.head);
    talk.head = "";
    if (reply.rcode !== "NOERROR") {
      const said = isReverse ? name : shortName(name);
      yield* proc.write(1, `Host ${said} not found: ${codeNumber(reply.rcode)}(${reply.rcode})\n`);
      return 1;
    }
    yield* proc.write(1, answerText(talk, heard, name, type, settings.type !== undefined));
    if (settings.type === undefined && !isReverse) {
      const aliased = reply.answers.findLast((record) => record.type === "CNAME")?.data ?? name;
      for (const more of ["AAAA", "MX"] as const) {
        const next = yield* heardFrom(talk, aliased, more);
        if (next) yield* proc.write(1, answerText(talk, next, aliased, more, false));
      }
    }
    return 0;
  }
  return 0;
}

type Answer = Extract<Heard, { reply: unknown }> & { readonly server: string };

function* heardFrom({ proc, settings, servers }: Talk, name: string, type: DnsType): Task<Answer | undefined> {
  const { port, patience, tcp, verbose } = settings;
  if (verbose) yield* proc.write(1, `Trying "${shortName(name)}"\n`);
  let left = settings.tries;
  for (const server of servers)
    for (let first = true; first || left > 0; first = false) {
      left--;
      const heard = yield* ask(proc, { server, port, name, type, patience, tcp });
      if ("reply" in heard) {
        if (heard.retried) yield* proc.write(1, ";; Truncated, retrying in TCP mode.\n");
        return { ...heard, server };
      }
      yield* proc.write(1, `;; communications error to ${server}#${port}: ${heard.failed}\n`);
    }
  return undefined;
}

function answerText({ settings, proc }: Talk, heard: Answer, name: string, type: DnsType, isAsked: boolean): string {
  const { reply } = heard;
  if (settings.verbose) return verboseText(settings, heard, name, type, proc.machine.kernel.random.below(65536));
  const fitting = reply.answers.filter((record) => isAsked || type !== "AAAA" || record.type !== "CNAME");
  if (fitting.length > 0) return fitting.map(recordText).join("");
  return isAsked ? `${shortName(name)} has no ${type} record\n` : "";
}

function recordText({ name, type, data }: DnsRecord): string {
  const own = shortName(name);
  switch (type) {
    case "A":
      return `${own} has address ${data}\n`;
    case "AAAA":
      return `${own} has IPv6 address ${data}\n`;
    case "CNAME":
      return `${own} is an alias for ${data}\n`;
    case "MX":
      return `${own} mail is handled by ${data}\n`;
    case "NS":
      return `${own} name server ${data}\n`;
    case "PTR":
      return `${own} domain name pointer ${data}\n`;
    case "TXT":
      return `${own} descriptive text ${data}\n`;
    default:
      return `${own} has ${type} record ${data}\n`;
  }
}

function verboseText({ port, recurse }: Settings, heard: Answer, name: string, type: DnsType, id: number): string {
  const { reply, size, server, msec } = heard;
  const section = (title: string, records: readonly DnsRecord[]) =>
    records.length === 0
      ? ""
      : `;; ${title} SECTION:\n${records.map((record) => `${recordLine(record)}\n`).join("")}\n`;
  const counts = `ANSWER: ${reply.answers.length}, AUTHORITY: ${reply.authority.length}, ADDITIONAL: ${reply.additional.length}`;
  return `;; ->>HEADER<<- opcode: QUERY, status: ${reply.rcode}, id: ${id}
;; flags: ${flagsOf(reply, recurse)}; QUERY: 1, ${counts}

;; QUESTION SECTION:
${questionLine(name, type)}

${section("ANSWER", reply.answers)}${section("AUTHORITY", reply.authority)}${section("ADDITIONAL", reply.additional)}Received ${size} bytes from ${server}#${port} in ${msec} ms
`;
}

/** host of BIND 9.18 (dnsutils). */
export const host: Program = { name: "host", run };
