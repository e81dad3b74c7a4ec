import { describe, expect, test } from "vitest";
import { kinds } from "../../src/kinds/index.ts";
import { invalid, problemText, unsupported } from "../../src/kinds/problem.ts";
import { filled, problemsOf } from "./tools.ts";

const a = { name: "a", image: "a:1" };
const template = (spec: object = {}, labels: object = { app: "x" }) => ({
  metadata: { labels },
  spec: { containers: [a], ...spec },
});
const selector = { matchLabels: { app: "x" } };
const workloads = ["deployments", "replicasets", "daemonsets"] as const;

describe.each(workloads)("%s", (plural) => {
  test("right", () => expect(problemsOf(plural, { spec: { selector, template: template() } })).toEqual([]));

  test("labels that the selector does not match", () => {
    expect(problemsOf(plural, { spec: { selector, template: template({}, { tier: "y", app: "z" }) } })).toEqual([
      'spec.template.metadata.labels: Invalid value: {"app":"z","tier":"y"}: `selector` does not match template `labels`',
    ]);
  });

  test("no selector", () => {
    expect(problemsOf(plural, { spec: { template: template() } })).toEqual([
      "spec.selector: Required value",
      'spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`',
    ]);
  });

  test("empty selector", () => {
    const word = plural === "daemonsets" ? "daemonset" : "deployment";
    expect(problemsOf(plural, { spec: { selector: {}, template: template() } })).toEqual([
      `spec.selector: Invalid value: {}: empty selector is invalid for ${word}`,
    ]);
  });

  test("pods that end", () => {
    expect(problemsOf(plural, { spec: { selector, template: template({ restartPolicy: "Never" }) } })).toEqual([
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ]);
  });
});

test("a priority class of the system", () => {
  expect(problemsOf("priorityclasses", { value: 5 }, "system-x")).toEqual([
    "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-x is not a known system priority class",
  ]);
});

describe("refusals", () => {
  const kind = { kind: "Deployment", group: "apps" };
  const one = unsupported("spec.type", "x<y", ["b", "a"]);

  test("one problem", () => {
    expect(invalid(kind, "web", [one]).toObject()).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: 'Deployment.apps "web" is invalid: spec.type: Unsupported value: "x<y": supported values: "b", "a"',
      reason: "Invalid",
      details: {
        name: "web",
        group: "apps",
        kind: "Deployment",
        causes: [
          {
            reason: "FieldValueNotSupported",
            message: 'Unsupported value: "x<y": supported values: "b", "a"',
            field: "spec.type",
          },
        ],
      },
      code: 422,
    });
  });

  test("several, equal ones once", () => {
    const two = { type: "Required", path: "spec.ports" } as const;
    const status = invalid({ kind: "Service", group: "" }, "s", [two, one, two]);
    expect(status.message).toBe(
      'Service "s" is invalid: [spec.ports: Required value, spec.type: Unsupported value: "x<y": supported values: "b", "a"]',
    );
    expect(status.details?.causes).toHaveLength(3);
  });

  test("values", () => {
    const shown = (value: unknown) => problemText({ type: "Invalid", path: "p", value, detail: "d" });
    expect(shown('a"b')).toBe('p: Invalid value: "a\\"b": d');
    expect(shown(3)).toBe("p: Invalid value: 3: d");
    expect(shown(null)).toBe("p: Invalid value: null: d");
    expect(shown(["None"])).toBe('p: Invalid value: ["None"]: d');
    expect(shown({ a: "<b>" })).toBe('p: Invalid value: {"a":"\\u003cb\\u003e"}: d');
  });
});

const nothing = [
  "spec.selector: Required value",
  "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`",
  "spec.template.spec.containers: Required value",
];

test.each([
  ["pods", ["spec.containers: Required value"]],
  ["deployments", nothing],
  ["daemonsets", nothing],
  ["services", ["spec.ports: Required value"]],
  [
    "rolebindings",
    ['roleRef.kind: Unsupported value: "": supported values: "Role", "ClusterRole"', "roleRef.name: Required value"],
  ],
  ["storageclasses", ["provisioner: Required value"]],
  ["namespaces", []],
  ["nodes", []],
  ["events", []],
  ["leases", []],
  ["endpoints", []],
])("%s with nothing in it", (plural, problems) => {
  expect(problemsOf(plural, {})).toEqual(problems);
});

test("no kind stumbles over an object with nothing in it", () => {
  for (const kind of kinds) {
    const object = filled(kind.plural);
    kind.prepareForCreate?.(object);
    kind.problems?.(object);
    kind.problemsOfUpdate?.(object, filled(kind.plural));
    for (const column of kind.columns) column.cell(object, 0);
    kind.selectable?.(object);
  }
});
