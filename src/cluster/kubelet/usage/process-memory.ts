import { heldBy } from "../../../machine/memory.ts";
import type { Process } from "../../../machine/process.ts";
import type { RuntimeContainer } from "../runtime/container.ts";
import { RUNTIME_PART, type Runtime } from "../runtime/runtime.ts";
import { memoryOf } from "./memory.ts";

const MIB = 1024 * 1024;
/** What the daemons of a host usually have in memory, and any other program, in MiB. */
const usual: Readonly<Record<string, number>> = {
  containerd: 62,
  init: 13,
  kubelet: 98,
  sshd: 9,
  systemd: 13,
  "systemd-journald": 24,
};
const OTHER = 4;
/** A process in a container beside its first one. */
const IN_CONTAINER = 0.5;

/** The bytes of a process that are in memory: what it usually has as what it is, and what it has asked for. */
export function residentBytes(proc: Process): number {
  const container = containerOf(proc);
  if (!container) {
    const name = (proc.argv[0] ?? "").replace(/^-|^.*\/|:.*$/g, "");
    return (usual[name] ?? OTHER) * MIB + heldBy(proc);
  }
  const all = [...container.machine.processes.values()];
  if (all[0] !== proc) return IN_CONTAINER * MIB + heldBy(proc);
  const others = all.slice(1).reduce((sum, other) => sum + IN_CONTAINER * MIB + heldBy(other), 0);
  // What lies in a tmpfs is nobody's.
  return Math.max(IN_CONTAINER * MIB, memoryOf(container) - others - (container.plan.tmpfs?.() ?? 0));
}

function containerOf({ machine }: Process): RuntimeContainer | undefined {
  const runtime = machine.host?.parts.get(RUNTIME_PART) as Runtime | undefined;
  return [...(runtime?.containers.values() ?? [])].flat().find((container) => container.machine === machine);
}
