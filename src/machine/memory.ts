import { Errno, type Task } from "./define.ts";
import { hardwareOf } from "./hardware.ts";
import type { Machine } from "./machine.ts";
import type { Process } from "./process.ts";

/** How fast a process touches memory that it has not had before, in bytes per microsecond. */
const BYTES_PER_MICROSECOND = 1_500;
/** What is touched in one go, in bytes. */
const PORTION = 4 * 1024 * 1024;

const held = new WeakMap<Process, number>();

/** The bytes that a process has asked its kernel for, beside what it is itself. */
export function heldBy(proc: Process): number {
  return proc.state === "ended" ? 0 : (held.get(proc) ?? 0);
}

/** What the processes of a machine hold together. */
export function heldOn(machine: Machine): number {
  let sum = 0;
  for (const proc of machine.processes.values()) sum += held.get(proc) ?? 0;
  return sum;
}

/** Sets what a process holds; where that is more than before, its kernel looks whether there is so much (OOM killer). */
export function hold(proc: Process, bytes: number): void {
  const before = held.get(proc) ?? 0;
  if (bytes === before) return;
  held.set(proc, bytes);
  if (bytes > before) (proc.machine.onGrowth ?? proc.machine.host?.onGrowth)?.(proc);
}

/**
 * malloc(3) with every page touched: takes time by its size, and may be the death of the process. Errno ENOMEM for more than
 * the host could ever have (vm.overcommit_memory 0).
 */
export function* allocate(proc: Process, bytes: number): Task {
  const { memoryKib } = hardwareOf(proc.machine.host ?? proc.machine);
  if (bytes > memoryKib * 1024) throw new Errno("ENOMEM");
  for (let left = bytes; left > 0; left -= PORTION) {
    const portion = Math.min(left, PORTION);
    hold(proc, heldBy(proc) + portion);
    yield* proc.step(Math.max(256, Math.ceil(portion / BYTES_PER_MICROSECOND)));
  }
}

/** free(3). */
export function release(proc: Process, bytes: number): void {
  hold(proc, Math.max(0, heldBy(proc) - bytes));
}
