import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseJson } from "../../src/base/json.ts";
import { DecodeError, decode, decodeText, handledAs } from "../../src/schema/decode.ts";
import type { TypeInfo } from "../../src/schema/define.ts";
import { typeOfKind } from "../../src/schema/types.ts";

/** Recorded with the serializer of k8s.io/apimachinery v0.35.0, strict, over the types of k8s.io/api v0.35.0. */
interface Case {
  readonly name: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly body: string;
  readonly error?: string;
  readonly strict?: readonly string[];
  readonly want?: string;
}

const cases: Case[] = readFileSync(new URL("../corpus/decode.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

function typeOf({ apiVersion, kind }: Pick<Case, "apiVersion" | "kind">): TypeInfo {
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const type = typeOfKind(group, version, kind);
  if (!type) throw new Error(`${apiVersion} ${kind} is not described`);
  return type;
}

describe("decoding a body as an API server does", () => {
  test.each(cases)("$name", ({ body, error, strict, want, ...kind }) => {
    if (error !== undefined) {
      expect(() => decodeText(body, typeOf(kind))).toThrow(new DecodeError(error));
      return;
    }
    const decoded = decodeText(body, typeOf(kind));
    expect(decoded.object).toEqual(parseJson(want ?? ""));
    expect(decoded.strict).toEqual(strict ?? []);
  });

  test("the server's sentence around it", () => {
    expect(handledAs("Deployment", "v1", "Deployment", 'strict decoding error: unknown field "spec.foo"')).toBe(
      'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.foo"',
    );
  });

  test("frozen parts are taken over when the caller is trusted", () => {
    const type = typeOf({ apiVersion: "v1", kind: "Pod" });
    const spec = Object.freeze({ containers: [], odd: 1 });
    const body = { metadata: { name: "x" }, spec };
    expect(decode(body, type, { trustFrozen: true }).object.spec).toBe(spec);
    expect(decode(body, type).strict).toEqual(['unknown field "spec.odd"']);
  });

  test("integers that no double holds", () => {
    const text = '{"spec":{"terminationGracePeriodSeconds":9223372036854775807}}';
    const { object } = decodeText(text, typeOf({ apiVersion: "v1", kind: "Pod" }));
    expect(object.spec).toEqual({ containers: null, terminationGracePeriodSeconds: 9223372036854775807n });
  });
});
