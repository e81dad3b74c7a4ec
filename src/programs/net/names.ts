import { reverseOf } from "../../cluster/network/dns/names.ts";
import type { Task } from "../../machine/define.ts";
import { root } from "../../machine/define-files.ts";
import type { Process } from "../../machine/process.ts";
import { ask, resolvConf, shortName } from "./dns.ts";

/** The name that /etc/hosts has for an address: the first of its line. */
export function nameOf({ machine }: Process, address: string): string | undefined {
  const { files } = machine;
  if (!files.find("/etc/hosts", root)) return undefined;
  for (const line of files.read("/etc/hosts", root).split("\n")) {
    const [listed, name] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (listed === address && name) return name;
  }
  return undefined;
}

/** The name of an address as getnameinfo(3) finds it: in /etc/hosts, or by asking a name server. Takes its time. */
export function* nameByAddress(proc: Process, address: string): Task<string | undefined> {
  const known = nameOf(proc, address);
  const [server] = resolvConf(proc).nameservers;
  const name = reverseOf(address);
  if (known !== undefined || server === undefined || name === undefined) return known;
  const heard = yield* ask(proc, { server, port: 53, name, type: "PTR", patience: 5 });
  if ("failed" in heard) return undefined;
  const found = heard.reply.answers.find(({ type }) => type === "PTR")?.data;
  return found === undefined ? undefined : shortName(found);
}

/** The full name that a name stands for, as getaddrinfo(3) gives it (AI_CANONNAME). */
export function canonicalName({ machine }: Process, name: string): string {
  const found = machine.network.resolve(machine, name);
  return "canonical" in found && found.canonical ? shortName(found.canonical) : name;
}
