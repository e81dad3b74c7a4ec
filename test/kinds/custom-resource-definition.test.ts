import { expect, test } from "vitest";
import type { JsonObject } from "../../src/base/json.ts";
import { customResourceDefinition } from "../../src/kinds/custom-resource-definition.ts";
import { problemText } from "../../src/kinds/problem.ts";
import type { CustomResourceDefinition } from "../../src/kinds/types/api-extensions.ts";

function definition(spec: JsonObject, more: JsonObject = {}): CustomResourceDefinition {
  const object = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "gears.shop.example.com" },
    spec: {
      group: "shop.example.com",
      scope: "Namespaced",
      names: { plural: "gears", kind: "Gear" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
      ...structuredClone(spec),
    },
    ...structuredClone(more),
  } as unknown as CustomResourceDefinition;
  customResourceDefinition.defaults?.(object);
  customResourceDefinition.prepareForCreate?.(object);
  return object;
}

const problemsOf = (object: CustomResourceDefinition) =>
  (customResourceDefinition.problems?.(object) ?? []).map(problemText);
const version = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  served: true,
  storage: true,
  schema: { openAPIV3Schema: { type: "object" } },
  ...more,
});
const withSchema = (schema: JsonObject): JsonObject => ({
  versions: [version("v1", { schema: { openAPIV3Schema: schema } })],
});
const withSpec = (schema: JsonObject): JsonObject =>
  withSchema({ type: "object", properties: { spec: { type: "object", ...schema } } });

test("defaults", () => {
  const { spec, status } = definition({});
  expect(spec.names).toEqual({ plural: "gears", singular: "gear", kind: "Gear", listKind: "GearList" });
  expect(spec.conversion).toEqual({ strategy: "None" });
  expect(status).toEqual({ conditions: null, acceptedNames: { plural: "", kind: "" }, storedVersions: ["v1"] });
});

const at = "spec.validation.openAPIV3Schema";
const inSpec = `${at}.properties[spec]`;
const internal = (name: string, storage: boolean) =>
  `{"Name":"${name}","Served":true,"Storage":${storage},"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null}`;
const label = `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')`;

// apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go and pkg/apiserver/schema, 1.35.
test.each<[string, JsonObject, string[]]>([
  ["right", {}, []],
  [
    "another name",
    { names: { plural: "cogs", kind: "Gear" } },
    ['metadata.name: Invalid value: "gears.shop.example.com": must be spec.names.plural+"."+spec.group'],
  ],
  ["scope", { scope: "All" }, ['spec.scope: Unsupported value: "All": supported values: "Cluster", "Namespaced"']],
  [
    "no schema",
    { versions: [{ name: "v1", served: true, storage: true }] },
    ["spec.versions[0].schema.openAPIV3Schema: Required value"],
  ],
  [
    "two storage versions",
    { versions: [version("v1"), version("v2")] },
    [
      `spec.versions: Invalid value: [${internal("v1", true)},${internal("v2", true)}]: must have exactly one version marked as storage version`,
    ],
  ],
  [
    "none",
    { versions: [version("v1", { storage: false })] },
    [
      `spec.versions: Invalid value: [${internal("v1", false)}]: must have exactly one version marked as storage version`,
      "status.storedVersions: Invalid value: null: must have at least one stored version",
    ],
  ],
  ["version name", { versions: [version("1")] }, [`spec.versions[0].name: Invalid value: "1": ${label}`]],
  [
    "short name",
    { names: { plural: "gears", kind: "Gear", shortNames: ["G"] } },
    [`spec.names.shortNames[0]: Invalid value: "G": ${label}`],
  ],
  [
    "a webhook",
    { conversion: { strategy: "Webhook" } },
    ["spec.conversion.strategy: Forbidden: conversion by a webhook is not simulated"],
  ],
  [
    "unknown fields for all",
    { preserveUnknownFields: true },
    [
      "spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
    ],
  ],
  ["a schema that is nothing", withSchema({}), [`${at}.type: Required value: must not be empty at the root`]],
  [
    "a root that is no object",
    withSchema({ type: "string" }),
    [`${at}.type: Invalid value: "string": must be object at the root`],
  ],
  [
    "a field without a type",
    withSpec({ properties: { a: {} } }),
    [`${inSpec}.properties[a].type: Required value: must not be empty for specified object fields`],
  ],
  [
    "a list of nothing",
    withSpec({ properties: { a: { type: "array" } } }),
    [`${inSpec}.properties[a].items: Required value: must be specified`],
  ],
  [
    "a type within anyOf",
    withSpec({ properties: { a: { type: "string" } }, anyOf: [{ properties: { a: { type: "string" } } }] }),
    [`${inSpec}.anyOf[0].properties[a].type: Forbidden: must be empty to be structural`],
  ],
  [
    "a field of anyOf alone",
    withSpec({ anyOf: [{ properties: { a: { minimum: 1 } } }] }),
    [`${inSpec}.properties[a]: Required value: because it is defined in ${inSpec}.anyOf[0].properties[a]`],
  ],
  [
    "int or string as written by hand",
    withSpec({
      properties: { a: { "x-kubernetes-int-or-string": true, anyOf: [{ type: "integer" }, { type: "string" }] } },
    }),
    [],
  ],
  [
    "a wrong default",
    withSpec({ properties: { a: { type: "integer", default: "x" } } }),
    [`${inSpec}.properties[a].default: Invalid value: "string":  in body must be of type integer: "string"`],
  ],
  [
    "a pattern that is none",
    withSpec({ properties: { a: { type: "string", pattern: "(" } } }),
    [
      `${inSpec}.properties[a].pattern: Invalid value: "(": must be a valid regular expression, but isn't: error parsing regexp: missing closing ): \`(\``,
    ],
  ],
  [
    "keys that are not required",
    withSpec({
      properties: {
        a: {
          type: "array",
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name"],
          items: { type: "object", properties: { name: { type: "string" } } },
        },
      },
    }),
    [
      `${inSpec}.properties[a].items.properties[name].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
    ],
  ],
  [
    "uniqueItems",
    withSpec({ properties: { a: { type: "array", uniqueItems: true, items: { type: "string" } } } }),
    [
      `${inSpec}.properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic`,
    ],
  ],
  [
    "a column without a dot",
    { versions: [version("v1", { additionalPrinterColumns: [{ name: "A", type: "text", jsonPath: "spec.a" }] })] },
    [
      'spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string',
      'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "spec.a": must be a simple json path starting with .',
    ],
  ],
  [
    "scale",
    {
      versions: [version("v1", { subresources: { scale: { specReplicasPath: ".status.a", statusReplicasPath: "" } } })],
    },
    [
      'spec.subresources.scale.specReplicasPath: Invalid value: ".status.a": should be a json path under .spec',
      "spec.subresources.scale.statusReplicasPath: Required value",
    ],
  ],
  [
    "a rule that is no question",
    withSpec({ properties: { a: { type: "integer" } }, "x-kubernetes-validations": [{ rule: "self.a + 1" }] }),
    [
      `${inSpec}.x-kubernetes-validations[0].rule: Invalid value: {"Rule":"self.a + 1","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: cel expression must evaluate to a bool`,
    ],
  ],
  [
    "a rule about fields there are not",
    withSpec({ properties: { a: { type: "integer" } }, "x-kubernetes-validations": [{ rule: "self.b == 1" }] }),
    [
      `${inSpec}.x-kubernetes-validations[0].rule: Invalid value: {"Rule":"self.b == 1","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: compilation failed: ERROR: <input>:1:5: undefined field 'b'\n | self.b == 1\n | ....^`,
    ],
  ],
  [
    "oldSelf in a list",
    withSpec({
      properties: {
        a: { type: "array", items: { type: "integer", "x-kubernetes-validations": [{ rule: "self == oldSelf" }] } },
      },
    }),
    [
      `${inSpec}.properties[a].items.x-kubernetes-validations[0].rule: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within ${inSpec}.properties[a]`,
    ],
  ],
])("%s", (_, spec, problems) => {
  expect(problemsOf(definition(spec))).toEqual(problems);
});

test("groups of the community need an approval", () => {
  const spec = { group: "gateway.networking.k8s.io" };
  const metadata = { name: "gears.gateway.networking.k8s.io" };
  expect(problemsOf(definition(spec, { metadata }))).toEqual([
    'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
  ]);
  const annotations = { "api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/gateway-api/pull/1" };
  expect(problemsOf(definition(spec, { metadata: { ...metadata, annotations } }))).toEqual([]);
});
