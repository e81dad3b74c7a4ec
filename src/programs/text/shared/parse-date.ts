import { type Micros, SECOND } from "../../../base/clock.ts";
import { civilTime, dayNumber, daysInMonth } from "../../../base/time.ts";

const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const units: Readonly<Record<string, number>> = {
  sec: 1,
  second: 1,
  min: 60,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
  fortnight: 1_209_600,
};

interface Parts {
  year: number;
  month: number;
  day: number;
  /** Seconds of the day; undefined where no time was given. */
  time: number | undefined;
  /** Seconds east of UTC. */
  zone: number;
  seconds: number;
  months: number;
  dated: boolean;
  weekday: number | undefined;
}

/** A date as GNU date -d takes it, in its common forms; undefined where it is none. */
export function parseDate(text: string, now: Micros): Micros | undefined {
  const trimmed = text.trim().toLowerCase();
  const epoch = /^@(-?\d+(?:\.\d+)?)$/.exec(trimmed);
  if (epoch) return Math.round(Number(epoch[1]) * SECOND);
  const { year, month, day } = civilTime(now);
  const parts: Parts = {
    year,
    month,
    day,
    time: undefined,
    zone: 0,
    seconds: 0,
    months: 0,
    dated: false,
    weekday: undefined,
  };
  let rest = trimmed;
  let relative = false;
  while (rest !== "") {
    const next = item(rest, parts);
    if (next === undefined) return undefined;
    if (/^(?:[-+]?\d|last|next|this|ago|yesterday|tomorrow|now|a )/.test(rest) && parts.seconds + parts.months !== 0)
      relative = true;
    rest = next.replace(/^[\s,]+/, "");
  }
  if (parts.dated && (parts.month > 12 || parts.day > daysInMonth(parts.year, parts.month))) return undefined;
  const fixed = parts.dated || parts.time !== undefined || parts.weekday !== undefined || trimmed === "";
  return resolve(parts, now, fixed, relative);
}

function resolve(parts: Parts, now: Micros, fixed: boolean, _relative: boolean): Micros {
  const today = civilTime(now);
  const inDay = fixed ? (parts.time ?? 0) : today.hour * 3600 + today.minute * 60 + today.second;
  let days = dayNumber(parts.year, parts.month + parts.months, parts.day);
  if (parts.weekday !== undefined) days += (parts.weekday - civilTime(days * 86_400 * SECOND).weekday + 7) % 7;
  const whole = (days * 86_400 + Math.floor(inDay) - parts.zone + parts.seconds) * SECOND;
  return whole + (fixed ? Math.round((inDay % 1) * SECOND) : now % SECOND);
}

/** Takes one item from the front and returns what is left. */
function item(text: string, parts: Parts): string | undefined {
  return (
    isoDate(text, parts) ??
    clockTime(text, parts) ??
    zone(text, parts) ??
    namedDate(text, parts) ??
    relativeItem(text, parts) ??
    plainDate(text, parts)
  );
}

function isoDate(text: string, parts: Parts): string | undefined {
  const found = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:t(?=\d))?/.exec(text);
  if (!found || Number(found[2]) > 12 || Number(found[2]) === 0 || Number(found[3]) > 31 || Number(found[3]) === 0)
    return undefined;
  setDate(parts, Number(found[1]), Number(found[2]), Number(found[3]));
  return text.slice(found[0].length);
}

function setDate(parts: Parts, year: number, month: number, day: number): void {
  parts.year = year;
  parts.month = month;
  parts.day = day;
  parts.dated = true;
}

