import { type Micros, SECOND } from "../../base/clock.ts";
import { type CivilTime, civilTime, dayNumber } from "../../base/time.ts";
import { zoneOffset } from "../../base/time-zone.ts";
import type { Shell } from "./shell.ts";

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = "January February March April May June July August September October November December".split(" ");

/** strftime(3) in the C locale and the zone of TZ, for prompts, `history` and printf's %(…)T. */
export function formatTime(shell: Shell, format: string, at: Micros = shell.proc.machine.kernel.clock.now): string {
  const zone = shell.vars.get("TZ") ?? "UTC";
  const seconds = Math.floor(at / SECOND);
  const offset = zoneOffset(zone, seconds) ?? 0;
  const zones = { s: String(seconds), z: offsetText(offset), Z: offset === 0 ? "UTC" : zone };
  const fields: Readonly<Record<string, string>> = {
    ...fieldsOf(civilTime(at, offset)),
    ...zones,
    n: "\n",
    t: "\t",
    "%": "%",
  };
  return format.replace(/%[-_0^#]?([A-Za-z%])/g, (whole, letter: string) => {
    const text = fields[letter];
    if (text === undefined) return whole;
    return whole[1] === "-" ? text.replace(/^[0 ]+(?=.)/, "") : text;
  });
}

const two = (value: number): string => String(value).padStart(2, "0");
const blank = (value: number): string => String(value).padStart(2);

function offsetText(offset: number): string {
  const minutes = Math.floor(Math.abs(offset) / 60);
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}

function fieldsOf({ year, month, day, hour, minute, second, weekday }: CivilTime): Record<string, string> {
  const [dayName = "", monthName = ""] = [days[weekday], months[month - 1]];
  const [shortDay, shortMonth] = [dayName.slice(0, 3), monthName.slice(0, 3)];
  const twelve = hour % 12 || 12;
  const clock = `${two(hour)}:${two(minute)}:${two(second)}`;
  const short = `${two(month)}/${two(day)}/${two(year % 100)}`;
  const half = hour < 12 ? "AM" : "PM";
  const yearDay = dayNumber(year, month, day) - dayNumber(year, 1, 1) + 1;
  const date = {
    Y: String(year),
    y: two(year % 100),
    C: two(Math.floor(year / 100)),
    m: two(month),
    d: two(day),
    e: blank(day),
  };
  const time = { H: two(hour), k: blank(hour), I: two(twelve), l: blank(twelve), M: two(minute), S: two(second) };
  const names = { a: shortDay, A: dayName, b: shortMonth, h: shortMonth, B: monthName, p: half, P: half.toLowerCase() };
  const numbers = { u: String(weekday || 7), w: String(weekday), j: String(yearDay).padStart(3, "0") };
  const whole = {
    F: `${year}-${two(month)}-${two(day)}`,
    T: clock,
    X: clock,
    R: `${two(hour)}:${two(minute)}`,
    D: short,
    x: short,
    r: `${two(twelve)}:${two(minute)}:${two(second)} ${half}`,
    c: `${shortDay} ${shortMonth} ${blank(day)} ${clock} ${year}`,
  };
  return { ...date, ...time, ...names, ...numbers, ...whole };
}
