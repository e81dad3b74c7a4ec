import { parseIp } from "../../base/cidr.ts";
import { namesOfAddress } from "../../cluster/network/name-service.ts";
import type { Task } from "../../machine/define.ts";
import { root } from "../../machine/define-files.ts";
import { type Call, tool } from "./define.ts";

/** Finds the lines of a database: all of them, or those with the key. */
type Lookup = (call: Call, key: string | undefined) => Task<readonly string[]>;

const databases: Readonly<Record<string, Lookup>> = {
  ahosts: (call, key) => addressLines(call, key, () => true),
  ahostsv4: (call, key) => addressLines(call, key, isVersion4),
  // Without an address of version 6 of its own a host asks for none (AI_ADDRCONFIG).
  ahostsv6: (call, key) => addressLines(call, key, () => false),
  group: byNameOrNumber("/etc/group"),
  *hosts(call, key) {
    const found = yield* hosts(call, key);
    const six = found.filter(({ address }) => !isVersion4(address));
    return (key !== undefined && six.length > 0 ? six : found).map(
      ({ address, names }) => `${address.padEnd(15)} ${names.join(" ")}`,
    );
  },
  passwd: byNameOrNumber("/etc/passwd"),
  *shadow(call, key) {
    return linesOf(call, "/etc/shadow").filter((line) => key === undefined || line.startsWith(`${key}:`));
  },
};

function isVersion4(address: string): boolean {
  return !address.includes(":");
}

function* addressLines(
  call: Call,
  key: string | undefined,
  isWanted: (address: string) => boolean,
): Task<readonly string[]> {
  const found = (yield* hosts(call, key)).filter(({ address }) => isWanted(address));
  const four = found.filter(({ address }) => isVersion4(address));
  return (key === undefined || four.length === 0 ? found : four).flatMap(({ address, names }, at) => {
    const shown = address.padEnd(15);
    const name = key === undefined || at === 0 ? (names[0] ?? "") : "";
    return [`${shown} STREAM ${name}`, `${shown} DGRAM  `, `${shown} RAW    `];
  });
}

/** getent: entries of the host's databases (glibc 2.36). */
export const getent = tool({
  name: "getent",
  from: "(Debian GLIBC 2.36-9+deb12u13) 2.36",
  usage: "[OPTION...] database [key ...]",
  options: "+ i,no-idn s,service=",
  misused: () => advice,
  *run(call) {
    const [name, ...keys] = call.operands;
    if (name === undefined) return yield* refuse(call, "getent: wrong number of arguments");
    const lookup = databases[name];
    if (!lookup) return yield* refuse(call, `Unknown database: ${name}`);
    let status = 0;
    for (const key of keys.length === 0 ? [undefined] : keys) {
      const found = yield* lookup(call, key);
      // Of several equal keys the first entry counts, as getpwnam(3) and its like have it; of addresses all do.
      for (const line of key === undefined || name.includes("hosts") ? found : found.slice(0, 1))
        call.out.put(`${line}\n`);
      if (key !== undefined && found.length === 0) status = 2;
    }
    return status;
  },
});

const advice = "Try `getent --help' or `getent --usage' for more information.";

function* refuse(call: Call, message: string): Task<number> {
  yield* call.proc.write(2, `${message}\n`);
  call.out.put(`${advice}\n`);
  return 1;
}

function byNameOrNumber(path: string): Lookup {
  return function* (call, key) {
    return linesOf(call, path).filter((line) => {
      const [name, , number] = line.split(":");
      return key === undefined || name === key || (/^\d+$/.test(key) && number === key);
    });
  };
}

/** Only root reads /etc/shadow; for all others it is as if there were none. */
function linesOf(call: Call, path: string): string[] {
  if (!call.files.may(path, "r", call.who)) return [];
  return call.files
    .read(path, root)
    .split("\n")
    .filter((line) => line !== "");
}

interface Host {
  readonly address: string;
  readonly names: readonly string[];
}

/** The entries of /etc/hosts with the key as name or address, or else what the resolver knows of it. */
function* hosts(call: Call, key: string | undefined): Task<readonly Host[]> {
  const listed = linesOf(call, "/etc/hosts").flatMap((line): Host[] => {
    const [address = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    return address === "" || names.length === 0 ? [] : [{ address, names }];
  });
  if (key === undefined) return listed;
  const found = listed.filter(({ address, names }) => address === key || names.includes(key));
  if (found.length > 0) return found.slice(0, 1);
  const { machine } = call.proc;
  if (parseIp(key)) {
    if (call.operands[0] !== "hosts") return [{ address: key, names: [key] }];
    const { names, after } = namesOfAddress(machine.network, machine, key);
    yield* call.proc.sleep(after);
    return names.length > 0 ? [{ address: key, names }] : [];
  }
  const resolved = machine.network.resolve(machine, key);
  yield* call.proc.sleep(resolved.after);
  if ("failed" in resolved) return [];
  return resolved.addresses.map((address) => ({ address, names: [resolved.canonical, ...resolved.aliases] }));
}