function clockTime(text: string, parts: Parts): string | undefined {
  const found =
    /^(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s*(am|pm)?/.exec(text) ?? /^(\d{1,2})()()()\s*(am|pm)\b/.exec(text);
  if (!found) return undefined;
  const [whole, hours = "0", minutes, seconds, fraction, half] = found;
  let hour = Number(hours);
  if (half && (hour === 0 || hour > 12)) return undefined;
  if (half) hour = (hour % 12) + (half === "pm" ? 12 : 0);
  if (hour > 24 || Number(minutes || 0) > 59 || Number(seconds || 0) > 60) return undefined;
  parts.time = hour * 3600 + Number(minutes || 0) * 60 + Number(seconds || 0) + Number(fraction || 0);
  return text.slice(whole.length);
}

function zone(text: string, parts: Parts): string | undefined {
  const named = /^(?:utc|gmt|z)(?![a-z])/.exec(text);
  if (named) return text.slice(named[0].length);
  const found = parts.time === undefined ? null : /^([-+])(\d{2}):?(\d{2})?(?!\d|\s*[a-z])/.exec(text);
  if (!found) return undefined;
  parts.zone = (found[1] === "-" ? -1 : 1) * (Number(found[2]) * 3600 + Number(found[3] ?? 0) * 60);
  return text.slice(found[0].length);
}

/** 5 Mar 2026, Mar 5 2026, 3/5/2026, Monday. */
function namedDate(text: string, parts: Parts): string | undefined {
  const weekday = /^(sun|mon|tue|wed|thu|fri|sat)[a-z]*\.?(?![a-z])/.exec(text);
  if (weekday) {
    parts.weekday = parts.dated ? undefined : dayNames.indexOf(weekday[1] ?? "");
    return text.slice(weekday[0].length);
  }
  const month = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?";
  const dayFirst = new RegExp(`^(\\d{1,2})[ -]?${month}(?:[ ,-]+(\\d{4})(?!:))?`).exec(text);
  const monthFirst = dayFirst
    ? null
    : new RegExp(`^${month} *(\\d{1,2})(?:st|nd|rd|th)?(?!\\d|:)(?:[ ,]+(\\d{4})(?!:|\\d))?`).exec(text);
  const found = dayFirst ?? monthFirst;
  if (found) {
    const [day, name] = dayFirst ? [found[1], found[2]] : [found[2], found[1]];
    setDate(
      parts,
      found[3] === undefined ? parts.year : Number(found[3]),
      monthNames.indexOf(name ?? "") + 1,
      Number(day),
    );
    parts.weekday = undefined;
    return text.slice(found[0].length);
  }
  const american = /^(\d{1,2})\/(\d{1,2})(?:\/(\d{4}))?/.exec(text);
  if (!american) return undefined;
  setDate(
    parts,
    american[3] === undefined ? parts.year : Number(american[3]),
    Number(american[1]),
    Number(american[2]),
  );
  return text.slice(american[0].length);
}

const numbers: Readonly<Record<string, number>> = { last: -1, this: 0, next: 1, a: 1, an: 1 };

function relativeItem(text: string, parts: Parts): string | undefined {
  const word = /^(now|today|yesterday|tomorrow|midnight|noon)(?![a-z])/.exec(text)?.[1];
  if (word) {
    if (word === "yesterday") parts.seconds -= 86_400;
    if (word === "tomorrow") parts.seconds += 86_400;
    if (word === "midnight") parts.time = 0;
    if (word === "noon") parts.time = 43_200;
    return text.slice(word.length);
  }
  const found =
    /^([-+]?\s*\d+|last|next|this|an?(?= ))?\s*(sec|second|min|minute|hour|day|week|fortnight|month|year)s?(?![a-z])(\s+ago\b)?/.exec(
      text,
    );
  if (!found) return undefined;
  const [whole, count = "1", unit = "", ago] = found;
  const amount = (numbers[count] ?? Number(count.replace(/\s/g, ""))) * (ago ? -1 : 1);
  if (unit === "month") parts.months += amount;
  else if (unit === "year") parts.months += 12 * amount;
  else parts.seconds += amount * (units[unit] ?? 0);
  return text.slice(whole.length);
}

/** 20260305, or the year after a date without one. */
function plainDate(text: string, parts: Parts): string | undefined {
  const found = /^(\d{4})(\d{2})(\d{2})(?!\d)/.exec(text);
  if (found && Number(found[2]) >= 1 && Number(found[2]) <= 12) {
    setDate(parts, Number(found[1]), Number(found[2]), Number(found[3]));
    return text.slice(found[0].length);
  }
  const year = parts.dated ? /^(\d{4})(?!\d)/.exec(text) : null;
  if (!year) return undefined;
  parts.year = Number(year[1]);
  return text.slice(year[0].length);
}
