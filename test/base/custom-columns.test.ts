import { expect, test } from "vitest";
import { parseCustomColumns, parseCustomColumnsFile, printCustomColumns } from "../../src/base/custom-columns.ts";
import { FormatError } from "../../src/base/format-error.ts";
import type { Json, JsonObject } from "../../src/base/json.ts";
import { sortByPath } from "../../src/base/sort-by.ts";
import { frozen, recorded } from "./recorded.ts";

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
  recorded<ColumnsCase>("custom-columns").map(
    (one, i) => [`${i + 1}: ${one.columns} ${one.flags ?? ""}`, one] as const,
  ),
)("%s", (_, one) => {
  expect(print(one)).toEqual({ stdout: one.want ?? one.stdout ?? "", stderr: one.error ?? "" });
});
