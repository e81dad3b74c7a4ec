import type { Micros } from "./clock.ts";

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Reads a time as the API writes it (RFC 3339, any zone); undefined where the text is none. */
export function parseTime(text: string | null | undefined): Micros | undefined {
  const match = text ? rfc3339.exec(text) : null;
  if (!match) return undefined;
  const [, year, month, day, hours, minutes, seconds, fraction, sign, zoneHours, zoneMinutes] = match;
  const zone = sign ? (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === "-" ? -1 : 1) : 0;
  const days = daysBefore(Number(year), Number(month), Number(day));
  const whole = days * 86400 + Number(hours) * 3600 + (Number(minutes) - zone) * 60 + Number(seconds);
  return whole * 1_000_000 + (fraction ? Number(fraction.padEnd(6, "0").slice(0, 6)) : 0);
}

/** A metav1.Time: whole seconds, UTC, 2026-01-02T03:04:05Z. */
export function formatTime(time: Micros): string {
  return `${secondsText(Math.floor(time / 1_000_000))}Z`;
}

/** A metav1.MicroTime: six decimals, 2026-01-02T03:04:05.000006Z. */
export function formatMicroTime(time: Micros): string {
  const seconds = Math.floor(time / 1_000_000);
  return `${secondsText(seconds)}.${String(time - seconds * 1_000_000).padStart(6, "0")}Z`;
}

/** Year, month, day, hour, minute, second (UTC) and the day of the week (0 is Sunday) of a time. */
export function civilTime(time: Micros): readonly [number, number, number, number, number, number, number] {
  const seconds = Math.floor(time / 1_000_000);
  const days = Math.floor(seconds / 86400);
  const rest = seconds - days * 86400;
  const [year, month, day] = civilDate(days);
  const weekday = (((days + 4) % 7) + 7) % 7;
  return [year, month, day, Math.floor(rest / 3600), Math.floor((rest % 3600) / 60), rest % 60, weekday];
}

function secondsText(seconds: number): string {
  const [year, month, day, hour, minute, second] = civilTime(seconds * 1_000_000);
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** Days from 1970-01-01 to a date of the Gregorian calendar, counted in eras of 400 years that begin on 1 March. */
function daysBefore(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

function civilDate(days: number): readonly [number, number, number] {
  const shifted = days + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthIndex = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return [year, month, dayOfYear - Math.floor((153 * monthIndex + 2) / 5) + 1];
}
