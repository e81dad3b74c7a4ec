import { fromBase64 } from "../../base/base64.ts";
import { parseCidr, parseIp } from "../../base/cidr.ts";
import { parseGoDuration } from "../../base/go-duration.ts";
import { guestRegex } from "../../base/regex.ts";
import { daysInMonth, parseRfc3339 } from "../../base/time.ts";

// kube-openapi pkg/validation/strfmt (v1.35): what `format` means for strings. Other names mean nothing.

const uuid = "(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?%s[0-9a-f]{3}-?%v[0-9a-f]{3}-?[0-9a-f]{12}$";
const patterns: Readonly<Record<string, string>> = {
  bsonobjectid: "^[0-9a-fA-F]{24}$",
  creditcard: "^[0-9]{13,19}$",
  email: "^[^\\s@<>]+@[^\\s@<>]+$",
  hexcolor: "^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$",
  hostname:
    "^([a-zA-Z0-9\\p{S}\\p{L}]((-?[a-zA-Z0-9\\p{S}\\p{L}]{0,62})?)|([a-zA-Z0-9\\p{S}\\p{L}](([a-zA-Z0-9-\\p{S}\\p{L}]{0,61}[a-zA-Z0-9\\p{S}\\p{L}])?)(\\.)){1,}([a-zA-Z\\p{L}]){2,63})$",
  isbn: "^(97[89])?[0-9]{9}[0-9X]$",
  isbn10: "^[0-9]{9}[0-9X]$",
  isbn13: "^97[89][0-9]{10}$",
  "k8s-long-name": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
  "k8s-short-name": "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$",
  mac: "^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$",
  rgbcolor: "^rgb\\(\\s*[0-9]{1,3}\\s*,\\s*[0-9]{1,3}\\s*,\\s*[0-9]{1,3}\\s*\\)$",
  ssn: "^[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}$",
  uri: "^[a-zA-Z][-+.a-zA-Z0-9]*:[^\\s]+$|^/[^\\s]*$",
  uuid: "(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$",
  uuid3: uuid.replace("%s", "3").replace("%v", "[0-9a-f]"),
  uuid4: uuid.replace("%s", "4").replace("%v", "[89ab]"),
  uuid5: uuid.replace("%s", "5").replace("%v", "[89ab]"),
};

const checks: Readonly<Record<string, (text: string) => boolean>> = {
  byte: (text) => fromBase64(text) !== undefined,
  cidr: (text) => succeeds(() => parseCidr(text)),
  date: isDate,
  "date-time": (text) => parseRfc3339(text.toUpperCase()) !== undefined,
  datetime: (text) => parseRfc3339(text.toUpperCase()) !== undefined,
  duration: isDuration,
  ipv4: (text) => parseIp(text)?.version === 4,
  ipv6: (text) => parseIp(text)?.version === 6,
  password: () => true,
};

/** Whether a text fits a format; every text fits one that is not known. */
export function fitsFormat(text: string, format: string): boolean {
  const check = checks[format];
  if (check) return check(text);
  const pattern = patterns[format];
  return pattern === undefined || guestRegex(pattern).test(text);
}

function isDate(text: string): boolean {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!found) return false;
  const [year = 0, month = 0, day = 0] = found.slice(1).map(Number);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** Go's own durations, or a number and a unit in words: 3 days. */
function isDuration(text: string): boolean {
  return succeeds(() => parseGoDuration(text)) || wordedDuration.test(text.trim());
}

const wordedDuration =
  /^(\d+\s*(ns|nano|us|\u00b5s|micro|ms|milli|s|sec|secs|second|seconds|m|min|minute|minutes|h|hr|hour|hours|d|day|days|w|wk|week|weeks)\s*)+$/i;

function succeeds(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
