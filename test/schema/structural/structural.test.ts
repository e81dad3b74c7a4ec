import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/base/json.ts";
import { defaulted } from "../../../src/schema/structural/defaulting.ts";
import type { SchemaFault } from "../../../src/schema/structural/define.ts";
import { fitsFormat } from "../../../src/schema/structural/formats.ts";
import { listTypeFaults } from "../../../src/schema/structural/list-types.ts";
import { pruned } from "../../../src/schema/structural/prune.ts";
import { ruleFaults } from "../../../src/schema/structural/rules.ts";
import { schemaFaults } from "../../../src/schema/structural/validate.ts";

const texts = (faults: readonly SchemaFault[]) =>
  faults.map(({ type, path, value, detail, supported }) =>
    [type, path, JSON.stringify(value), detail ?? supported?.join("|")].filter((part) => part !== undefined).join(" "),
  );
const inSpec = (schema: JsonObject): JsonObject => ({ type: "object", properties: { x: schema } });
const either: JsonObject = { "x-kubernetes-int-or-string": true };

// Words: kube-openapi pkg/validation/errors/schema.go and apiextensions-apiserver pkg/apiserver/validation.
test.each<[JsonObject, Json, string[]]>([
  [{ type: "integer" }, 1, []],
  [{ type: "integer" }, "1", ['TypeInvalid x "string" x in body must be of type integer: "string"']],
  [{ type: "integer" }, 1.5, ['TypeInvalid x "number" x in body must be of type integer: "number"']],
  [{ type: "number" }, 1, []],
  [{ type: "string" }, null, ['TypeInvalid x "null" x in body must be of type string: "null"']],
  [{ type: "string", nullable: true }, null, []],
  [either, "80%", []],
  [either, 80, []],
  [either, true, ['TypeInvalid x "boolean" x in body must be of type integer,string: "boolean"']],
  [{ type: "string", enum: ["a", "b"] }, "c", ['NotSupported x "c" a|b']],
  [{ type: "integer", enum: [1, 2] }, 3, ["NotSupported x 3 1|2"]],
  [{ type: "integer", minimum: 1 }, 0, ["Invalid x 0 x in body should be greater than or equal to 1"]],
  [{ type: "integer", minimum: 1, exclusiveMinimum: true }, 1, ["Invalid x 1 x in body should be greater than 1"]],
  [{ type: "integer", maximum: 5 }, 6, ["Invalid x 6 x in body should be less than or equal to 5"]],
  [{ type: "number", maximum: 5, exclusiveMaximum: true }, 5, ["Invalid x 5 x in body should be less than 5"]],
  [{ type: "integer", multipleOf: 5 }, 6, ["Invalid x 6 x in body should be a multiple of 5"]],
  [{ type: "string", pattern: "^a+$" }, "b", [`Invalid x "b" x in body should match '^a+$'`]],
  [{ type: "string", minLength: 2 }, "b", ['Invalid x "b" x in body should be at least 2 chars long']],
  [{ type: "string", maxLength: 2 }, "bbb", ["TooLong x may not be more than 2 bytes"]],
  [{ type: "string", format: "ipv4" }, "::1", ['TypeInvalid x "::1" x in body must be of type ipv4: "::1"']],
  [
    { type: "array", minItems: 1, items: { type: "string" } },
    [],
    ["Invalid x 0 x in body should have at least 1 items"],
  ],
  [{ type: "array", maxItems: 1, items: { type: "string" } }, ["a", "b"], ["TooMany x 2 must have at most 1 item"]],
  [
    { type: "array", items: { type: "string" } },
    ["a", 1],
    ['TypeInvalid x[1] "integer" x[1] in body must be of type string: "integer"'],
  ],
  [{ type: "object", required: ["a"] }, {}, ["Required x.a"]],
  [{ type: "object", minProperties: 1 }, {}, ["Invalid x 0 x in body should have at least 1 properties"]],
  [{ type: "object", maxProperties: 1 }, { a: 1, b: 2 }, ["TooMany x 2 must have at most 1 item"]],
  [
    { type: "object", additionalProperties: { type: "string" } },
    { a: 1 },
    ['TypeInvalid x.a "integer" x.a in body must be of type string: "integer"'],
  ],
  [
    { type: "object", oneOf: [{ required: ["a"] }, { required: ["b"] }] },
    { a: 1, b: 2 },
    ['Invalid <nil> "" "x" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
  ],
  [
    { type: "object", anyOf: [{ required: ["a"] }, { required: ["b"] }] },
    {},
    ['Invalid <nil> "" "x" must validate at least one schema (anyOf)', "Required x.a"],
  ],
  [{ type: "integer", not: { minimum: 3 } }, 4, ['Invalid <nil> "" "x" must not validate the schema (not)']],
])("%j of %j", (schema, value, faults) => {
  expect(texts(schemaFaults(inSpec(schema), { x: value }))).toEqual(faults);
});

test("what was accepted once is not looked at again", () => {
  const schema = inSpec({ type: "object", properties: { a: { type: "integer" }, b: { type: "integer" } } });
  const old = { x: { a: "old", b: 1 } };
  expect(texts(schemaFaults(schema, { x: { a: old.x.a, b: 2 } }, old))).toEqual([]);
  expect(texts(schemaFaults(schema, { x: { a: "new", b: 1 } }, old))).toHaveLength(1);
});

test.each([
  ["date-time", "2026-01-02T03:04:05Z", "yesterday"],
  ["date", "2024-02-29", "2023-02-29"],
  ["duration", "1h30m", "long"],
  ["byte", "aGk=", "*"],
  ["email", "a@b.c", "ab"],
  ["hostname", "a.example.com", "-a"],
  ["ipv6", "::1", "1.2.3.4"],
  ["cidr", "10.0.0.0/8", "10.0.0.0"],
  ["uuid", "123e4567-e89b-12d3-a456-426614174000", "123"],
  ["uri", "http://x/y", "x y"],
  ["mac", "00:1b:44:11:3a:b7", "00:1b"],
])("format %s", (format, good, bad) => {
  expect([fitsFormat(good, format), fitsFormat(bad, format), fitsFormat(bad, "unknown")]).toEqual([true, false, true]);
});

const schema: JsonObject = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      default: {},
      properties: {
        size: { type: "integer", default: 1 },
        note: { type: "string", nullable: true, default: "n" },
        free: { type: "object", "x-kubernetes-preserve-unknown-fields": true, properties: { a: { type: "object" } } },
        pod: { type: "object", "x-kubernetes-embedded-resource": true, properties: { spec: { type: "object" } } },
        map: {
          type: "object",
          additionalProperties: { type: "object", properties: { v: { type: "integer", default: 2 } } },
        },
        list: { type: "array", items: { type: "object", properties: { k: { type: "string", default: "d" } } } },
      },
    },
  },
};

