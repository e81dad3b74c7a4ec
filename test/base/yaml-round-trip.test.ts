import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../src/base/json.ts";
import { parseYaml } from "../../src/base/yaml-in/parse-yaml.ts";
import { toYaml } from "../../src/base/yaml-out.ts";

const words = fc.constantFrom(
  " ",
  "\n",
  ":",
  "-",
  "#",
  "'",
  '"',
  "a",
  "0",
  "1",
  "_",
  ".",
  "e",
  "é",
  "한",
  "😀",
  "\t",
  "~",
  "|",
  "{",
  "]",
  ",",
);
const text = fc.oneof(
  fc.array(words, { maxLength: 12 }).map((parts) => parts.join("")),
  fc.lorem({ maxCount: 30 }),
  fc.constantFrom("on", "0x1F", "1_000", "1e3", "2024-01-01", "1:20", "<<", "null", ".inf", "0o17", "y"),
);
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    text,
    fc.integer(),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .filter((value) => !Number.isInteger(value) || (Number.isSafeInteger(value) && value !== 0)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      text.filter((key) => key !== "<<"),
      tie("value"),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).value;

test("what is printed is read back", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("a", "b"), json, { minKeys: 1, noNullPrototype: true }), (value) => {
      expect(parseYaml(toYaml(value))).toEqual(value);
    }),
    { numRuns: 1000 },
  );
});
