import { type Micros, SECOND } from "./clock.ts";
import { FormatError } from "./format-error.ts";
import { parseGoDuration } from "./go-duration.ts";
import { goQuote } from "./go-text.ts";
import { dateOf, dayNumber, weekdayOf } from "./time.ts";
import { zoneOffset } from "./time-zone.ts";

/** When a CronJob runs: the schedule language of robfig/cron v3, which Kubernetes uses. */
export type CronSchedule = CronFields | { readonly every: Micros };

interface CronFields {
  readonly minute: Field;
  readonly hour: Field;
  readonly day: Field;
  readonly month: Field;
  readonly weekday: Field;
  /** A zone written into the schedule with TZ=. */
  readonly zone?: string;
}

interface Field {
  readonly values: ReadonlySet<number>;
  /** Written as `*`: does not count as a restriction. */
  readonly any: boolean;
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const bounds: Readonly<Record<"minute" | "hour" | "day" | "month" | "weekday", Bounds>> = {
  minute: { min: 0, max: 59 },
  hour: { min: 0, max: 23 },
  day: { min: 1, max: 31 },
  month: {
    min: 1,
    max: 12,
    names: ["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  weekday: { min: 0, max: 6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
};

const shortcuts: ReadonlyMap<string, string> = new Map([
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
  ["@monthly", "0 0 1 * *"],
  ["@weekly", "0 0 * * 0"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@hourly", "0 * * * *"],
]);

/** Reads a schedule; throws a FormatError with the library's words. */
export function parseCron(schedule: string): CronSchedule {
  if (schedule === "") throw new FormatError("empty spec string");
  const prefix = /^(?:CRON_)?TZ=([^ ]*) /.exec(schedule);
  const zone = prefix?.[1];
  if (zone !== undefined && zoneOffset(zone, 0) === undefined) {
    throw new FormatError(`provided bad location ${zone}: unknown time zone ${zone}`);
  }
  const text = prefix ? schedule.slice(prefix[0].length).trim() : schedule;
  const parsed = text.startsWith("@") ? readShortcut(text) : readFields(text);
  return zone === undefined || "every" in parsed ? parsed : { ...parsed, zone };
}

function readShortcut(text: string): CronSchedule {
  const fields = shortcuts.get(text);
  if (fields) return readFields(fields);
  if (!text.startsWith("@every ")) throw new FormatError(`unrecognized descriptor: ${text}`);
  try {
    const span = parseGoDuration(text.slice("@every ".length));
    return { every: Math.max(SECOND, Math.floor(span / SECOND) * SECOND) };
  } catch (fault) {
    if (!(fault instanceof FormatError)) throw fault;
    throw new FormatError(`failed to parse duration ${text}: ${fault.message}`);
  }
}

function readFields(text: string): CronFields {
  const parts = text.split(/\s+/).filter((part) => part !== "");
  const [minute, hour, day, month, weekday] = parts;
  if (weekday === undefined || parts.length !== 5) {
    throw new FormatError(`expected exactly 5 fields, found ${parts.length}: [${parts.join(" ")}]`);
  }
  return {
    minute: readField(minute ?? "", bounds.minute),
    hour: readField(hour ?? "", bounds.hour),
    day: readField(day ?? "", bounds.day),
    month: readField(month ?? "", bounds.month),
    weekday: readField(weekday, bounds.weekday),
  };
}

function readField(text: string, range: Bounds): Field {
  const values = new Set<number>();
  let any = false;
  for (const item of text.split(",")) {
    if (item === "") continue;
    const found = readItem(item, range);
    any ||= found.any;
    for (let value = found.from; value <= found.to; value += found.step) values.add(value);
  }
  return { values, any };
}

function readItem(item: string, range: Bounds): { from: number; to: number; step: number; any: boolean } {
  const [span = "", stepText, more] = item.split("/");
  const ends = span.split("-");
  const first = ends[0] ?? "";
  const star = first === "*" || first === "?";
  const from = star ? range.min : readNumber(first, range.names);
  let to = star ? range.max : from;
  if (!star && ends.length === 2) to = readNumber(ends[1] ?? "", range.names);
  if (!star && ends.length > 2) throw new FormatError(`too many hyphens: ${item}`);
  if (more !== undefined) throw new FormatError(`too many slashes: ${item}`);
  const step = stepText === undefined ? 1 : readNumber(stepText);
  // `5/15` means from 5 to the end.
  if (stepText !== undefined && ends.length === 1) to = range.max;
  if (from < range.min) throw new FormatError(`beginning of range (${from}) below minimum (${range.min}): ${item}`);
  if (to > range.max) throw new FormatError(`end of range (${to}) above maximum (${range.max}): ${item}`);
  if (from > to) throw new FormatError(`beginning of range (${from}) beyond end of range (${to}): ${item}`);
  if (step === 0) throw new FormatError(`step of range should be a positive number: ${item}`);
  return { from, to, step, any: star && step <= 1 };
}

function readNumber(text: string, names?: readonly string[]): number {
  const named = text === "" ? -1 : (names?.indexOf(text.toLowerCase()) ?? -1);
  if (named >= 0) return named;
  const refuse = (why: string): FormatError =>
    new FormatError(`failed to parse int from ${text}: strconv.Atoi: parsing ${goQuote(text)}: ${why}`);
  if (!/^[+-]?\d+$/.test(text)) throw refuse("invalid syntax");
  if (Math.abs(Number(text)) > Number.MAX_SAFE_INTEGER) throw refuse("value out of range");
  const value = Number(text);
  if (value < 0) throw new FormatError(`negative number (${value}) not allowed: ${text}`);
  return value;
}

const MINUTE = 60;
const DAY = 86_400;

/**
 * The first time after `after` that the schedule names, as the clocks of `zone` go; undefined if none comes in the next
 * five years. Clock times that a change to summer time leaves out do not come; those that are repeated come twice.
 */
export function nextCronTime(schedule: CronSchedule, after: Micros, zone = "UTC"): Micros | undefined {
  if ("every" in schedule) return Math.floor(after / SECOND) * SECOND + schedule.every;
  const clocks = schedule.zone ?? zone;
  const start = (Math.floor(after / SECOND / MINUTE) + 1) * MINUTE;
  const firstDay = localDay(start, clocks);
  const lastDay = dayNumber(dateOf(firstDay).year + 6, 1, 1) - 1;
  for (let day = firstDay; day <= lastDay; day++) {
    if (!namesDay(schedule, day)) continue;
    const found = nextOnDay(schedule, day, Math.max(start, startOfDay(day, clocks)), clocks);
    if (found !== undefined) return found * SECOND;
  }
  return undefined;
}

/** If one of the two day fields is `*` both must name the day, otherwise one is enough. */
function namesDay({ day, month, weekday }: CronFields, number: number): boolean {
  const date = dateOf(number);
  if (!month.values.has(date.month)) return false;
  const byDay = day.values.has(date.day);
  const byWeekday = weekday.values.has(weekdayOf(number));
  return day.any || weekday.any ? byDay && byWeekday : byDay || byWeekday;
}

/** Goes through the real minutes of the local day from `from` on; all in seconds since the epoch. */
function nextOnDay(fields: CronFields, day: number, from: number, zone: string): number | undefined {
  let at = from;
  for (;;) {
    const local = at + offsetAt(at, zone);
    if (Math.floor(local / DAY) !== day) return undefined;
    const minuteOfDay = Math.floor(local / MINUTE) - day * 1440;
    const hourNamed = fields.hour.values.has(Math.floor(minuteOfDay / 60));
    if (hourNamed && fields.minute.values.has(minuteOfDay % 60)) return at;
    // Clocks change at full quarters of an hour, so nothing is missed by going from quarter to quarter.
    at += hourNamed ? MINUTE : (15 - (minuteOfDay % 15)) * MINUTE;
  }
}

function offsetAt(seconds: number, zone: string): number {
  return zoneOffset(zone, seconds) ?? 0;
}

function localDay(seconds: number, zone: string): number {
  return Math.floor((seconds + offsetAt(seconds, zone)) / DAY);
}

/** The first second of the local day, also where the clocks change at midnight. */
function startOfDay(day: number, zone: string): number {
  const midnight = day * DAY;
  const before = midnight - offsetAt(midnight - DAY, zone);
  const after = midnight - offsetAt(midnight + DAY, zone);
  const starts = (at: number): boolean => localDay(at, zone) === day && localDay(at - 1, zone) < day;
  return starts(before) ? before : after;
}
