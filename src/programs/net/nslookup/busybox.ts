import type { Task } from "../../../machine/define.ts";
import type { DnsType } from "../../../machine/define-network.ts";
import type { Process } from "../../../machine/process.ts";
import { question, resolvConf, reverseName } from "../dns.ts";
import { lookUp } from "../reach.ts";

const usage = `BusyBox v1.37.0 multi-call binary.

Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]

Query DNS about HOST

QUERY_TYPE: soa,ns,a,aaaa,cname,mx,txt,ptr,srv,any
`;

const types: Readonly<Record<string, DnsType>> = { a: "A", aaaa: "AAAA", ptr: "PTR", srv: "SRV", cname: "CNAME" };

/** nslookup as busybox has it: since 1.29 an own resolver, which puts search domains to names without a dot alone. */
export function* busyboxNslookup(proc: Process, argv: readonly string[]): Task<number> {
  const options = argv.filter((word) => word.startsWith("-"));
  const [name, given] = argv.filter((word) => !word.startsWith("-"));
  if (name === undefined) {
    yield* proc.write(2, usage);
    return 1;
  }
  if (isOld(proc)) return yield* byLibrary(proc, name, given);
  const wanted = options.map((word) => /^-(?:type|querytype|q)=(.*)$/.exec(word)?.[1]).find(Boolean);
  const type = wanted === undefined ? undefined : types[wanted.toLowerCase()];
  if (wanted !== undefined && !type) {
    yield* proc.write(2, `nslookup: records of type ${wanted} are not simulated\n`);
    return 1;
  }
  const server = given === undefined ? (resolvConf(proc).nameservers[0] ?? "127.0.0.1") : yield* lookUp(proc, given);
  if (typeof server !== "string") {
    yield* proc.write(2, `nslookup: bad address '${given}'\n`);
    return 1;
  }
  return yield* byItself(proc, { name, type, server, shown: given ?? server });
}

interface Asked {
  readonly name: string;
  readonly type: DnsType | undefined;
  readonly server: string;
  readonly shown: string;
}

function* byItself(proc: Process, { name, type, server, shown }: Asked): Task<number> {
  const { search } = resolvConf(proc);
  const reverse = type === undefined ? reverseName(name) : undefined;
  const names = reverse
    ? [reverse]
    : name.includes(".") || search.length === 0
      ? [name]
      : search.map((one) => `${name}.${one}`);
  const wanted: DnsType[] = type ? [type] : reverse ? ["PTR"] : ["A", "AAAA"];
  let text = `Server:\t\t${shown}\nAddress:\t${server}:53\n\n`;
  let status = 0;
  for (const one of wanted)
    for (const full of names) {
      const found = yield* question(proc, server, full.replace(/\.$/, ""), one);
      if (found === undefined) {
        yield* proc.write(2, ";; connection timed out; no servers could be reached\n\n");
        return 1;
      }
      if (found === "NXDOMAIN") {
        text += `** server can't find ${full}: NXDOMAIN\n`;
        status = 1;
      } else
        for (const record of found)
          text +=
            one === "PTR" ? `${full}\tname = ${record}\n` : `Name:\t${full.replace(/\.$/, "")}\nAddress: ${record}\n`;
      text += "\n";
    }
  yield* proc.write(1, text);
  return status;
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
  const address = yield* lookUp(proc, name);
  if (typeof address !== "string") {
    yield* proc.write(2, `nslookup: can't resolve '${name}'\n`);
    return 1;
  }
  yield* proc.write(1, `Name:      ${name}\nAddress 1: ${address}${yield* nameOf(proc, server, address)}\n`);
  return 0;
}

function* nameOf(proc: Process, server: string, address: string): Task<string> {
  const reverse = reverseName(address);
  const names = reverse === undefined ? undefined : yield* question(proc, server, reverse, "PTR");
  return names && names !== "NXDOMAIN" && names[0] ? ` ${names[0]}` : "";
}
