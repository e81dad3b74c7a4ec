import fc from "fast-check";
import { expect, test } from "vitest";
import { SECOND } from "../../src/base/clock.ts";
import { goDuration, parseGoDuration } from "../../src/base/go-duration.ts";
import { humanDuration, shortHumanDuration } from "../../src/base/human-duration.ts";
import { parseRfc3339, rfc1123z, rfc3339, rfc3339Micro, timeProblem } from "../../src/base/time.ts";
import { complaint } from "./complaint.ts";

const [minute, hour, day, year] = [60, 3600, 86_400, 365 * 86_400];

// Facts of apimachinery 0.35 util/duration.
test.each([
  [0.9, "0s"],
  [59, "59s"],
  [60, "60s"],
  [119, "119s"],
  [120, "2m"],
  [125, "2m5s"],
  [9 * minute + 59, "9m59s"],
  [9 * minute, "9m"],
  [-1, "0s"],
  [10 * minute, "10m"],
  [59 * minute + 59, "59m"],
  [3 * hour - 1, "179m"],
  [3 * hour, "3h"],
  [3 * hour + 5 * minute, "3h5m"],
  [8 * hour - minute, "7h59m"],
  [9 * hour - minute, "8h"],
  [26 * hour, "26h"],
  [48 * hour - minute, "47h"],
  [48 * hour, "2d"],
  [51 * hour, "2d3h"],
  [191 * hour, "7d23h"],
  [192 * hour, "8d"],
  [729 * day, "729d"],
  [730 * day, "2y"],
  [731 * day, "2y1d"],
  [-2, "<invalid>"],
  [7 * year + 364 * day, "7y364d"],
  [8 * year, "8y"],
  [9 * year + 100 * day, "9y"],
])("%d seconds are %s", (seconds, text) => {
  expect(humanDuration(seconds * SECOND)).toBe(text);
});

test.each([
  [-2, "<invalid>"],
  [-1, "0s"],
  [59, "59s"],
  [60, "1m"],
  [hour, "1h"],
  [day, "1d"],
  [year - 1, "364d"],
  [year, "1y"],
])("%d seconds are %s for short", (seconds, text) => {
  expect(shortHumanDuration(seconds * SECOND)).toBe(text);
});

test("times are written as the API and describe write them", () => {
  const at = 1_767_323_045_000_006;
  expect(rfc3339(at)).toBe("2026-01-02T03:04:05Z");
  expect(rfc3339Micro(at)).toBe("2026-01-02T03:04:05.000006Z");
  expect(rfc1123z(at)).toBe("Fri, 02 Jan 2026 03:04:05 +0000");
  expect(rfc1123z(at, -19_800)).toBe("Thu, 01 Jan 2026 21:34:05 -0530");
});

test("every time is read back, and agrees with the host's calendar", () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }), (seconds) => {
      const text = rfc3339(seconds * SECOND);
      expect(text).toBe(new Date(seconds * 1000).toISOString().replace(".000", ""));
      expect(parseRfc3339(text)).toBe(seconds * SECOND);
    }),
  );
});

test.each([
  ["2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.123456Z"],
  ["2026-01-02T03:04:05+09:00", "2026-01-01T18:04:05.000000Z"],
  ["2024-02-29T00:00:00-01:30", "2024-02-29T01:30:00.000000Z"],
])("%s is %s", (text, utc) => {
  expect(rfc3339Micro(parseRfc3339(text)!)).toBe(utc);
});

// Printed by time.Parse(time.RFC3339, …) of Go 1.24.
test.each([
  ["yesterday", 'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"'],
  ["", 'parsing time "" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "2006"'],
  ["2026", 'parsing time "2026" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "-"'],
  ["2026-13-01T00:00:00Z", 'parsing time "2026-13-01T00:00:00Z": month out of range'],
  ["2026-02-30T00:00:00Z", 'parsing time "2026-02-30T00:00:00Z": day out of range'],
  ["2026-02-30T25:00:00Z", 'parsing time "2026-02-30T25:00:00Z": hour out of range'],
  [
    "2026-01-01 00:00:00Z",
    'parsing time "2026-01-01 00:00:00Z" as "2006-01-02T15:04:05Z07:00": cannot parse " 00:00:00Z" as "T"',
  ],
  ["2026-01-01T24:00:00Z", 'parsing time "2026-01-01T24:00:00Z": hour out of range'],
  ["2026-01-01T00:60:00Z", 'parsing time "2026-01-01T00:60:00Z": minute out of range'],
  ["2026-01-01T00:00:60Z", 'parsing time "2026-01-01T00:00:60Z": second out of range'],
  [
    "2026-01-01T00:00:00",
    'parsing time "2026-01-01T00:00:00" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "Z07:00"',
  ],
  ["2026-01-01T00:00:00Zx", 'parsing time "2026-01-01T00:00:00Zx": extra text: "x"'],
  ["2026-01-01", 'parsing time "2026-01-01" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"'],
  [
    "2026-1-01T00:00:00Z",
    'parsing time "2026-1-01T00:00:00Z" as "2006-01-02T15:04:05Z07:00": cannot parse "1-01T00:00:00Z" as "01"',
  ],
  ["2026-01-01T00:00Z", 'parsing time "2026-01-01T00:00Z" as "2006-01-02T15:04:05Z07:00": cannot parse "Z" as ":"'],
  ["2026-00-01T00:00:00Z", 'parsing time "2026-00-01T00:00:00Z": month out of range'],
])("%s is no time", (text, says) => {
  expect(timeProblem(text)).toBe(says);
});

// Printed by time.ParseDuration(…).String() of Go 1.24.
test.each([
  ["1m30s", "1m30s"],
  ["90s", "1m30s"],
  ["1.5s", "1.5s"],
  ["100ms", "100ms"],
  ["1h", "1h0m0s"],
  ["36h", "36h0m0s"],
  ["0", "0s"],
  ["0s", "0s"],
  ["-1m", "-1m0s"],
  ["+5s", "5s"],
  ["1us", "1µs"],
  ["1µs", "1µs"],
  ["1.5us", "1.5µs"],
  ["15ns", "15ns"],
  ["1d", 'time: unknown unit "d" in duration "1d"'],
  ["90", 'time: missing unit in duration "90"'],
  ["", 'time: invalid duration ""'],
  [" 1h", 'time: invalid duration " 1h"'],
  ["1h ", 'time: unknown unit "h " in duration "1h "'],
  ["h", 'time: invalid duration "h"'],
  ["1h30", 'time: missing unit in duration "1h30"'],
  [".5s", "500ms"],
  ["1.s", "1s"],
  [".s", 'time: invalid duration ".s"'],
  ["-", 'time: invalid duration "-"'],
  ["1h1h", "2h0m0s"],
  ["1.5h", "1h30m0s"],
  ["300ms20us", "300.02ms"],
  ["9999999h", 'time: invalid duration "9999999h"'],
  ["0.1s", "100ms"],
  ["2540400h10m10s", "2540400h10m10s"],
  ["-1.5h", "-1h30m0s"],
  ["1ms1ns", "1.000001ms"],
  ["--1s", 'time: invalid duration "--1s"'],
  ["1e3s", 'time: unknown unit "e" in duration "1e3s"'],
])("%s is the duration %s", (text, printed) => {
  if (printed.startsWith("time: ")) expect(complaint(() => parseGoDuration(text))).toBe(printed);
  else expect(goDuration(parseGoDuration(text))).toBe(printed);
});
