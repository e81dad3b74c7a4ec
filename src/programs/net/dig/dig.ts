import { rfc1123z } from "../../../base/time.ts";
import type { Program, Task } from "../../../machine/define.ts";
import type { DnsType } from "../../../machine/define-network.ts";
import type { Process } from "../../../machine/process.ts";
import { type DnsAnswer, fullNames, question, resolvConf, reverseName } from "../dns.ts";
import { lookUp } from "../reach.ts";

const types = new Set<string>(["A", "AAAA", "PTR", "SRV", "CNAME"]);

interface Query {
  readonly names: readonly string[];
  readonly type: DnsType;
  readonly server: string;
  readonly shown: string;
  readonly short: boolean;
  readonly only: boolean;
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const server = argv.find((word) => word.startsWith("@"))?.slice(1);
  const words = argv.filter((word) => !word.startsWith("@") && !word.startsWith("+") && !word.startsWith("-"));
  const type = words.find((word) => types.has(word.toUpperCase()));
  const strange =
    words.find((word) => /^(mx|ns|soa|txt|any|caa|ds)$/i.test(word)) ?? argv.find((word) => word === "+trace");
  if (strange !== undefined) {
    yield* proc.write(2, `dig: ${strange} is not simulated\n`);
    return 1;
  }
  const reverse = argv.includes("-x") ? reverseName(words.find((word) => word !== type) ?? "") : undefined;
  const name = reverse ?? words.find((word) => word !== type) ?? ".";
  const address = server === undefined ? (resolvConf(proc).nameservers[0] ?? "127.0.0.1") : yield* lookUp(proc, server);
  if (typeof address !== "string") {
    yield* proc.write(2, `dig: couldn't get address for '${server}': not found\n`);
    return 10;
  }
  return yield* asked(proc, {
    names: argv.includes("+search") ? fullNames(proc, name) : [name.replace(/\.$/, "")],
    type: (reverse ? "PTR" : (type?.toUpperCase() ?? "A")) as DnsType,
    server: address,
    shown: server ?? address,
    short: argv.includes("+short"),
    only: argv.includes("+noall"),
  });
}

function* asked(proc: Process, query: Query): Task<number> {
  const banner = `\n; <<>> DiG 9.18.41-1~deb12u1-Debian <<>> ${proc.argv.slice(1).join(" ")}\n`;
  const options = ";; global options: +cmd\n";
  let found: DnsAnswer | undefined;
  let name = query.names[0] ?? "";
  for (name of query.names) {
    found = yield* question(proc, query.server, name, query.type, 15);
    if (found !== "NXDOMAIN") break;
  }
  if (found === undefined) {
    const failed = `;; communications error to ${query.server}#53: timed out\n`.repeat(3);
    const head =
      query.short || query.only
        ? ""
        : `${banner}${query.shown === query.server ? "" : "; (1 server found)\n"}${options}`;
    yield* proc.write(1, `${failed}${head}${query.short ? "" : ";; no servers could be reached\n"}`);
    return 9;
  }
  const records = found === "NXDOMAIN" ? [] : found;
  const dotted = (text: string) => (query.type === "A" || query.type === "AAAA" ? text : `${text}.`);
  if (query.short) {
    yield* proc.write(1, records.map((one) => `${dotted(one)}\n`).join(""));
    return 0;
  }
  const lines = records.map((one) =>
    `${name}.`
      .padEnd(24)
      .replace(/(\S{23,})\s*$/, "$1 ")
      .trimEnd()
      .concat(`\t30\tIN\t${query.type}\t${dotted(one)}\n`),
  );
  if (query.only) {
    yield* proc.write(1, lines.join(""));
    return 0;
  }
  const id = proc.machine.kernel.random.below(65536);
  const head = `;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: ${found === "NXDOMAIN" ? "NXDOMAIN" : "NOERROR"}, id: ${id}
;; flags: qr aa rd; QUERY: 1, ANSWER: ${records.length}, AUTHORITY: 0, ADDITIONAL: 1
;; WARNING: recursion requested but not available

;; OPT PSEUDOSECTION:
; EDNS: version: 0, flags:; udp: 1232
;; QUESTION SECTION:
;${name}.\t\tIN\t${query.type}

`;
  const answers = lines.length > 0 ? `;; ANSWER SECTION:\n${lines.join("")}\n` : "";
  const when = rfc1123z(proc.machine.kernel.clock.now).replace(
    /^(\w+), (\d+) (\w+) (\d+) (\S+) .*/,
    "$1 $3 $2 $5 UTC $4",
  );
  const foot = `;; Query time: 0 msec\n;; SERVER: ${query.server}#53(${query.shown}) (UDP)\n;; WHEN: ${when}\n;; MSG SIZE  rcvd: ${64 + name.length * 2}\n\n`;
  yield* proc.write(1, banner + options + head + answers + foot);
  return 0;
}

/** dig of BIND 9 (dnsutils), for the records that the world's name servers have. */
export const dig: Program = { name: "dig", run };
