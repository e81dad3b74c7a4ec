import { expect, test } from "vitest";
import {
  addQuantity,
  canonicalQuantity,
  compareQuantity,
  milliValue,
  parseQuantity,
  subtractQuantity,
  wholeValue,
} from "../../src/base/quantity.ts";
import { complaint } from "./complaint.ts";
import { recorded } from "./recorded.ts";

const cases = recorded<{ input: string; want?: string; error?: string }>("quantity");

test.each(cases)("$input", ({ input, want, error }) => {
  if (error === undefined) expect(canonicalQuantity(input)).toBe(want);
  else expect(`error: ${complaint(() => parseQuantity(input))}\n`).toBe(error);
});

test.each([
  ["100m", 100, 1],
  ["1.5", 1500, 2],
  ["1Ki", 1_024_000, 1024],
  ["-1500m", -1500, -2],
  ["1n", 1, 1],
  ["0", 0, 0],
  ["2G", 2e12, 2e9],
])("%s is %d thousandths and %d units", (text, milli, whole) => {
  expect([milliValue(text), wholeValue(text)]).toEqual([milli, whole]);
});

// Printed by apimachinery 0.35: Add and Sub, where a zero takes on the other's format.
test.each([
  ["1Gi", "512Mi", "1536Mi", "512Mi"],
  ["0", "1Gi", "1Gi", "-1Gi"],
  ["500m", "1", "1500m", "-500m"],
  ["1", "1Gi", "1073741825", "-1073741823"],
])("%s and %s", (a, b, sum, difference) => {
  expect(addQuantity(parseQuantity(a), parseQuantity(b)).text).toBe(sum);
  expect(subtractQuantity(parseQuantity(a), parseQuantity(b)).text).toBe(difference);
});

test("comparison goes by value", () => {
  expect(compareQuantity(parseQuantity("1Gi"), parseQuantity("1G"))).toBe(1);
  expect(compareQuantity(parseQuantity("1000m"), parseQuantity("1"))).toBe(0);
  expect(compareQuantity(parseQuantity("-1"), parseQuantity("0"))).toBe(-1);
});
