import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { customType } from "../../src/schema/custom-type.ts";
import { explain } from "../../src/schema/explain.ts";
import { typeOfKind } from "../../src/schema/types.ts";
import { wordWrap } from "../../src/schema/word-wrap.ts";

/** Printed by kubectl 1.33.1 for the documents that `openApiDocument` makes. */
interface Case {
  readonly command: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly path: readonly string[];
  readonly recursive: boolean;
  readonly stdout: string;
  readonly stderr?: string;
}

const cases: Case[] = readFileSync(new URL("../corpus/explain.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

describe("kubectl explain", () => {
  test.each(cases)("$command", ({ group, version, kind, path, recursive, stdout, stderr }) => {
    const type = typeOfKind(group, version, kind);
    if (!type) throw new Error(`${kind} is not described`);
    const { text, error } = explain(type, path, recursive);
    expect(text).toBe(stdout);
    expect(error === undefined ? undefined : `${error}\n`).toBe(stderr);
  });

  test("a custom resource", () => {
    const part = {
      type: "object",
      description: "A part.",
      required: ["name"],
      properties: { name: { type: "string" } },
    };
    const parts = { type: "array", description: "Its parts.", items: part };
    const port = { "x-kubernetes-int-or-string": true };
    const spec = { type: "object", properties: { parts, port, mode: { type: "string", enum: ["a", "b"] } } };
    const type = customType(
      { type: "object", properties: { spec } },
      { group: "example.com", version: "v1", kind: "Widget" },
    );
    expect(explain(type, ["spec"], true).text).toBe(
      [
        "GROUP:      example.com",
        "KIND:       Widget",
        "VERSION:    v1",
        "",
        "FIELD: spec <Object>",
        "",
        "",
        "DESCRIPTION:",
        "    <empty>",
        "FIELDS:",
        "  mode\t<string>",
        "  enum: a, b",
        "  parts\t<[]Object>",
        "    name\t<string> -required-",
        "  port\t<Object>",
        "",
        "",
      ].join("\n"),
    );
    expect(explain(type, ["spec", "parts"]).text).toContain(
      "DESCRIPTION:\n    Its parts.\n    A part.\n    \nFIELDS:\n",
    );
  });
});

describe("word wrap", () => {
  test.each([
    ["aaa bbb ccc", 7, "aaa bbb\nccc"],
    ["aaa  bbb", 7, "aaa\nbbb"],
    ["aaaaaaaaaa bbb", 5, "aaaaaaaaaa\nbbb"],
    ["bbb aaaaaaaaaa", 5, "bbb\naaaaaaaaaa"],
    ["a aaaaaaaaaa", 5, "a\naaaaaaaaaa"],
    ["  a\n\n b", 5, "  a\n\n b"],
  ])("%j at %d", (text, limit, wrapped) => {
    expect(wordWrap(text, limit)).toBe(wrapped);
  });
});
