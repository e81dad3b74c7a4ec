import { civilTime } from "../../../base/time.ts";
import type { Process } from "../../../machine/process.ts";

const two = (n: number) => String(n).padStart(2, "0");

/** The world's time as many logs have it: 2026-01-02 03:04:05.678 */
export function errorTimeUtc(proc: Process): string {
  const { now } = proc.machine.kernel.clock;
  const t = civilTime(now);
  const millis = String(Math.floor(now / 1000) % 1000).padStart(3, "0");
  return `${t.year}-${two(t.month)}-${two(t.day)} ${two(t.hour)}:${two(t.minute)}:${two(t.second)}.${millis}`;
}

/** The same to the second, in the form of ISO 8601: 2026-01-02T03:04:05 */
export function isoSeconds(proc: Process): string {
  return errorTimeUtc(proc).slice(0, 19).replace(" ", "T");
}
