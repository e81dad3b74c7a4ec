import { hardwareOf } from "../../../machine/hardware.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { memoryOfNode } from "../usage/memory.ts";
import type { Observation, Signal } from "./thresholds.ts";

/** How many processes a kernel of 4 GiB lets be (/proc/sys/kernel/threads-max). */
const MOST_PROCESSES = 31_184;
/** Kernel threads and daemons that are not simulated as processes. */
const OWN_PROCESSES = 118;
const PAGE = 4096;

/** What is left on a node of what pods compete for. */
export function observe(runtime: Runtime): Readonly<Record<Signal, Observation>> {
  const { host } = runtime;
  const capacity = hardwareOf(host).memoryKib * 1024;
  const memory = { capacity, available: pages(Math.max(0, capacity - memoryOfNode(runtime))) };
  const space = host.files.space("/");
  const disk = { capacity: space.capacity, available: pages(space.capacity - space.used) };
  const processes = OWN_PROCESSES + host.processes.size + host.guests.size;
  return {
    "memory.available": memory,
    "nodefs.available": disk,
    // Images lie on the same disk.
    "imagefs.available": disk,
    "pid.available": { capacity: MOST_PROCESSES, available: MOST_PROCESSES - processes },
  };
}

function pages(bytes: number): number {
  return Math.floor(bytes / PAGE) * PAGE;
}

/** Bytes as a quantity in the largest binary unit that divides them: 88120Ki. */
export function binaryText(bytes: number): string {
  const units = ["", "Ki", "Mi", "Gi", "Ti"];
  let at = 0;
  let rest = bytes;
  while (rest !== 0 && rest % 1024 === 0 && at < units.length - 1) {
    rest /= 1024;
    at++;
  }
  return `${rest}${units[at]}`;
}
