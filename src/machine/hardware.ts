import type { Micros } from "../base/clock.ts";
import type { Machine } from "./machine.ts";

/** What a host is made of beneath its files; /proc and the kubelet read it. */
export interface Hardware {
  readonly cpus: number;
  readonly memoryKib: number;
  readonly booted: Micros;
}

/** The disk of every host, in KiB: 38.6 GiB. */
export const diskKib = 40_470_732;

/** The kernel that uname names (Debian 12). */
export const kernelRelease = "6.1.0-38-amd64";
export const kernelVersion = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.147-1 (2025-08-02)";
export const osName = "Debian GNU/Linux 12 (bookworm)";

/** The hardware of a host that makeBaseSystem has made. */
export function hardwareOf(machine: Machine): Hardware {
  return (
    (machine.parts.get("hardware") as Hardware | undefined) ?? {
      cpus: 2,
      memoryKib: 4_024_284,
      booted: machine.kernel.clock.now,
    }
  );
}
