import { makeBaseSystem } from "../../../src/machine/base-system.ts";
import type { Program, Task } from "../../../src/machine/define.ts";
import { root } from "../../../src/machine/define-files.ts";
import type { Network } from "../../../src/machine/define-network.ts";
import { startCommand } from "../../../src/machine/exec.ts";
import type { Kernel } from "../../../src/machine/kernel.ts";
import type { Machine } from "../../../src/machine/machine.ts";
import type { Process } from "../../../src/machine/process.ts";
import { resolvedTo, unresolved } from "../../../src/machine/resolved.ts";
import { unitsOf } from "../../../src/machine/units/units.ts";
import { adminPrograms } from "../../../src/programs/admin/index.ts";
import { type Host, makeHost, makeKernel } from "../../machine/harness.ts";

/** Just enough of a shell to run a command line of plain words; the real one is another unit. */
const plainShell: Program = {
  name: "bash",
  also: ["sh"],
  *run(proc, argv) {
    if (argv[0] === "-c") return yield* runLine(proc, argv[1] ?? "");
    let status = 0;
    for (;;) {
      if (proc.isTerminal(0)) yield* proc.write(2, `${proc.env.get("USER")}@${proc.machine.name}$ `);
      const line = yield* proc.read();
      if (line === undefined) return status;
      for (const one of line.split("\n"))
        if (one.trim() === "exit") return status;
        else if (one.trim() !== "") status = yield* runLine(proc, one);
    }
  },
};

function* runLine(proc: Process, line: string): Task<number> {
  const words = line
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/\\(.)/g, "$1"));
  if (words[0] === "exit") return Number(words[1] ?? 0);
  const child = startCommand(proc, words);
  return yield* proc.waitFor(child);
}

const small: readonly Program[] = [
  plainShell,
  {
    name: "cat",
    *run(proc) {
      for (let text = yield* proc.read(); text !== undefined; text = yield* proc.read()) yield* proc.write(1, text);
      return 0;
    },
  },
  {
    name: "env",
    *run(proc) {
      for (const [name, value] of [...proc.env].sort()) yield* proc.write(1, `${name}=${value}\n`);
      return 0;
    },
  },
  {
    name: "pwd",
    *run(proc) {
      yield* proc.write(1, `${proc.cwd}\n`);
      return 0;
    },
  },
  {
    name: "sleep",
    *run(proc, argv) {
      yield* proc.sleep(Number(argv[0]));
      return 0;
    },
  },
  {
    name: "sayd",
    *run(proc, argv) {
      yield* proc.write(1, `up with ${argv.join(" ")}\n`);
      yield* proc.write(2, "<3>a worry\n");
      for (;;) yield* proc.sleep(3600);
    },
  },
  {
    name: "faild",
    *run(proc, argv) {
      yield* proc.write(2, "cannot go on\n");
      yield* proc.sleep(Number(argv[1] ?? 0));
      return Number(argv[0] ?? 1);
    },
  },
  {
    name: "stubbornd",
    *run(proc) {
      proc.on("TERM", "ignore");
      for (;;) yield* proc.sleep(3600);
    },
  },
];

export const testPrograms: readonly Program[] = [...adminPrograms, ...small];

/** A host with a base system and these programs, not yet booted. */
export function makeNode(
  name: string,
  options: { kernel?: Kernel; network?: Network; addresses?: readonly string[] } = {},
): Host {
  return makeHost({
    ...options,
    name,
    bare: true,
    programs: testPrograms,
    prepare: (machine) => makeBaseSystem(machine, { hostname: name }),
  });
}

/** The same, booted. */
export function bootNode(name: string, options: Parameters<typeof makeNode>[1] = {}): Host {
  const host = makeNode(name, options);
  unitsOf(host.machine).boot();
  host.clock.run(host.clock.now + 1_000_000);
  return host;
}

/** Hosts that reach each other by name and address. */
export function network(hosts: ReadonlyMap<string, { address: string; machine: () => Machine }>): Network {
  return {
    resolve(_from, name) {
      const found = hosts.get(name)?.address ?? (/^[\d.]+$/.test(name) ? name : undefined);
      return found === undefined ? unresolved("no such host") : resolvedTo(name, found);
    },
    echo: (_from, address) =>
      [...hosts.values()].some((one) => one.address === address)
        ? { hops: [address] }
        : { failed: "unreachable", because: "no route" },
    dial(from, address, port) {
      const host = [...hosts.values()].find((one) => one.address === address);
      if (!host) return { failed: "unreachable", because: "no route" };
      const listener = host.machine().net.listeners.find((one) => one.port === port);
      return listener
        ? { listener, address, source: from.net.addresses[0] ?? "" }
        : { failed: "refused", because: "closed" };
    },
  };
}

/** Two booted hosts; candidate of the first may log in to the second as candidate and as root. */
export function twoNodes(): { base: Host; node: Host; kernel: Kernel } {
  const kernel = makeKernel();
  const hosts = new Map<string, { address: string; machine: () => Machine }>();
  const net = network(hosts);
  const base = bootNode("base", { kernel, network: net, addresses: ["10.0.0.1"] });
  const node = bootNode("node-1", { kernel, network: net, addresses: ["10.0.0.2"] });
  hosts.set("base", { address: "10.0.0.1", machine: () => base.machine });
  hosts.set("node-1", { address: "10.0.0.2", machine: () => node.machine });
  return { base, node, kernel };
}

export function addUnit(host: Host, name: string, text: string): void {
  host.files.write(`/etc/systemd/system/${name}`, text, root);
}
