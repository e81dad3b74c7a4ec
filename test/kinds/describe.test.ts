import { expect, test } from "vitest";
import type { Answer } from "../../src/kinds/define.ts";
import { describeGeneric } from "../../src/kinds/describe/generic.ts";
import { kinds } from "../../src/kinds/index.ts";
import { frozen, recorded } from "../base/recorded.ts";
import { answerTo, askText, type DescribeCase } from "./describe-case.ts";

const cases = recorded<DescribeCase>("describe");

test.each(cases.map((one) => [one.name, one] as const))("%s", (_name, one) => {
  const { text, asked } = describe(frozen(one));
  expect(text).toBe(one.want);
  expect([...new Set(asked)].sort()).toEqual(one.asked);
});

function describe(one: DescribeCase): { text: string; asked: string[] } {
  const { kind: name, apiVersion } = one.object;
  const kind = kinds.find((k) => k.kind === name && apiVersion === (k.group ? `${k.group}/${k.version}` : k.version));
  const options = { now: one.now, showEvents: !one.hideEvents };
  const describing = (kind?.describe ?? describeGeneric)(one.object, options);
  const asked: string[] = [];
  let answer: Answer;
  for (;;) {
    const step = describing.next(answer);
    if (step.done) return { text: step.value, asked };
    asked.push(askText(step.value));
    answer = answerTo(step.value, one);
  }
}

test("every kind is described in some case, and every case has what it printed", () => {
  const described = new Set(cases.map(({ object }) => `${object.apiVersion} ${object.kind}`));
  const missing = kinds.filter(({ group, version, kind, storedAs }) => {
    // kubectl describes autoscalers in their newer form, whichever one names.
    if (storedAs?.group === group) return false;
    const apiVersion = group === "" ? version : `${group}/${version}`;
    return !described.has(`${apiVersion} ${kind}`);
  });
  expect(missing.map(({ kind, group }) => `${kind}.${group}`)).toEqual([]);
  expect(cases.length).toBeGreaterThanOrEqual(60);
  expect(cases.filter(({ want }) => !want).map(({ name }) => name)).toEqual([]);
});
