import { type Micros, SECOND } from "./clock.ts";

/** A moment as a calendar and a clock on the wall show it. */
export interface CivilTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micros: number;
  /** 0 is Sunday. */
  readonly weekday: number;
}

const DAY = 86_400;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** Days since 1970-01-01 of a date of the Gregorian calendar; months beyond 1 to 12 are carried over to the year. */
export function dayNumber(year: number, month: number, day: number): number {
  const carried = Math.floor((month - 1) / 12);
  const y = year + carried - (month - carried * 12 <= 2 ? 1 : 0);
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * ((month - carried * 12 + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The date that is so many days after 1970-01-01. */
export function dateOf(days: number): { year: number; month: number; day: number } {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const m = Math.floor((5 * dayOfYear + 2) / 153);
  const month = m < 10 ? m + 3 : m - 9;
  const day = dayOfYear - Math.floor((153 * m + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** The day of the week, 0 for Sunday. */
export function weekdayOf(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}

/** How many days the month has. */
export function daysInMonth(year: number, month: number): number {
  return month === 12 ? 31 : dayNumber(year, month + 1, 1) - dayNumber(year, month, 1);
}

/** What calendar and clock show, `offset` seconds east of UTC. */
export function civilTime(at: Micros, offset = 0): CivilTime {
  const seconds = Math.floor(at / SECOND);
  const local = seconds + offset;
  const days = Math.floor(local / DAY);
  const rest = local - days * DAY;
  const { year, month, day } = dateOf(days);
  return {
    year,
    month,
    day,
    hour: Math.floor(rest / 3600),
    minute: Math.floor(rest / 60) % 60,
    second: rest % 60,
    micros: Math.floor(at - seconds * SECOND),
    weekday: weekdayOf(days),
  };
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

function dateAndTime(t: CivilTime): string {
  const date = `${String(t.year).padStart(4, "0")}-${two(t.month)}-${two(t.day)}`;
  return `${date}T${two(t.hour)}:${two(t.minute)}:${two(t.second)}`;
}

/** The texts of the seconds asked for last: much happens in one second, and all of it shares one text. */
const lastSeconds = new Float64Array(64).fill(Number.NaN);
const lastTexts: string[] = new Array(64).fill("");

/** metav1.Time as the API writes it: 2026-01-02T03:04:05Z. */
export function rfc3339(at: Micros): string {
  const second = Math.floor(at / SECOND);
  const slot = ((second % 64) + 64) % 64;
  if (lastSeconds[slot] !== second) {
    lastSeconds[slot] = second;
    lastTexts[slot] = inOnePiece(`${dateAndTime(civilTime(at))}Z`);
  }
  return lastTexts[slot] as string;
}

/** metav1.MicroTime as the API writes it: 2026-01-02T03:04:05.000006Z. */
export function rfc3339Micro(at: Micros): string {
  const micros = at - Math.floor(at / SECOND) * SECOND;
  return inOnePiece(`${rfc3339(at).slice(0, -1)}.${String(Math.floor(micros)).padStart(6, "0")}Z`);
}

/** The same text. What was put together stays a tree of its parts, of six times the size, until it is flattened. */
function inOnePiece(text: string): string {
  const codes: number[] = [];
  for (let i = 0; i < text.length; i++) codes.push(text.charCodeAt(i));
  return String.fromCharCode.apply(undefined, codes);
}

/** As describe prints times: Mon, 02 Jan 2006 15:04:05 +0000. */
export function rfc1123z(at: Micros, offset = 0): string {
  const t = civilTime(at, offset);
  const minutes = Math.floor(Math.abs(offset) / 60);
  const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
  const date = `${weekdays[t.weekday]}, ${two(t.day)} ${months[t.month - 1]} ${String(t.year).padStart(4, "0")}`;
  return `${date} ${two(t.hour)}:${two(t.minute)}:${two(t.second)} ${zone}`;
}

/** The same as HTTP writes it (RFC 9110, IMF-fixdate): Sat, 21 Nov 2026 19:09:03 GMT. */
export function httpDate(at: Micros): string {
  return rfc1123z(at).replace("+0000", "GMT");
}

const rfc3339Text = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;

/** Texts of whole seconds that were read before: objects show the same few times again and again. */
const readTimes = new Map<string, Micros | undefined>();
const READ_LIMIT = 1024;
const WHOLE_SECONDS = "2006-01-02T15:04:05Z".length;

/** The moment an RFC 3339 text names, or undefined if it is none; `timeProblem` says why. */
export function parseRfc3339(text: string): Micros | undefined {
  if (text.length !== WHOLE_SECONDS) return readRfc3339(text);
  const known = readTimes.get(text);
  if (known !== undefined) return known;
  const read = readRfc3339(text);
  if (readTimes.size >= READ_LIMIT) readTimes.clear();
  readTimes.set(text, read);
  return read;
}

function readRfc3339(text: string): Micros | undefined {
  const parts = rfc3339Text.exec(text);
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const [hours, minutes] = [Number(parts[9] ?? 0), Number(parts[10] ?? 0)];
  if (hours > 24 || minutes > 60) return undefined;
  const offset = (parts[8] === "-" ? -1 : 1) * (hours * 3600 + minutes * 60);
  const fraction = Number((parts[7] ?? "").padEnd(6, "0").slice(0, 6));
  const seconds = dayNumber(year, month, day) * DAY + hour * 3600 + minute * 60 + second - offset;
  return seconds * SECOND + fraction;
}

const layout: readonly (readonly [element: string, form: RegExp])[] = [
  ["2006", /^\d{4}/],
  ["-", /^-/],
  ["01", /^\d\d/],
  ["-", /^-/],
  ["02", /^\d\d/],
  ["T", /^T/],
  ["15", /^\d\d/],
  [":", /^:/],
  ["04", /^\d\d/],
  [":", /^:/],
  ["05", /^\d\d(?:[.,]\d+)?/],
  ["Z07:00", /^(?:Z|[+-]\d\d:\d\d)/],
];

/** What Go's time.Parse says of a text that is no RFC 3339 time; undefined for one that is. */
export function timeProblem(text: string): string | undefined {
  if (parseRfc3339(text) !== undefined) return undefined;
  let rest = text;
  const found: string[] = [];
  for (const [element, form] of layout) {
    const part = form.exec(rest)?.[0];
    if (part === undefined) {
      return `parsing time "${text}" as "2006-01-02T15:04:05Z07:00": cannot parse "${rest}" as "${element}"`;
    }
    found.push(part);
    rest = rest.slice(part.length);
    const range = rangeProblem(found);
    if (range) return `parsing time "${text}": ${range} out of range`;
  }
  return rest === "" ? `parsing time "${text}": day out of range` : `parsing time "${text}": extra text: "${rest}"`;
}

function rangeProblem(found: readonly string[]): string | undefined {
  const last = Number.parseInt(found.at(-1) ?? "", 10);
  if (found.length === 3) return last < 1 || last > 12 ? "month" : undefined;
  if (found.length === 7) return last > 23 ? "hour" : undefined;
  if (found.length === 9) return last > 59 ? "minute" : undefined;
  if (found.length === 11) return last > 59 ? "second" : undefined;
  return undefined;
}
