import { describe, expect, test } from "vitest";
import { fieldMatcher, fieldSelectorText, parseFieldSelector } from "../../src/base/field-selector.ts";
import { labelSelectorFields, parseSelector } from "../../src/base/parse-selector.ts";
import {
  formatSelector,
  type LabelSelectorFields,
  requirement,
  selectorMatcher,
  selectorOf,
  selectorText,
} from "../../src/base/selector.ts";
import { complaint } from "./complaint.ts";
import { recorded } from "./recorded.ts";

interface SelectorCase {
  selector: string;
  want?: LabelSelectorFields;
  error?: string;
}

/** What 1.35 says otherwise than kubectl 1.33, with which the cases were recorded. */
function words135(text: string): string {
  return text
    .replace(/no more than (63|253) characters/g, "no more than $1 bytes")
    .replace(": a qualified name must", ": a valid label key must");
}

describe("kubectl create pdb --selector, recorded with kubectl 1.33", () => {
  test.each(recorded<SelectorCase>("label-selector").map((one) => [one.selector, one] as const))("%s", (_, one) => {
    if (one.want) expect(labelSelectorFields(one.selector)).toStrictEqual(one.want);
    else expect(`error: ${complaint(() => labelSelectorFields(one.selector))}\n`).toBe(words135(one.error ?? ""));
  });
});

const labels = { app: "web", tier: "front", rank: "7", empty: "" };
test.each([
  ["", true],
  ["app=web", true],
  ["app==api", false],
  ["app=web,tier!=back", true],
  ["missing!=x", true],
  ["missing=", false],
  ["empty=", true],
  ["app in (api,web)", true],
  ["app notin (api,web)", false],
  ["missing notin (a)", true],
  ["missing in (a)", false],
  ["app", true],
  ["!app", false],
  ["!missing,app", true],
  ["rank>6", true],
  ["rank>7", false],
  ["rank<8", true],
  ["app>1", false],
])("%s selects: %s", (text, selects) => {
  expect(selectorMatcher(parseSelector(text))(labels)).toBe(selects);
});

test.each([
  ["b=1,a==2", "a==2,b=1"],
  ["x in (c,a,b)", "x in (a,b,c)"],
  ["!z,y,x notin (q)", "x notin (q),y,!z"],
  ["k>1,k2<5", "k>1,k2<5"],
  ["a!=b", "a!=b"],
])("%s is printed as %s", (text, printed) => {
  expect(selectorText(parseSelector(text))).toBe(printed);
});

test("selectors of objects", () => {
  const fields = {
    matchLabels: { b: "1", a: "2" },
    matchExpressions: [
      { key: "c", operator: "NotIn", values: ["y", "x"] },
      { key: "a0", operator: "Exists" },
    ],
  };
  expect(formatSelector(fields)).toBe("a=2,a0,b=1,c notin (x,y)");
  expect(formatSelector(undefined)).toBe("<none>");
  expect(formatSelector({})).toBe("<none>");
  expect(selectorOf(undefined)).toBeUndefined();
  expect(complaint(() => selectorOf({ matchExpressions: [{ key: "a", operator: "Is" }] }))).toBe(
    '"Is" is not a valid label selector operator',
  );
  expect(complaint(() => requirement("a", "in", []))).toBe(
    "values: Invalid value: []string{}: for 'in', 'notin' operators, values set can't be empty",
  );
});

const fieldsOf: Record<string, string> = { "metadata.name": "web", "status.phase": "Running", "spec.nodeName": "" };
test.each([
  ["status.phase=Running", true],
  ["status.phase==Running,metadata.name!=api", true],
  ["status.phase!=Running", false],
  ["spec.nodeName=", true],
  ["", true],
  ["metadata.name=a\\,b", false],
])("field selector %s: %s", (text, selects) => {
  expect(fieldMatcher(parseFieldSelector(text))((name) => fieldsOf[name])).toBe(selects);
});

test("field selectors: words and text", () => {
  expect(complaint(() => parseFieldSelector("a"))).toBe("invalid selector: 'a'; can't understand 'a'");
  expect(complaint(() => parseFieldSelector("a=b=c"))).toBe("invalid field selector: unescaped character in value: 61");
  expect(complaint(() => parseFieldSelector("a=\\x"))).toBe("invalid field selector: invalid escape sequence: \\x");
  expect(fieldSelectorText(parseFieldSelector("b==2,a!=x\\,y"))).toBe("a!=x\\,y,b=2");
});
