import { namesToTry, type ResolvConf, readResolvConf } from "../../cluster/network/resolver.ts";
import type { Task } from "../../machine/define.ts";
import { root } from "../../machine/define-files.ts";
import type { DnsType } from "../../machine/define-network.ts";
import type { Process } from "../../machine/process.ts";

/** What /etc/resolv.conf says to a process. */
export function resolvConf({ machine }: Process): ResolvConf {
  const { files } = machine;
  return readResolvConf(files.find("/etc/resolv.conf", root) ? files.read("/etc/resolv.conf", root) : "");
}

/** The full names that stand for a short one, in the order of the resolver. */
export function fullNames(proc: Process, name: string): string[] {
  return namesToTry(name, resolvConf(proc));
}

/** An answer of a name server: its records, none where the name has none of the type, or NXDOMAIN. */
export type DnsAnswer = readonly string[] | "NXDOMAIN";

/** Asks a name server; undefined where none answers, after `seconds`. */
export function* question(
  proc: Process,
  server: string,
  name: string,
  type: DnsType,
  seconds = 10,
): Task<DnsAnswer | undefined> {
  const { machine } = proc;
  const dialled = machine.network.dial(machine, server, 53, "UDP");
  if (!("listener" in dialled) || !dialled.listener.dns) {
    if ("listener" in dialled || dialled.failed !== "refused") yield* proc.sleep(seconds);
    return undefined;
  }
  const { dns } = dialled.listener;
  const found = dns(name, type);
  if (found) return found;
  return type !== "A" && dns(name, "A") ? [] : "NXDOMAIN";
}

/** 10.96.0.1 → 1.0.96.10.in-addr.arpa; undefined for what is no address. */
export function reverseName(word: string): string | undefined {
  const found = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(word);
  return found ? `${found[4]}.${found[3]}.${found[2]}.${found[1]}.in-addr.arpa` : undefined;
}
