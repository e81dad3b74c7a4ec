import { MILLISECOND } from "../../base/clock.ts";
import { civilTime } from "../../base/time.ts";
import type { Process } from "../../machine/process.ts";

/** A line of kubectl's own log: I0102 15:04:05.000000    1234 file.go:12] text */
export function logLine(proc: Process, severity: "I" | "W" | "E" | "F", source: string, text: string): string {
  const { now } = proc.machine.kernel.clock;
  const { month, day, hour, minute, second } = civilTime(now);
  const two = (value: number) => String(value).padStart(2, "0");
  const micros = String(now % (1000 * MILLISECOND)).padStart(6, "0");
  const time = `${two(month)}${two(day)} ${two(hour)}:${two(minute)}:${two(second)}.${micros}`;
  return `${severity}${time} ${String(proc.pid).padStart(7)} ${source}] ${text}`;
}
