import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { allCases } from "./all-cases.ts";
import { type Outcome, runOurs, type TextCase, wordsOf } from "./text-case.ts";

interface Recording {
  readonly case: TextCase;
  readonly from: "real" | "ours";
  readonly outcome: Outcome;
}

const recordings: readonly Recording[] = readFileSync(new URL("../../corpus/text-tools.jsonl", import.meta.url), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));

const byTool = new Map<string, Recording[]>();
for (const recording of recordings) {
  const tool = wordsOf(recording.case.run)[0] ?? "";
  byTool.set(tool, [...(byTool.get(tool) ?? []), recording]);
}

it("has a recording of every case", () => {
  expect(recordings.map((recording) => recording.case)).toEqual(allCases);
});

// Recorded by scripts/record-text-tools.ts on Debian 12: coreutils 9.1, grep 3.8, sed 4.9, diffutils 3.8, mawk 1.3.4.
describe.each([...byTool])("%s", (_tool, cases) => {
  it("prints what was recorded", () => {
    const wrong = cases.flatMap(({ case: given, outcome }) => {
      const ours = runOurs(given);
      return JSON.stringify(ours) === JSON.stringify(outcome) ? [] : [{ run: given.run, ours, recorded: outcome }];
    });
    expect(wrong).toEqual([]);
  });
});
