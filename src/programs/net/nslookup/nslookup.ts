import type { Program, Task } from "../../../machine/define.ts";
import type { DnsType } from "../../../machine/define-network.ts";
import type { Process } from "../../../machine/process.ts";
import { fullNames, question, resolvConf, reverseName } from "../dns.ts";
import { lookUp } from "../reach.ts";
import { busyboxNslookup } from "./busybox.ts";

const types: Readonly<Record<string, DnsType>> = { a: "A", aaaa: "AAAA", ptr: "PTR", srv: "SRV", cname: "CNAME" };

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const options = argv.filter((word) => word.startsWith("-"));
  const [name, given] = argv.filter((word) => !word.startsWith("-"));
  if (name === undefined) {
    yield* proc.write(2, "nslookup: the interactive mode is not simulated\n");
    return 1;
  }
  const wanted = options.map((word) => /^-(?:query|type|q|ty|querytype)=(.*)$/i.exec(word)?.[1]).findLast(Boolean);
  const type = wanted === undefined ? undefined : types[wanted.toLowerCase()];
  if (wanted !== undefined && !type) {
    yield* proc.write(2, `nslookup: records of type ${wanted} are not simulated\n`);
    return 1;
  }
  const server = given === undefined ? resolvConf(proc).nameservers[0] : yield* lookUp(proc, given);
  if (server !== undefined && typeof server !== "string") {
    yield* proc.write(1, `nslookup: couldn't get address for '${given}': not found\n`);
    return 1;
  }
  return yield* asked(proc, { name, type, server: server ?? "127.0.0.1", shown: given ?? server ?? "127.0.0.1" });
}

interface Asked {
  readonly name: string;
  readonly type: DnsType | undefined;
  readonly server: string;
  readonly shown: string;
}

function* asked(proc: Process, { name, type, server, shown }: Asked): Task<number> {
  const reverse = type === undefined ? reverseName(name) : undefined;
  const names = reverse === undefined ? fullNames(proc, name) : [reverse];
  const head = `Server:\t\t${shown}\nAddress:\t${server}#53\n\n`;
  for (const full of names) {
    const found = yield* question(proc, server, full, type ?? (reverse ? "PTR" : "A"), 15);
    if (found === undefined) {
      yield* proc.write(1, ";; connection timed out; no servers could be reached\n\n");
      return 1;
    }
    if (found === "NXDOMAIN") continue;
    const lines = found.map((one) =>
      reverse
        ? `${full}\tname = ${one}.\n`
        : type === undefined || type === "A" || type === "AAAA"
          ? `Name:\t${full}\nAddress: ${one}\n`
          : `${full}\t${type === "SRV" ? "service" : "canonical name"} = ${one}\n`,
    );
    const text = lines.length > 0 ? lines.join("") : `*** Can't find ${name}: No answer\n`;
    yield* proc.write(1, `${head}${text}\n`);
    return lines.length > 0 ? 0 : 1;
  }
  const said = reverse ?? name.replace(/\.$/, "");
  yield* proc.write(1, `${head}** server can't find ${said}: NXDOMAIN\n\n`);
  return 1;
}

/** nslookup of BIND 9 (dnsutils); in images of busybox, busybox' own. */
export const nslookup: Program = { name: "nslookup", run, busybox: busyboxNslookup };