describe("pruning", () => {
  test("drops what is not specified and names it", () => {
    const object = {
      apiVersion: "a/v1",
      kind: "K",
      metadata: { name: "n" },
      other: 1,
      spec: {
        size: 2,
        sise: 3,
        free: { x: 1, a: { y: 1 } },
        pod: { apiVersion: "v1", kind: "Pod", metadata: { labels: {} }, spec: {}, status: {} },
        map: { one: { v: 1, w: 2 } },
        list: [{ k: "a" }, { l: "b" }],
      },
    };
    const { object: left, unknown } = pruned(object, schema);
    expect(unknown).toEqual([
      "other",
      "spec.free.a.y",
      "spec.list[1].l",
      "spec.map.one.w",
      "spec.pod.status",
      "spec.sise",
    ]);
    expect(left).toEqual({
      apiVersion: "a/v1",
      kind: "K",
      metadata: { name: "n" },
      spec: {
        size: 2,
        free: { x: 1, a: {} },
        pod: { apiVersion: "v1", kind: "Pod", metadata: { labels: {} }, spec: {} },
        map: { one: { v: 1 } },
        list: [{ k: "a" }, {}],
      },
    });
    expect(pruned(left, schema).object).toBe(left);
  });
});

test("defaults are filled in from the outside in", () => {
  expect(defaulted({}, schema)).toEqual({ spec: { size: 1, note: "n" } });
  const given = { spec: { size: null, note: null, map: { a: {} }, list: [{}, { k: "e" }] } };
  const filled = defaulted(given, schema);
  expect(filled).toEqual({ spec: { size: 1, note: null, map: { a: { v: 2 } }, list: [{ k: "d" }, { k: "e" }] } });
  expect(defaulted(filled, schema)).toBe(filled);
});

