import { describe, expect, test } from "vitest";
import { readIndexes, successReached } from "../../../../src/cluster/controllers/job/policies.ts";
import type { Job } from "../../../../src/kinds/types/batch.ts";

describe("when a job has won, case by case of pkg/controller/job/success_policy_test.go TestMatchSuccessPolicy (1.35)", () => {
  // What has succeeded, the rules as indexes and count, and which of them is met.
  test.each<[string, string, [string | undefined, number?][], number | undefined]>([
    ["no rules", "0", [], undefined],
    ["an index that has not", "0-2", [["3"]], undefined],
    ["a count", "0-2", [[undefined, 2]], 0],
    ["a count that is not reached", "0-2", [[undefined, 4]], undefined],
    ["the second rule", "0-2,4-7", [["9"], ["4,6"]], 1],
    ["both rules", "0-2,4-7", [["0,1"], ["5"]], 0],
    ["indexes and count", "0-2,4-7", [["3-6", 2]], 0],
    ["too few of the indexes", "0-2,6-7", [["3-6", 2]], undefined],
    ["nothing has succeeded", "", [[undefined, 4]], undefined],
    ["proper subset", "1-9", [["2-4,6-8"]], 0],
    ["the same", "2-4,6-9", [["2-4,6-9"]], 0],
    ["no indexes in the rule", "1-3", [[""]], undefined],
    ["none of them", "1-3,5-7", [["10-12,14-16"]], undefined],
    ["overlap at first", "2-4,6-8", [["1-3,5-7"]], undefined],
    ["overlap at first, count", "2-4,6-8", [["1-3,5-7", 4]], 0],
    ["overlap at last", "1-3,5-7", [["2-4,6-9"]], undefined],
    ["overlap at last, count", "1-3,5-7", [["2-4,6-9", 4]], 0],
    ["complete overlap", "1-3,7-8", [["0-4,6-9"]], undefined],
    ["complete overlap, count", "1-3,7-8", [["0-4,6-9", 5]], 0],
    ["several at last", "1-3,5-9", [["0-6,8-9"]], undefined],
    ["several at last, count", "1-3,5-9", [["0-6,8-9", 7]], 0],
  ])("%s", (_name, succeeded, rules, met) => {
    const all = rules.map(([succeededIndexes, succeededCount]) => ({
      ...(succeededIndexes === undefined ? {} : { succeededIndexes }),
      ...(succeededCount === undefined ? {} : { succeededCount }),
    }));
    const job = { spec: { completions: 10, successPolicy: { rules: all } } } as unknown as Job;
    const message = met === undefined ? undefined : `Matched rules at index ${met}`;
    expect(successReached(job, new Set(readIndexes(succeeded, 10)))).toBe(message);
  });
});
