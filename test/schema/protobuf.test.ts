import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../src/base/json.ts";
import { decode } from "../../src/schema/decode.ts";
import { decodeProtobuf, ProtobufError } from "../../src/schema/protobuf.ts";
import { typeOfKind } from "../../src/schema/types.ts";

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

/** Recorded objects and bodies leave out empty values in different places; a server makes the same of both. */
function served(object: JsonObject): Json | undefined {
  const [version = "", group = ""] = String(object.apiVersion).split("/").reverse();
  const type = typeOfKind(group, version, String(object.kind));
  if (!type) throw new Error(`${object.kind} is not described`);
  const { object: decoded, strict } = decode(object, type);
  expect(strict).toEqual([]);
  return withoutEmpty(decoded);
}

describe("protobuf bodies of kubectl 1.33", () => {
  test.each(cases)("$name", ({ hex, json }) => {
    expect(served(decodeProtobuf(Uint8Array.from(Buffer.from(hex, "hex"))))).toEqual(served(json));
  });

  test("what is no envelope is refused", () => {
    expect(() => decodeProtobuf(Uint8Array.of(1, 2, 3, 4))).toThrow(ProtobufError);
  });
});
