import { reverseOf } from "../../../cluster/network/dns/names.ts";
import type { Program, Task } from "../../../machine/define.ts";
import type { DnsType } from "../../../machine/define-network.ts";
import type { Process } from "../../../machine/process.ts";
import { ask, dnsTypes, type Heard, namesInTurn, otherTypes, resolvConf, shortName } from "../dns.ts";
import { lookUp } from "../reach.ts";
import { busyboxNslookup } from "./busybox.ts";
import { recordText } from "./record-text.ts";

interface Settings {
  type: DnsType | undefined;
  timeout: number;
  tries: number;
  search: boolean;
  recurse: boolean;
  tcp: boolean;
  port: number;
  debug: boolean;
}

/** Reads an option; gives what is printed about it. */
function setOption(settings: Settings, word: string): string {
  const [name = "", value = ""] = word.slice(1).toLowerCase().split("=", 2);
  const isNot = name.startsWith("no");
  const plain = isNot ? name.slice(2) : name;
  if (/^(type|querytype|query|qu|q|ty)$/.test(plain)) {
    const type = value.toUpperCase();
    if (dnsTypes.has(type)) settings.type = type as DnsType;
    else
      return otherTypes.has(type)
        ? `nslookup: records of type ${value} are not simulated\n`
        : `unknown query type: ${value}\n`;
  } else if (/^(timeout|ti)$/.test(plain)) settings.timeout = Math.max(1, Number(value) || 5);
  else if (/^(retry|ret)$/.test(plain)) settings.tries = Math.max(1, Number(value) || 1);
  else if (/^(port|po)$/.test(plain)) settings.port = Number(value) || 53;
  else if (/^sea(rch)?$/.test(plain)) settings.search = !isNot;
  else if (/^rec(urse)?$/.test(plain)) settings.recurse = !isNot;
  else if (plain === "vc") settings.tcp = !isNot;
  else if (/^(debug|deb|d2)$/.test(plain)) settings.debug = !isNot;
  else if (!/^(fail|sil|class|cl|domain|do|def|all|ndots|nofail)/.test(plain)) return `*** Invalid option: ${plain}\n`;
  return "";
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const settings: Settings = {
    type: undefined,
    timeout: 5,
    tries: 3,
    search: true,
    recurse: true,
    tcp: false,
    port: 53,
    debug: false,
  };
  for (const word of argv.filter((one) => one.startsWith("-"))) yield* proc.write(1, setOption(settings, word));
  if (settings.debug) yield* proc.write(2, "nslookup: -debug is not simulated\n");
  const [name, given] = argv.filter((word) => !word.startsWith("-"));
  if (name === undefined) {
    yield* proc.write(2, "nslookup: the interactive mode is not simulated\n");
    return 1;
  }
  const address = given === undefined ? undefined : yield* lookUp(proc, given);
  if (address !== undefined && typeof address !== "string") {
    yield* proc.write(2, `nslookup: couldn't get address for '${given}': not found\n`);
    return 1;
  }
  const conf = resolvConf(proc);
  const talk: Talk = {
    proc,
    settings,
    servers: address === undefined ? conf.nameservers : [address],
    shown: given,
    // Whether a server asks others counts only where it is the usual one.
    checks: given === undefined && settings.recurse && !isOldBind(proc),
  };
  const reverse = settings.type === undefined || settings.type === "PTR" ? reverseOf(name) : undefined;
  const names = reverse
    ? [reverse]
    : settings.search
      ? namesInTurn(name, conf)
      : [name.endsWith(".") ? name : `${name}.`];
  return yield* asked(talk, names, reverse !== undefined);
}

/** BIND 9.9 of Debian 8, which the older images for looking at names have, says nothing of recursion. */
function isOldBind({ machine }: Process): boolean {
  return /\/(jessie-dnsutils|tutum\/dnsutils):/.test(String(machine.parts.get("image") ?? ""));
}

interface Talk {
  readonly proc: Process;
  readonly settings: Settings;
  readonly servers: readonly string[];
  readonly shown: string | undefined;
  readonly checks: boolean;
}

function* asked(talk: Talk, names: readonly string[], isReverse: boolean): Task<number> {
  const { proc, settings, shown } = talk;
  const type = settings.type ?? (isReverse ? "PTR" : "A");
  const isUsual = settings.type === undefined;
  for (const name of names) {
    const got = yield* heardFrom(talk, name, type);
    if (!got) {
      yield* proc.write(1, ";; no servers could be reached\n\n");
      return 1;
    }
    const { rcode, answers, authoritative } = got.reply;
    if (rcode !== "NOERROR" && name !== names.at(-1)) continue;
    const withHead = !isUsual || type === "A";
    if (withHead)
      yield* proc.write(1, `Server:\t\t${shown ?? got.server}\nAddress:\t${got.server}#${settings.port}\n\n`);
    if (rcode !== "NOERROR") {
      yield* proc.write(1, `** server can't find ${shortName(name)}: ${rcode}\n\n`);
      return 1;
    }
    if (!authoritative && withHead) yield* proc.write(1, "Non-authoritative answer:\n");
    let text = answers.map(recordText).join("");
    yield* proc.write(1, text);
    if (isUsual && type === "A") {
      const six = yield* heardFrom(talk, name, "AAAA");
      const more = (six?.reply.answers ?? [])
        .filter((record) => record.type !== "CNAME")
        .map(recordText)
        .join("");
      yield* proc.write(1, more);
      text += more;
    }
    if (text === "") yield* proc.write(1, `*** Can't find ${shortName(name)}: No answer\n`);
    else if (!authoritative && isReverse) yield* proc.write(1, "\nAuthoritative answers can be found from:\n");
    yield* proc.write(1, "\n");
    return 0;
  }
  return 0;
}

type Answer = Extract<Heard, { reply: unknown }>;

/** Asks the servers until one gives an answer that helps. */
function* heardFrom(
  { proc, settings, servers, checks }: Talk,
  name: string,
  type: DnsType,
): Task<(Answer & { readonly server: string }) | undefined> {
  let left = settings.tries;
  for (const [at, server] of servers.entries()) {
    const isLast = at === servers.length - 1;
    for (let first = true; first || left > 0; first = false) {
      left--;
      const { port, timeout: patience, tcp } = settings;
      const heard = yield* ask(proc, { server, port, name, type, patience, tcp });
      if (!("reply" in heard)) {
        yield* proc.write(1, `;; communications error to ${server}#${port}: ${heard.failed}\n`);
        continue;
      }
      if (heard.retried) yield* proc.write(1, ";; Truncated, retrying in TCP mode.\n");
      const { rcode, recursive } = heard.reply;
      const fault =
        rcode === "SERVFAIL" ? "SERVFAIL reply" : checks && !recursive ? "recursion not available" : undefined;
      if (fault === undefined) return { ...heard, server };
      yield* proc.write(1, `;; Got ${fault} from ${server}${isLast ? "" : ", trying next server"}\n`);
      if (isLast) return { ...heard, server };
      break;
    }
  }
  return undefined;
}

/** nslookup of BIND 9.18 (dnsutils); in images of busybox, busybox' own. */
export const nslookup: Program = { name: "nslookup", run, busybox: busyboxNslookup };
