import { SECOND } from "../base/clock.ts";
import { root } from "./define-files.ts";
import { hardwareOf, kernelRelease, kernelVersion } from "./hardware.ts";
import type { Machine } from "./machine.ts";
import { heldOn } from "./memory.ts";

/** The files of /proc that programs and people read, made from the host's state at every opening. */
export function makeProc(machine: Machine): void {
  const { files } = machine;
  const { cpus, memoryKib, booted } = hardwareOf(machine);
  files.mkdir("/proc/sys/kernel", root, { parents: true });
  files.mkdir("/proc/sys/net/ipv4", root, { parents: true });
  files.mkdir("/proc/sys/vm", root, { parents: true });
  const uptime = () => (machine.kernel.clock.now - booted) / SECOND;
  files.live("/proc/cpuinfo", () => Array.from({ length: cpus }, (_, cpu) => cpuinfo(cpu)).join(""));
  files.live("/proc/meminfo", () => meminfo(memoryKib, machine));
  files.live("/proc/uptime", () => `${uptime().toFixed(2)} ${(uptime() * cpus * 0.9).toFixed(2)}\n`);
  files.live("/proc/loadavg", () => `0.08 0.05 0.01 1/${machine.processes.size + 110} ${lastPid(machine)}\n`);
  files.live(
    "/proc/version",
    () =>
      `Linux version ${kernelRelease} (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) ${kernelVersion}\n`,
  );
  files.live("/proc/cmdline", () => "BOOT_IMAGE=/boot/vmlinuz-6.1.0-38-amd64 root=/dev/vda1 ro console=ttyS0\n");
  files.live("/proc/filesystems", () => "nodev\tproc\nnodev\ttmpfs\nnodev\toverlay\n\text4\n");
  files.live("/proc/swaps", () => "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
  files.live("/proc/mounts", () => mounts(machine));
  files.live("/proc/self/mounts", () => mounts(machine));
  files.live("/proc/sys/kernel/hostname", () => `${machine.name}\n`, {
    write: (text) => {
      machine.name = text.trim();
    },
  });
  files.live("/proc/sys/kernel/osrelease", () => `${kernelRelease}\n`);
  files.live("/proc/sys/kernel/pid_max", () => "4194304\n");
  const uuid = machine.kernel.random.uuid();
  files.mkdir("/proc/sys/kernel/random", root);
  files.live("/proc/sys/kernel/random/boot_id", () => `${uuid}\n`);
  files.live("/proc/sys/kernel/random/uuid", () => `${machine.kernel.random.uuid()}\n`);
  files.write("/etc/machine-id", `${machine.kernel.random.hex(32)}\n`, root);
}

function lastPid(machine: Machine): number {
  let last = 1;
  for (const pid of machine.processes.keys()) last = Math.max(last, pid);
  return last;
}

function cpuinfo(cpu: number): string {
  const fields = [
    ["processor", cpu],
    ["vendor_id", "AuthenticAMD"],
    ["cpu family", 25],
    ["model", 1],
    ["model name", "AMD EPYC Processor"],
    ["cpu MHz", "2649.998"],
    ["cache size", "512 KB"],
    ["cpu cores", 1],
    ["bogomips", "5299.99"],
  ];
  return `${fields.map(([name, value]) => `${String(name).padEnd(15)}\t: ${value}\n`).join("")}\n`;
}

/** The machine's part that tells how many bytes its workloads use: a node's container runtime. */
export const MEMORY_IN_USE = "memory-in-use";

/** The share of memory that a quiet host uses; what runs beside takes from it. */
function meminfo(total: number, machine: Machine): string {
  const part = (share: number) => Math.floor(total * share);
  const inUse = machine.parts.get(MEMORY_IN_USE) as (() => number) | undefined;
  const taken = Math.floor((inUse?.() ?? heldOn(machine)) / 1024);
  const available = inUse ? Math.max(0, total - taken) : Math.max(0, part(0.74) - taken);
  const fields: readonly (readonly [string, number])[] = [
    ["MemTotal", total],
    ["MemFree", Math.min(part(0.42), Math.floor(available * 0.57))],
    ["MemAvailable", available],
    ["Buffers", part(0.02)],
    ["Cached", part(0.31)],
    ["SwapCached", 0],
    ["SwapTotal", 0],
    ["SwapFree", 0],
  ];
  return fields.map(([name, value]) => `${`${name}:`.padEnd(15)}${String(value).padStart(9)} kB\n`).join("");
}

function mounts(machine: Machine): string {
  const lines = machine.files
    .mounts()
    .map(({ source, path, type, readOnly }) => `${source} ${path} ${type} ${readOnly ? "ro" : "rw"},relatime 0 0\n`);
  const kernel = ["sysfs /sys sysfs", "proc /proc proc", "udev /dev devtmpfs", "tmpfs /run tmpfs"];
  return [...kernel.map((line) => `${line} rw,nosuid,relatime 0 0\n`), ...lines].join("");
}
