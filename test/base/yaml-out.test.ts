import { expect, test } from "vitest";
import { parseJson, toJson } from "../../src/base/json.ts";
import { toYaml } from "../../src/base/yaml-out.ts";
import { recorded } from "./recorded.ts";

const cases = recorded<{ name: string; json: string; yaml: string }>("yaml-out");

test.each(cases.map((c) => [c.name, c] as const))("yaml: %s", (_, { json, yaml }) => {
  expect(toYaml(parseJson(json))).toBe(yaml);
});

/** `-0.0` was typed; printed as `-0` it is an integer when read again, and integers have no negative zero. */
const readOtherwise = ['object 56: {"n":-0.0}}'];

test.each(cases.map((c) => [c.name, c] as const))("json: %s", (name, { json }) => {
  const again = `${toJson(parseJson(json), { indent: 4 })}\n`;
  expect(again).toBe(readOtherwise.includes(name) ? json.replace("-0", "0") : json);
});
