import { type Micros, SECOND } from "../../base/clock.ts";
import { civilTime, dayNumber } from "../../base/time.ts";
import { zoneOffset } from "../../base/time-zone.ts";
import type { Shell } from "./shell.ts";

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** strftime(3) in the C locale and the zone of TZ, for prompts, `history` and printf's %(…)T. */
export function formatTime(shell: Shell, format: string, at: Micros = shell.proc.machine.kernel.clock.now): string {
  const zone = shell.vars.get("TZ") ?? "UTC";
  const offset = zoneOffset(zone, Math.floor(at / SECOND)) ?? 0;
  const { year, month, day, hour, minute, second, weekday } = civilTime(at, offset);
  const two = (value: number) => String(value).padStart(2, "0");
  const yearDay = dayNumber(year, month, day) - dayNumber(year, 1, 1) + 1;
  const made: Readonly<Record<string, () => string>> = {
    Y: () => String(year), m: () => two(month), d: () => two(day), H: () => two(hour), M: () => two(minute), S: () => two(second),
    y: () => two(year % 100), C: () => two(Math.floor(year / 100)), e: () => String(day).padStart(2), k: () => String(hour).padStart(2),
    I: () => two(hour % 12 || 12), l: () => String(hour % 12 || 12).padStart(2), p: () => (hour < 12 ? "AM" : "PM"), P: () => (hour < 12 ? "am" : "pm"),
    a: () => (days[weekday] ?? "").slice(0, 3), A: () => days[weekday] ?? "", b: () => (months[month - 1] ?? "").slice(0, 3), h: () => (months[month - 1] ?? "").slice(0, 3),
    B: () => months[month - 1] ?? "", u: () => String(weekday || 7), w: () => String(weekday), j: () => String(yearDay).padStart(3, "0"),
    s: () => String(Math.floor(at / SECOND)), n: () => "\n", t: () => "\t", "%": () => "%",
    z: () => `${offset < 0 ? "-" : "+"}${two(Math.floor(Math.abs(offset) / 3600))}${two(Math.floor((Math.abs(offset) % 3600) / 60))}`,
    Z: () => (offset === 0 ? "UTC" : zone),
    F: () => `${year}-${two(month)}-${two(day)}`, T: () => `${two(hour)}:${two(minute)}:${two(second)}`, X: () => `${two(hour)}:${two(minute)}:${two(second)}`,
    R: () => `${two(hour)}:${two(minute)}`, D: () => `${two(month)}/${two(day)}/${two(year % 100)}`, x: () => `${two(month)}/${two(day)}/${two(year % 100)}`,
    r: () => `${two(hour % 12 || 12)}:${two(minute)}:${two(second)} ${hour < 12 ? "AM" : "PM"}`,
    c: () => `${(days[weekday] ?? "").slice(0, 3)} ${(months[month - 1] ?? "").slice(0, 3)} ${String(day).padStart(2)} ${two(hour)}:${two(minute)}:${two(second)} ${year}`,
  };
  return format.replace(/%[-_0^#]?([A-Za-z%])/g, (whole, letter: string) => {
    const text = made[letter]?.();
    if (text === undefined) return whole;
    return whole[1] === "-" ? text.replace(/^[0 ]+(?=.)/, "") : text;
  });
}
