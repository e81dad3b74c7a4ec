import { type Micros, SECOND } from "../../../base/clock.ts";

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** A moment in UTC as its parts. */
export interface Moment {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 1 is the first of January. */
  readonly dayOfYear: number;
}

/** Days since 1970-01-01 of a day in the Gregorian calendar; months beyond 1 to 12 are carried over. */
export function dayNumber(year: number, month: number, day: number): number {
  const whole = year + Math.floor((month - 1) / 12);
  const m = (((month - 1) % 12) + 12) % 12;
  const y = m < 2 ? whole - 1 : whole;
  const era = Math.floor(y / 400);
  const inEra = y - era * 400;
  const dayInYear = Math.floor((153 * ((m + 10) % 12) + 2) / 5) + day - 1;
  return era * 146_097 + inEra * 365 + Math.floor(inEra / 4) - Math.floor(inEra / 100) + dayInYear - 719_468;
}

export function momentOf(at: Micros): Moment {
  const seconds = Math.floor(at / SECOND);
  const total = Math.floor(seconds / 86_400);
  const inDay = seconds - total * 86_400;
  const shifted = total + 719_468;
  const era = Math.floor(shifted / 146_097);
  const inEra = shifted - era * 146_097;
  const yearInEra = Math.floor(
    (inEra - Math.floor(inEra / 1460) + Math.floor(inEra / 36_524) - Math.floor(inEra / 146_096)) / 365,
  );
  const dayInYear = inEra - (365 * yearInEra + Math.floor(yearInEra / 4) - Math.floor(yearInEra / 100));
  const shiftedMonth = Math.floor((5 * dayInYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearInEra + era * 400 + (month <= 2 ? 1 : 0);
  return {
    year,
    month,
    day: dayInYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
    hour: Math.floor(inDay / 3600),
    minute: Math.floor(inDay / 60) % 60,
    second: inDay % 60,
    weekday: (((total + 4) % 7) + 7) % 7,
    dayOfYear: total - dayNumber(year, 1, 1) + 1,
  };
}

/** The Thursday rule of ISO 8601: the year a week belongs to, and its number. */
function isoWeek(moment: Moment): { year: number; week: number } {
  const weekday = (moment.weekday + 6) % 7;
  const thursday = momentOf((dayNumber(moment.year, moment.month, moment.day) - weekday + 3) * 86_400 * SECOND);
  return { year: thursday.year, week: Math.floor((thursday.dayOfYear - 1) / 7) + 1 };
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function twelveHours({ hour }: Moment): number {
  return hour % 12 === 0 ? 12 : hour % 12;
}

/** Weeks of the year that begin with a day: Sunday is 0. */
function weekNumber({ dayOfYear, weekday }: Moment, firstDay: number): string {
  return two(Math.floor((dayOfYear + 6 - ((weekday + 7 - firstDay) % 7)) / 7));
}

/** The conversions of strftime(3) in the C locale and UTC. */
const conversions: Readonly<Record<string, (moment: Moment, at: Micros) => string>> = {
  a: (m) => (days[m.weekday] ?? "").slice(0, 3),
  A: (m) => days[m.weekday] ?? "",
  b: (m) => (months[m.month - 1] ?? "").slice(0, 3),
  B: (m) => months[m.month - 1] ?? "",
  c: (_, at) => formatTime("%a %b %e %H:%M:%S %Y", at),
  C: (m) => two(Math.floor(m.year / 100)),
  d: (m) => two(m.day),
  D: (_, at) => formatTime("%m/%d/%y", at),
  e: (m) => String(m.day).padStart(2),
  F: (_, at) => formatTime("%Y-%m-%d", at),
  g: (m) => two(isoWeek(m).year % 100),
  G: (m) => String(isoWeek(m).year),
  h: (m) => (months[m.month - 1] ?? "").slice(0, 3),
  H: (m) => two(m.hour),
  I: (m) => two(twelveHours(m)),
  j: (m) => String(m.dayOfYear).padStart(3, "0"),
  k: (m) => String(m.hour).padStart(2),
  l: (m) => String(twelveHours(m)).padStart(2),
  m: (m) => two(m.month),
  M: (m) => two(m.minute),
  n: () => "\n",
  N: (_, at) =>
    String(((at % SECOND) + SECOND) % SECOND)
      .padStart(6, "0")
      .padEnd(9, "0"),
  p: (m) => (m.hour < 12 ? "AM" : "PM"),
  P: (m) => (m.hour < 12 ? "am" : "pm"),
  q: (m) => String(Math.ceil(m.month / 3)),
  r: (_, at) => formatTime("%I:%M:%S %p", at),
  R: (_, at) => formatTime("%H:%M", at),
  s: (_, at) => String(Math.floor(at / SECOND)),
  S: (m) => two(m.second),
  t: () => "\t",
  T: (_, at) => formatTime("%H:%M:%S", at),
  u: (m) => String(m.weekday === 0 ? 7 : m.weekday),
  U: (m) => weekNumber(m, 0),
  V: (m) => two(isoWeek(m).week),
  w: (m) => String(m.weekday),
  W: (m) => weekNumber(m, 1),
  x: (_, at) => formatTime("%m/%d/%y", at),
  X: (_, at) => formatTime("%H:%M:%S", at),
  y: (m) => two(m.year % 100),
  Y: (m) => String(m.year),
  z: () => "+0000",
  ":z": () => "+00:00",
  "::z": () => "+00:00:00",
  Z: () => "UTC",
  "%": () => "%",
};

/** strftime(3) in UTC, with GNU date's flags - _ 0 ^ # and widths. */
export function formatTime(format: string, at: Micros): string {
  if (!format.includes("%")) return format;
  const moment = momentOf(at);
  return format.replace(/%([-_0^#]*)(\d*)(:{0,2}[a-zA-Z%])/g, (whole, flags: string, width: string, sign: string) => {
    let text = conversions[sign]?.(moment, at);
    if (text === undefined) return whole;
    if (sign === "N" && width !== "") return text.slice(0, Number(width));
    const blank = /^[aAbBhpPZcDFrRTxX]$/.test(sign) || /^[ekl]$/.test(sign);
    if (flags.includes("-")) text = text.replace(/^[0 ]+(?=.)/, "");
    if (flags.includes("_")) text = text.replace(/^0+(?=.)/, (zeros) => " ".repeat(zeros.length));
    if (flags.includes("0")) text = text.replace(/^ +/, (blanks) => "0".repeat(blanks.length));
    if (flags.includes("^")) text = text.toUpperCase();
    if (flags.includes("#")) text = sign === "p" ? text.toLowerCase() : text.toUpperCase();
    return width === "" ? text : text.padStart(Number(width), flags.includes("_") || blank ? " " : "0");
  });
}
