import { type Micros, SECOND } from "../../base/clock.ts";
import { civilTime, dayNumber } from "../../base/time.ts";
import { seconds } from "../../machine/units/parse-unit.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const two = (value: number) => String(value).padStart(2, "0");

/** Sun 2026-03-01 10:00:00 UTC */
export function stamp(at: Micros): string {
  const t = civilTime(at);
  return `${weekdays[t.weekday]} ${t.year}-${two(t.month)}-${two(t.day)} ${two(t.hour)}:${two(t.minute)}:${two(t.second)} UTC`;
}

/** Mar 01 10:00:00 */
export function syslogTime(at: Micros): string {
  const t = civilTime(at);
  return `${months[t.month - 1]} ${two(t.day)} ${two(t.hour)}:${two(t.minute)}:${two(t.second)}`;
}

/** How long ago, as systemd's format_timestamp_relative says. */
export function ago(at: Micros, now: Micros): string {
  const d = Math.max(0, Math.floor((now - at) / SECOND));
  const [day, hour, minute] = [86_400, 3600, 60];
  const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;
  if (d >= 60 * day)
    return `${plural(Math.floor(d / (30 * day)), "month")} ${plural(Math.floor((d % (30 * day)) / day), "day")} ago`;
  if (d >= 14 * day)
    return `${plural(Math.floor(d / (7 * day)), "week")} ${plural(Math.floor((d % (7 * day)) / day), "day")} ago`;
  if (d >= 2 * day) return `${plural(Math.floor(d / day), "day")} ago`;
  if (d >= day) return `1 day ${Math.floor((d - day) / hour)}h ago`;
  if (d >= hour) return `${Math.floor(d / hour)}h ${Math.floor((d % hour) / minute)}min ago`;
  if (d >= 5 * minute) return `${Math.floor(d / minute)}min ago`;
  if (d >= minute) return `${Math.floor(d / minute)}min ${d % minute}s ago`;
  if (d > 0) return `${d}s ago`;
  return now > at ? `${Math.max(1, Math.floor((now - at) / 1000))}ms ago` : "now";
}

/** A moment as --since takes it: 2026-03-01 10:00, 10:00, today, -5min, 1 hour ago, @SECONDS. undefined for nonsense. */
export function parseMoment(text: string, now: Micros): Micros | undefined {
  const day = Math.floor(now / SECOND / 86_400);
  const words = text.trim();
  if (words === "now") return now;
  if (words === "today") return day * 86_400 * SECOND;
  if (words === "yesterday") return (day - 1) * 86_400 * SECOND;
  if (words === "tomorrow") return (day + 1) * 86_400 * SECOND;
  if (/^@\d+(\.\d+)?$/.test(words)) return Number(words.slice(1)) * SECOND;
  const relative = /^([-+])\s*(.+)$/.exec(words) ?? /^()(.+?)\s+ago$/.exec(words);
  if (relative) {
    const span = seconds(relative[2]);
    return span === undefined ? undefined : now + (relative[1] === "+" ? 1 : -1) * span * SECOND;
  }
  const [, year, month, date, hour = "0", minute = "0", second = "0"] =
    /^(?:[A-Z][a-z]{2} )?(?:(\d{4})-(\d\d?)-(\d\d?))?[ T]?(?:(\d\d?):(\d\d)(?::(\d\d))?(?:\.\d+)?)?(?: UTC|Z)?$/.exec(
      words,
    ) ?? [];
  if (words === "" || (year === undefined && !words.includes(":"))) return undefined;
  const days = year === undefined ? day : dayNumber(Number(year), Number(month), Number(date));
  return (days * 86_400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * SECOND;
}
