import { SECOND } from "../../base/clock.ts";
import { formatTime } from "../../base/format-time.ts";
import { root } from "../../machine/define-files.ts";
import { hardwareOf } from "../../machine/hardware.ts";
import { type Call, tool } from "./define.ts";

/** uptime: how long the host has been running (procps 4.0.2). */
export const uptime = tool({
  name: "uptime",
  from: "from procps-ng 4.0.2",
  usage: "[options]",
  options: "p,pretty s,since",
  misused: () => "\nUsage:\n uptime [options]\n\nFor more details see uptime(1).",
  *run(call) {
    const { machine } = call.proc;
    const { now } = machine.kernel.clock;
    const { booted } = hardwareOf(machine.host ?? machine);
    const minutes = Math.floor((now - booted) / SECOND / 60);
    if (call.has("s")) call.out.put(`${formatTime("%Y-%m-%d %H:%M:%S", booted)}\n`);
    else if (call.has("p")) call.out.put(`up ${pretty(minutes)}\n`);
    else {
      const users = sessions(call);
      const load = call.files.find("/proc/loadavg", root) ? call.files.read("/proc/loadavg", root) : "0.00 0.00 0.00";
      const loads = load.split(" ").slice(0, 3).join(", ");
      const logged = `${String(users).padStart(2)} user${users > 1 ? "s" : ""}`;
      call.out.put(` ${formatTime("%H:%M:%S", now)} up ${running(minutes)}, ${logged},  load average: ${loads}\n`);
    }
    return undefined;
  },
});

/** Terminals that somebody works at. */
function sessions({ proc: { machine } }: Call): number {
  const terminals = new Set([...machine.processes.values()].map(({ terminal }) => terminal));
  terminals.delete(undefined);
  return terminals.size;
}

function running(minutes: number): string {
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor(minutes / 60) % 24;
  const before = days > 0 ? `${days} day${days > 1 ? "s" : ""}, ` : "";
  if (hours === 0) return `${before}${minutes % 60} min`;
  return `${before}${String(hours).padStart(2)}:${String(minutes % 60).padStart(2, "0")}`;
}

function pretty(minutes: number): string {
  const parts: string[] = [];
  let left = minutes;
  for (const [unit, size] of [
    ["year", 525_600],
    ["week", 10_080],
    ["day", 1440],
    ["hour", 60],
    ["minute", 1],
  ] as const) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0 || (unit === "minute" && parts.length === 0)) parts.push(`${count} ${unit}${count === 1 ? "" : "s"}`);
  }
  return parts.join(", ");
}
