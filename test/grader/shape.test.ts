import { expect, test } from "vitest";
import { differences } from "../../grader/shape.ts";
import type { Json } from "../../src/base/json.ts";

const ready = { type: "Ready", status: "True", reason: "KubeletReady" };
const pressure = { type: "MemoryPressure", status: "False" };

const cases: readonly (readonly [what: string, actual: Json, wanted: Json, said: readonly string[]])[] = [
  ["more keys are fine", { a: 1, b: 2 }, { a: 1 }, []],
  [
    "a wrong number",
    { status: { readyReplicas: 2 } },
    { status: { readyReplicas: 3 } },
    ["status.readyReplicas is 2, expected 3"],
  ],
  ["a missing key", { status: {} }, { status: { readyReplicas: 3 } }, ["status.readyReplicas is not set, expected 3"]],
  ["a missing parent", {}, { a: { b: { c: "x" } } }, ["a.b.c is not set, expected x"]],
  ["null: nothing there", { spec: {} }, { spec: { nodeName: null } }, []],
  [
    "null: something there",
    { spec: { nodeName: "n1" } },
    { spec: { nodeName: null } },
    ["spec.nodeName is n1, expected none"],
  ],
  ["types differ", { a: "3" }, { a: 3 }, ["a is 3, expected 3"]],
  ["a quantity by its value", { limits: { memory: "1Gi" } }, { limits: { memory: "1024Mi" } }, []],
  ["a quantity as a number", { requests: { cpu: "1" } }, { requests: { cpu: 1 } }, []],
  ["another quantity", { limits: { cpu: "500m" } }, { limits: { cpu: "1" } }, ["limits.cpu is 500m, expected 1"]],
  ["no quantity elsewhere", { version: "1" }, { version: "1000m" }, ["version is 1, expected 1000m"]],
  ["an element of a list, order free", [pressure, ready], [{ type: "Ready", status: "True" }], []],
  [
    "tuples: name and value of one element",
    [
      { name: "a", port: 1 },
      { name: "b", port: 2 },
    ],
    [{ name: "a", port: 2 }],
    ["[name=a].port is 1, expected 2"],
  ],
  [
    "two elements of one name",
    [
      { port: 80, name: "x" },
      { port: 81, name: "x" },
    ],
    [{ port: 81, name: "x" }],
    [],
  ],
  ["no such element", [pressure], [{ type: "Ready" }], [" has no element with type Ready (it has MemoryPressure)"]],
  ["a text in a list", ["a", "b"], ["b"], []],
  ["a text missing in a list", ["a"], ["b"], [' is ["a"], expected an element like b']],
  ["an empty list wanted", ["a"], [], [" has 1 elements, expected none"]],
  [
    "an odd key",
    { labels: { "app.kubernetes.io/name": "x" } },
    { labels: { "app.kubernetes.io/name": "y" } },
    ["labels[app.kubernetes.io/name] is x, expected y"],
  ],
];

test.each(cases)("%s", (_what, actual, wanted, said) => {
  expect(differences(actual, wanted)).toEqual(said);
});
