import { expect, test } from "vitest";
import { SECOND } from "../../src/base/clock.ts";
import { humanDuration, shortHumanDuration } from "../../src/base/human-duration.ts";

const [minute, hour, day] = [60, 3600, 86400];

test.each([
  [-2, "<invalid>"],
  [-1, "0s"],
  [-0.5, "0s"],
  [0.9, "0s"],
  [59, "59s"],
  [119, "119s"],
  [2 * minute, "2m"],
  [125, "2m5s"],
  [9 * minute, "9m"],
  [9 * minute + 59, "9m59s"],
  [10 * minute, "10m"],
  [59 * minute + 59, "59m"],
  [2 * hour + 59 * minute + 59, "179m"],
  [3 * hour, "3h"],
  [3 * hour + 5 * minute, "3h5m"],
  [7 * hour + 59 * minute, "7h59m"],
  [8 * hour + 59 * minute, "8h"],
  [47 * hour + 59 * minute, "47h"],
  [48 * hour, "2d"],
  [51 * hour, "2d3h"],
  [191 * hour, "7d23h"],
  [192 * hour, "8d"],
  [729 * day, "729d"],
  [730 * day, "2y"],
  [731 * day, "2y1d"],
  [(7 * 365 + 364) * day, "7y364d"],
  [8 * 365 * day, "8y"],
  [(9 * 365 + 100) * day, "9y"],
])("%s seconds are %s", (seconds, text) => {
  expect(humanDuration(seconds * SECOND)).toBe(text);
});

test.each([
  [-2, "<invalid>"],
  [-1, "0s"],
  [59, "59s"],
  [119, "1m"],
  [59 * minute, "59m"],
  [23 * hour, "23h"],
  [364 * day, "364d"],
  [365 * day, "1y"],
])("%s seconds are %s in short", (seconds, text) => {
  expect(shortHumanDuration(seconds * SECOND)).toBe(text);
});
