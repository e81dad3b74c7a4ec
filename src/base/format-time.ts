import { type Micros, SECOND } from "./clock.ts";
import { type CivilTime, civilTime, dayNumber, weekdayOf } from "./time.ts";

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = "January February March April May June July August September October November December".split(" ");

/** Where the clock hangs that is read. */
interface Zone {
  /** Seconds east of UTC. */
  readonly offset: number;
  readonly name: string;
}

interface Shown {
  readonly at: Micros;
  readonly time: CivilTime;
  readonly zone: Zone;
}

const utc: Zone = { offset: 0, name: "UTC" };

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function blank(value: number): string {
  return String(value).padStart(2);
}

/** 1 is the first of January. */
function dayOfYear({ year, month, day }: CivilTime): number {
  return dayNumber(year, month, day) - dayNumber(year, 1, 1) + 1;
}

/** The Thursday rule of ISO 8601: the year a week belongs to, and its number. */
function isoWeek({ year, month, day }: CivilTime): { year: number; week: number } {
  const today = dayNumber(year, month, day);
  const thursday = civilTime((today - ((weekdayOf(today) + 6) % 7) + 3) * 86_400 * SECOND);
  return { year: thursday.year, week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
}

function twelveHours({ hour }: CivilTime): number {
  return hour % 12 === 0 ? 12 : hour % 12;
}

/** Weeks of the year that begin with a day: Sunday is 0. */
function weekNumber(time: CivilTime, firstDay: number): string {
  return two(Math.floor((dayOfYear(time) + 6 - ((time.weekday + 7 - firstDay) % 7)) / 7));
}

function offsetText({ offset }: Zone, colons: number): string {
  const seconds = Math.abs(offset);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two);
  return (offset < 0 ? "-" : "+") + parts.slice(0, colons === 2 ? 3 : 2).join(colons === 0 ? "" : ":");
}

function whole(format: string): (shown: Shown) => string {
  return ({ at, zone }) => formatTime(format, at, zone);
}

/** The conversions of strftime(3) in the C locale. */
const conversions: Readonly<Record<string, (shown: Shown) => string>> = {
  a: ({ time }) => (days[time.weekday] ?? "").slice(0, 3),
  A: ({ time }) => days[time.weekday] ?? "",
  b: ({ time }) => (months[time.month - 1] ?? "").slice(0, 3),
  B: ({ time }) => months[time.month - 1] ?? "",
  c: whole("%a %b %e %H:%M:%S %Y"),
  C: ({ time }) => two(Math.floor(time.year / 100)),
  d: ({ time }) => two(time.day),
  D: whole("%m/%d/%y"),
  e: ({ time }) => blank(time.day),
  F: whole("%Y-%m-%d"),
  g: ({ time }) => two(isoWeek(time).year % 100),
  G: ({ time }) => String(isoWeek(time).year),
  h: whole("%b"),
  H: ({ time }) => two(time.hour),
  I: ({ time }) => two(twelveHours(time)),
  j: ({ time }) => String(dayOfYear(time)).padStart(3, "0"),
  k: ({ time }) => blank(time.hour),
  l: ({ time }) => blank(twelveHours(time)),
  m: ({ time }) => two(time.month),
  M: ({ time }) => two(time.minute),
  n: () => "\n",
  p: ({ time }) => (time.hour < 12 ? "AM" : "PM"),
  P: ({ time }) => (time.hour < 12 ? "am" : "pm"),
  r: whole("%I:%M:%S %p"),
  R: whole("%H:%M"),
  s: ({ at }) => String(Math.floor(at / SECOND)),
  S: ({ time }) => two(time.second),
  t: () => "\t",
  T: whole("%H:%M:%S"),
  u: ({ time }) => String(time.weekday === 0 ? 7 : time.weekday),
  U: ({ time }) => weekNumber(time, 0),
  V: ({ time }) => two(isoWeek(time).week),
  w: ({ time }) => String(time.weekday),
  W: ({ time }) => weekNumber(time, 1),
  x: whole("%m/%d/%y"),
  X: whole("%H:%M:%S"),
  y: ({ time }) => two(time.year % 100),
  Y: ({ time }) => String(time.year),
  z: ({ zone }) => offsetText(zone, 0),
  Z: ({ zone }) => zone.name,
  "%": () => "%",
};

/** What GNU date knows beyond that. */
const conversionsOfDate: typeof conversions = {
  ...conversions,
  N: ({ time }) => String(time.micros).padStart(6, "0").padEnd(9, "0"),
  q: ({ time }) => String(Math.ceil(time.month / 3)),
  ":z": ({ zone }) => offsetText(zone, 1),
  "::z": ({ zone }) => offsetText(zone, 2),
};

/** strftime(3) in the C locale with GNU's flags - _ 0 ^ # and widths. */
export function formatTime(format: string, at: Micros, zone = utc): string {
  return fill(format, at, zone, conversions);
}

/** The same with what GNU date adds: %N, %q, %:z and %::z. */
export function formatDate(format: string, at: Micros, zone = utc): string {
  return fill(format, at, zone, conversionsOfDate);
}

function fill(format: string, at: Micros, zone: Zone, known: typeof conversions): string {
  if (!format.includes("%")) return format;
  const shown = { at, zone, time: civilTime(at, zone.offset) };
  return format.replace(/%([-_0^#]*)(\d*)(:{0,2}[a-zA-Z%])/g, (all, flags: string, width: string, sign: string) => {
    const text = known[sign]?.(shown);
    if (text === undefined) return all;
    if (sign === "N" && width !== "") return text.slice(0, Number(width));
    return padded(text, flags, width, sign);
  });
}

function padded(found: string, flags: string, width: string, sign: string): string {
  let text = found;
  if (flags.includes("-")) text = text.replace(/^[0 ]+(?=.)/, "");
  if (flags.includes("_")) text = text.replace(/^0+(?=.)/, (zeros) => " ".repeat(zeros.length));
  if (flags.includes("0")) text = text.replace(/^ +/, (blanks) => "0".repeat(blanks.length));
  if (flags.includes("^")) text = text.toUpperCase();
  if (flags.includes("#")) text = sign === "p" ? text.toLowerCase() : text.toUpperCase();
  const isBlank = flags.includes("_") || /^[aAbBhpPZcDFrRTxXekl]$/.test(sign);
  return width === "" ? text : text.padStart(Number(width), isBlank ? " " : "0");
}