test("lists of type set and map hold nothing twice", () => {
  const lists: JsonObject = {
    type: "object",
    properties: {
      set: { type: "array", "x-kubernetes-list-type": "set", items: { type: "string" } },
      map: {
        type: "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
        items: { type: "object" },
      },
    },
  };
  const value = {
    set: ["a", "b", "a"],
    map: [
      { name: "x", v: 1 },
      { name: "x", v: 2 },
    ],
  };
  expect(texts(listTypeFaults(lists, value))).toEqual(['Duplicate map[1] {"name":"x"}', 'Duplicate set[2] "a"']);
});

describe("rules", () => {
  const ruled = (rules: JsonObject[], more: JsonObject = {}): JsonObject => ({
    type: "object",
    properties: {
      spec: {
        type: "object",
        "x-kubernetes-validations": rules,
        properties: { a: { type: "integer" }, b: { type: "integer" }, "my-key": { type: "string" }, ...more },
      },
    },
  });
  test.each<[JsonObject, JsonObject, JsonObject | undefined, string[]]>([
    [{ rule: "self.a < self.b" }, { a: 1, b: 2 }, undefined, []],
    [{ rule: "self.a < self.b" }, { a: 2, b: 2 }, undefined, ['Invalid spec "object" failed rule: self.a < self.b']],
    [{ rule: "self.a < self.b", message: "no" }, { a: 2, b: 2 }, undefined, ['Invalid spec "object" no']],
    [
      { rule: "self.a < self.b", messageExpression: "'a is ' + string(self.a)" },
      { a: 2, b: 2 },
      undefined,
      ['Invalid spec "object" a is 2'],
    ],
    [
      { rule: "self.a < self.b", message: "no", fieldPath: ".a", reason: "FieldValueForbidden" },
      { a: 2, b: 2 },
      undefined,
      ["Forbidden spec.a no"],
    ],
    [{ rule: "self.a < 1" }, {}, undefined, ['Invalid spec "object" no such key: a evaluating rule: self.a < 1']],
    [{ rule: "self.my__dash__key == 'x'" }, { "my-key": "x" }, undefined, []],
    [{ rule: "self.a == oldSelf.a", message: "immutable" }, { a: 1 }, undefined, []],
    [{ rule: "self.a == oldSelf.a", message: "immutable" }, { a: 1 }, { a: 2 }, ['Invalid spec "object" immutable']],
    [{ rule: "!oldSelf.hasValue() || self.a > oldSelf.value().a", optionalOldSelf: true }, { a: 1 }, undefined, []],
  ])("%j of %j after %j", (rule, spec, old, faults) => {
    expect(texts(ruleFaults(ruled([rule]), { spec }, old && { spec: old }))).toEqual(faults);
  });

  test("a rule that does not look back keeps quiet where nothing changed", () => {
    const spec = { a: 2, b: 2 };
    expect(ruleFaults(ruled([{ rule: "self.a < self.b" }]), { spec, n: 1 }, { spec })).toEqual([]);
  });
});
