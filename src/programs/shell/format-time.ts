import { type Micros, SECOND } from "../../base/clock.ts";
import { formatTime as format } from "../../base/format-time.ts";
import { zoneOffset } from "../../base/time-zone.ts";
import type { Shell } from "./shell.ts";

/** strftime(3) in the zone of TZ, for prompts, `history` and printf's %(…)T. */
export function formatTime(shell: Shell, text: string, at: Micros = shell.proc.machine.kernel.clock.now): string {
  const zone = shell.vars.get("TZ") ?? "UTC";
  const offset = zoneOffset(zone, Math.floor(at / SECOND)) ?? 0;
  return format(text, at, { offset, name: offset === 0 ? "UTC" : zone });
}
