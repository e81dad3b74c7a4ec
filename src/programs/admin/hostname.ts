import { linksOf } from "../../cluster/network/links/links.ts";
import { Errno, type Program, type Task } from "../../machine/define.ts";
import { root } from "../../machine/define-files.ts";
import { kernelRelease, kernelVersion, osName } from "../../machine/hardware.ts";
import type { Machine } from "../../machine/machine.ts";
import type { Process } from "../../machine/process.ts";
import { parseArguments } from "./define.ts";

/** Shows or sets the host's name; set this way it lasts until the next start. */
export const hostname: Program = {
  name: "hostname",
  *run(proc, argv) {
    const given = parseArguments(
      argv,
      "s,short f,fqdn,long i,ip-address I,all-ip-addresses d,domain A,all-fqdns a,alias F,file= b,boot",
    );
    const { machine } = proc;
    if (given.problem !== undefined) {
      yield* proc.write(2, `hostname: ${given.problem}\n`);
      return 255;
    }
    const { options } = given;
    const name =
      given.operands[0] ??
      (options.has("F") ? machine.files.read(options.get("F") ?? "", proc.credentials).trim() : undefined);
    if (name !== undefined) {
      if (proc.credentials.uid !== 0) {
        yield* proc.write(2, "hostname: you must be root to change the host name\n");
        return 1;
      }
      machine.name = name;
      return 0;
    }
    if (options.has("I"))
      yield* proc.write(
        1,
        `${ownAddresses(machine)
          .map((address) => `${address} `)
          .join("")}\n`,
      );
    else if (options.has("i")) yield* proc.write(1, `${machine.net.addresses[0] ?? "127.0.1.1"}\n`);
    else if (options.has("d")) yield* proc.write(1, `${fullName(machine).split(".").slice(1).join(".")}\n`);
    else if (options.has("f")) yield* proc.write(1, `${fullName(machine)}\n`);
    else yield* proc.write(1, `${options.has("s") ? machine.name.split(".")[0] : machine.name}\n`);
    return 0;
  },
};

/** The name with its domain, as gethostbyname(3) finds it: the first name of its line in /etc/hosts, or what a server says. */
function fullName(machine: Machine): string {
  const { files, name, network } = machine;
  const text = files.find("/etc/hosts", root) ? files.read("/etc/hosts", root) : "";
  for (const line of text.split("\n")) {
    const [, ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (names[0] !== undefined && names.includes(name)) return names[0];
  }
  const found = network.resolve(machine, name);
  return "canonical" in found ? found.canonical.replace(/\.$/, "") : name;
}

/** The addresses of all its links that are up, but for loopback and those of a link alone. */
function ownAddresses(machine: Machine): readonly string[] {
  const links = linksOf(machine).filter(({ flags }) => flags.includes("UP"));
  const all = links.flatMap(({ addresses }) => addresses.filter(({ scope }) => scope === "global"));
  return all.map(({ address }) => address);
}

/** Shows and sets the host's name for good. */
export const hostnamectl: Program = {
  name: "hostnamectl",
  *run(proc, argv) {
    const given = parseArguments(argv, "static transient pretty no-ask-password j,json=");
    const [verb = "status", name] = given.operands;
    const fail = function* (message: string): Task<number> {
      yield* proc.write(2, `${message}\n`);
      return 1;
    };
    if (given.problem !== undefined) return yield* fail(`hostnamectl: ${given.problem}`);
    if (verb === "status") return yield* showStatus(proc);
    if (verb !== "hostname" && verb !== "set-hostname") return yield* fail(`Unknown command verb ${verb}.`);
    if (name === undefined) {
      if (verb === "set-hostname") return yield* fail("Too few arguments.");
      yield* proc.write(1, `${proc.machine.name}\n`);
      return 0;
    }
    if (proc.credentials.uid !== 0)
      return yield* fail("Could not set static hostname: Interactive authentication required.");
    if (!/^[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$/.test(name))
      return yield* fail(`Could not set static hostname: Invalid static hostname '${name}'`);
    proc.machine.files.write("/etc/hostname", `${name}\n`, root);
    proc.machine.name = name;
    return 0;
  },
};

function* showStatus(proc: Process): Task<number> {
  const text = (path: string) => {
    try {
      return proc.machine.files.read(path, root).trim();
    } catch (error) {
      if (error instanceof Errno) return "";
      throw error;
    }
  };
  const rows: readonly (readonly [string, string])[] = [
    ["Static hostname", text("/etc/hostname")],
    ["Icon name", "computer-vm"],
    ["Chassis", "vm"],
    ["Machine ID", text("/etc/machine-id")],
    ["Boot ID", text("/proc/sys/kernel/random/boot_id").replaceAll("-", "")],
    ["Virtualization", "kvm"],
    ["Operating System", osName],
    ["Kernel", `Linux ${kernelRelease}`],
    ["Architecture", "x86-64"],
  ];
  yield* proc.write(1, rows.map(([label, value]) => `${label.padStart(16)}: ${value}\n`).join(""));
  return 0;
}

/** Names the kernel and the machine. */
export const uname: Program = {
  name: "uname",
  *run(proc, argv) {
    const given = parseArguments(
      argv,
      "a,all s,kernel-name n,nodename r,kernel-release v,kernel-version m,machine p,processor i,hardware-platform o,operating-system",
    );
    if (given.problem !== undefined || given.operands.length > 0) {
      const problem = given.problem ?? `extra operand ‘${given.operands[0]}’`;
      yield* proc.write(2, `uname: ${problem}\nTry 'uname --help' for more information.\n`);
      return 1;
    }
    const { options } = given;
    const parts: readonly (readonly [flag: string, text: string])[] = [
      ["s", "Linux"],
      ["n", proc.machine.name],
      ["r", kernelRelease],
      ["v", kernelVersion],
      ["m", "x86_64"],
      ["p", "unknown"],
      ["i", "unknown"],
      ["o", "GNU/Linux"],
    ];
    const wanted = parts.filter(([flag, text]) =>
      options.has("a") ? text !== "unknown" : options.has(flag) || (options.size === 0 && flag === "s"),
    );
    yield* proc.write(1, `${wanted.map(([, text]) => text).join(" ")}\n`);
    return 0;
  },
};
