import { describe, expect, test } from "vitest";
import { type Json, parseJson, toJson } from "../../../src/base/json.ts";
import { JsonPathError } from "../../../src/base/jsonpath/jsonpath-node.ts";
import { jsonPathTemplate, printJsonPath } from "../../../src/base/jsonpath/print-jsonpath.ts";
import { relaxedJsonPath } from "../../../src/base/jsonpath/relaxed-jsonpath.ts";
import { frozen, recorded } from "../recorded.ts";

interface JsonPathCase {
  template: string;
  input: Json;
  output?: string;
  flags?: string[];
  want?: string;
  error?: string;
}

function print(one: JsonPathCase): string {
  try {
    return printJsonPath(jsonPathTemplate(one.template), frozen(one.input), {
      allowMissingKeys: !one.flags?.includes("--allow-missing-template-keys=false"),
      asJson: one.output === "jsonpath-as-json",
    });
  } catch (problem) {
    if (!(problem instanceof JsonPathError)) throw problem;
    return `error: ${problem.message}${problem.message.endsWith("\n") ? "" : "\n"}`;
  }
}

describe.each(["jsonpath", "jsonpath-rare"])("%s as kubectl 1.33 prints it", (file) => {
  test.each(
    recorded<JsonPathCase>(file).map((one, i) => [`${i + 1}: ${one.template} ${one.flags ?? ""}`, one] as const),
  )("%s", (_, one) => {
    expect(print(one)).toBe(one.want ?? one.error);
  });
});

test("long integers keep their digits up to 64 bit", () => {
  const object = parseJson('{"a":9007199254740993,"b":[9223372036854775807]}');
  expect(printJsonPath(jsonPathTemplate("{.a} {.b}"), object)).toBe("9007199254740993 [9223372036854775807]");
  expect(toJson(object)).toBe('{"a":9007199254740993,"b":[9223372036854775807]}');
});

test.each([".a", "a", "{.a}", "{a}"])("--sort-by=%s", (expression) => {
  expect(relaxedJsonPath(expression)).toBe("{.a}");
});
