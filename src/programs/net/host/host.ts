import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { fullNames, question, resolvConf, reverseName } from "../dns.ts";
import { lookUp } from "../reach.ts";

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const option = argv.find((word) => word.startsWith("-"));
  if (option !== undefined) {
    yield* proc.write(2, `host: ${option} is not simulated\n`);
    return 1;
  }
  const [name, given] = argv;
  if (name === undefined) {
    yield* proc.write(2, "Usage: host {name} [server]\n");
    return 1;
  }
  const server = given === undefined ? (resolvConf(proc).nameservers[0] ?? "127.0.0.1") : yield* lookUp(proc, given);
  if (typeof server !== "string") {
    yield* proc.write(1, `host: couldn't get address for '${given}': not found\n`);
    return 1;
  }
  if (given !== undefined)
    yield* proc.write(1, `Using domain server:\nName: ${given}\nAddress: ${server}#53\nAliases: \n\n`);
  const reverse = reverseName(name);
  for (const full of reverse === undefined ? fullNames(proc, name) : [reverse]) {
    const found = yield* question(proc, server, full, reverse ? "PTR" : "A");
    if (found === undefined) {
      yield* proc.write(1, ";; communications error: timed out\n;; no servers could be reached\n");
      return 1;
    }
    if (found === "NXDOMAIN") continue;
    for (const one of found)
      yield* proc.write(1, reverse ? `${full} domain name pointer ${one}.\n` : `${full} has address ${one}\n`);
    return 0;
  }
  const said = reverse === undefined ? name.replace(/\.$/, "") : `${reverse}.`;
  yield* proc.write(1, `Host ${said} not found: 3(NXDOMAIN)\n`);
  return 1;
}

/** host of BIND 9 (dnsutils). */
export const host: Program = { name: "host", run };
