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

/** One conversion of strftime(3) in the C locale and UTC. */
function conversion(sign: string, m: Moment, at: Micros): string | undefined {
  const twelve = m.hour % 12 === 0 ? 12 : m.hour % 12;
  switch (sign) {
    case "a":
      return (days[m.weekday] ?? "").slice(0, 3);
    case "A":
      return days[m.weekday];
    case "b":
    case "h":
      return (months[m.month - 1] ?? "").slice(0, 3);
    case "B":
      return months[m.month - 1];
    case "c":
      return formatTime("%a %b %e %H:%M:%S %Y", at);
    case "C":
      return two(Math.floor(m.year / 100));
    case "d":
      return two(m.day);
    case "D":
    case "x":
      return formatTime("%m/%d/%y", at);
    case "e":
      return String(m.day).padStart(2);
    case "F":
      return formatTime("%Y-%m-%d", at);
    case "g":
      return two(isoWeek(m).year % 100);
    case "G":
      return String(isoWeek(m).year);
    case "H":
      return two(m.hour);
    case "I":
      return two(twelve);
    case "j":
      return String(m.dayOfYear).padStart(3, "0");
    case "k":
      return String(m.hour).padStart(2);
    case "l":
      return String(twelve).padStart(2);
    case "m":
      return two(m.month);
    case "M":
      return two(m.minute);
    case "n":
      return "\n";
    case "N":
      return String(((at % SECOND) + SECOND) % SECOND)
        .padStart(6, "0")
        .padEnd(9, "0");
    case "p":
      return m.hour < 12 ? "AM" : "PM";
    case "P":
      return m.hour < 12 ? "am" : "pm";
    case "q":
      return String(Math.ceil(m.month / 3));
    case "r":
      return formatTime("%I:%M:%S %p", at);
    case "R":
      return formatTime("%H:%M", at);
    case "s":
      return String(Math.floor(at / SECOND));
    case "S":
      return two(m.second);
    case "t":
      return "\t";
    case "T":
    case "X":
      return formatTime("%H:%M:%S", at);
    case "u":
      return String(m.weekday === 0 ? 7 : m.weekday);
    case "U":
      return two(Math.floor((m.dayOfYear + 6 - m.weekday) / 7));
    case "V":
      return two(isoWeek(m).week);
    case "w":
      return String(m.weekday);
    case "W":
      return two(Math.floor((m.dayOfYear + 6 - ((m.weekday + 6) % 7)) / 7));
    case "y":
      return two(m.year % 100);
    case "Y":
      return String(m.year);
    case "z":
      return "+0000";
    case ":z":
      return "+00:00";
    case "::z":
      return "+00:00:00";
    case "Z":
      return "UTC";
    case "%":
      return "%";
    default:
      return undefined;
  }
}

/** strftime(3) in UTC, with GNU date's flags - _ 0 ^ # and widths. */
export function formatTime(format: string, at: Micros): string {
  if (!format.includes("%")) return format;
  const moment = momentOf(at);
  return format.replace(/%([-_0^#]*)(\d*)(:{0,2}[a-zA-Z%])/g, (whole, flags: string, width: string, sign: string) => {
    let text = conversion(sign, moment, at);
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
