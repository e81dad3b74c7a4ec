import { expect, test } from "vitest";
import { parseCustomColumns, parseCustomColumnsFile, printCustomColumns } from "../../src/base/custom-columns.ts";
import { FormatError } from "../../src/base/format-error.ts";
import type { Json, JsonObject } from "../../src/base/json.ts";
import { naturalOrder, sortByPath } from "../../src/base/sort-by.ts";
import { complaint, frozen, recorded } from "./recorded.ts";

interface ColumnsCase {
  columns: string;
  input: JsonObject;
  flags?: string[];
  file?: boolean;
  want?: string;
  error?: string;
  stdout?: string;
}

function print(one: ColumnsCase): { stdout: string; stderr: string } {
  try {
    const columns = one.file ? parseCustomColumnsFile(one.columns) : parseCustomColumns(one.columns);
    const sortBy = one.flags?.find((flag) => flag.startsWith("--sort-by="))?.slice("--sort-by=".length);
    const items = one.input.kind === "List" ? (one.input.items as Json[]) : [one.input];
    const objects = sortBy === undefined ? items : sortByPath(items, sortBy, (item) => item);
    const { text, error } = printCustomColumns(columns, frozen(objects), {
      noHeaders: one.flags?.includes("--no-headers") ?? false,
    });
    return { stdout: text, stderr: error === undefined ? "" : `error: ${error}\n` };
  } catch (problem) {
    if (!(problem instanceof FormatError)) throw problem;
    return { stdout: "", stderr: `error: ${problem.message}\n` };
  }
}

test.each(
  recorded<ColumnsCase>("custom-columns").map((one, i) => [`${i + 1}: ${one.columns} ${one.flags ?? ""}`, one] as const),
)("%s", (_, one) => {
  expect(print(one)).toEqual({ stdout: one.want ?? one.stdout ?? "", stderr: one.error ?? "" });
});

test("--sort-by: missing first, quantities by value, text in natural order", () => {
  const objects = [{ a: "pod-10" }, { a: "pod-2" }, {}, { a: "pod-2b" }];
  expect(sortByPath(objects, "a", (one) => one)).toEqual([{}, { a: "pod-2" }, { a: "pod-2b" }, { a: "pod-10" }]);
  expect(sortByPath(["1Gi", "500Mi", "2", "1500m"], "{.x}", (x) => ({ x }))).toEqual(["1500m", "2", "500Mi", "1Gi"]);
  expect(sortByPath([3, 1, 2], ".x", (x) => ({ x }))).toEqual([1, 2, 3]);
  expect(complaint(() => sortByPath(objects, ".nope", (one) => one))).toBe(
    'couldn\'t find any field with path "{.nope}" in the list of objects',
  );
});

test.each([
  ["a1", "a2"],
  ["a9", "a10"],
  ["1", "a"],
  ["a", "a0"],
  ["a1b", "a01b"],
])("%s comes before %s", (a, b) => {
  expect(naturalOrder(a, b)).toBeLessThan(0);
  expect(naturalOrder(b, a)).toBeGreaterThan(0);
});
