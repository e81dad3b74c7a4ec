import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../src/base/json.ts";
import { decodeProtobuf, ProtobufError } from "../../src/schema/protobuf.ts";

interface Case {
  readonly command: readonly string[];
  readonly hex: string;
  readonly json: JsonObject;
}

const cases: (Case & { name: string })[] = readFileSync(new URL("../corpus/protobuf.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line))
  .map((c: Case) => ({ ...c, name: c.command.join(" ") }));

/** The recorded objects have no null, "" or {}, however deep. */
function withoutEmpty(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((v) => withoutEmpty(v) ?? {});
  if (typeof value !== "object" || value === null) return value === "" || value === null ? undefined : value;
  const entries = Object.entries(value as JsonObject)
    .map(([key, v]) => [key, withoutEmpty(v)] as const)
    .filter(([, v]) => v !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as JsonObject);
}

describe("protobuf bodies of kubectl 1.33", () => {
  test.each(cases)("$name", ({ hex, json }) => {
    expect(withoutEmpty(decodeProtobuf(Uint8Array.from(Buffer.from(hex, "hex"))))).toEqual(json);
  });

  test("what is no envelope is refused", () => {
    expect(() => decodeProtobuf(Uint8Array.of(1, 2, 3, 4))).toThrow(ProtobufError);
  });
});
