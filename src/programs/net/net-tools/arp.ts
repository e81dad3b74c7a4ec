import { ipVersion } from "../../../base/cidr.ts";
import type { Neighbour } from "../../../cluster/network/links/define.ts";
import { neighboursOf } from "../../../cluster/network/links/links.ts";
import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { compileOptions, OptionError, parseOptions } from "../../text/options.ts";
import { nameOf } from "../names.ts";
import { ARP_USAGE, BUSYBOX_ARP_USAGE } from "./usage.ts";

const declared = "n,numeric a e v,verbose i,device= d,delete s,set f,file D,use-device H= t= A= p= V,version h,help";

interface Chosen {
  readonly entries: readonly Neighbour[];
  readonly has: (key: string) => boolean;
  readonly host: string | undefined;
}

function choose(proc: Process, argv: readonly string[]): Chosen | "changes" {
  const { given, operands } = parseOptions(compileOptions(declared), argv);
  const has = (key: string) => given.some((one) => one.key === key);
  if (has("d") || has("s") || has("f")) return "changes";
  const dev = given.findLast(({ key }) => key === "i")?.value;
  const [host] = operands;
  const entries = neighboursOf(proc.machine).filter(
    (one) =>
      ipVersion(one.address) === 4 &&
      (dev === undefined || one.dev === dev) &&
      (host === undefined || one.address === host || nameOf(proc, one.address) === host),
  );
  return { entries, has, host };
}

function* refused(proc: Process): Task<number> {
  const isRoot = proc.credentials.uid === 0;
  yield* proc.write(
    2,
    isRoot ? "arp: to change entries is not simulated\n" : "SIOCDARP(dontpub): Operation not permitted\n",
  );
  return 255;
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  let chosen: ReturnType<typeof choose>;
  try {
    chosen = choose(proc, argv);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    yield* proc.write(2, `arp: ${error.message}\n${ARP_USAGE}`);
    return 3;
  }
  if (chosen === "changes") return yield* refused(proc);
  const { entries, has, host } = chosen;
  const name = (address: string) => (has("n") ? undefined : nameOf(proc, address));
  if (entries.length === 0 && host !== undefined) {
    yield* proc.write(1, `${host} (${host}) -- no entry\n`);
    return 0;
  }
  if (has("a")) {
    for (const { address, mac, state, dev } of entries)
      yield* proc.write(
        1,
        `${name(address) ?? "?"} (${address}) at ${mac} [ether]${state === "PERMANENT" ? " PERM" : ""} on ${dev}\n`,
      );
    return 0;
  }
  yield* proc.write(1, "Address                  HWtype  HWaddress           Flags Mask            Iface\n");
  for (const { address, mac, state, dev } of entries) {
    const flags = state === "PERMANENT" ? "CM" : "C";
    const who = (name(address) ?? address).slice(0, 23);
    yield* proc.write(1, `${who.padEnd(23)}  ether   ${mac.padEnd(20)}${flags.padEnd(6)}${" ".repeat(16)}${dev}\n`);
  }
  return 0;
}

function* busybox(proc: Process, argv: readonly string[]): Task<number> {
  try {
    const chosen = choose(proc, argv);
    if (chosen === "changes") return yield* refused(proc);
    for (const { address, mac, state, dev } of chosen.entries) {
      const name = chosen.has("n") ? undefined : nameOf(proc, address);
      yield* proc.write(
        1,
        `${name ?? "?"} (${address}) at ${mac} [ether] ${state === "PERMANENT" ? "PERM" : ""} on ${dev}\n`,
      );
    }
    return 0;
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    yield* proc.write(2, `arp: ${error.message}\n${BUSYBOX_ARP_USAGE}`);
    return 1;
  }
}

/** arp of net-tools 2.10; in images of busybox, busybox' own. */
export const arp: Program = { name: "arp", folder: "/usr/sbin", run, busybox };
