import { describe, expect, test } from "vitest";
import { SECOND } from "../../src/base/clock.ts";
import { rfc3339 } from "../../src/base/time.ts";
import { indexesText, parseIndexes } from "../../src/kinds/job-indexes.ts";
import type { KubeObject } from "../../src/kinds/types/meta.ts";
import { filled, kindOf, problemsOf, problemsOfUpdate, row, sent } from "./tools.ts";

// Stateful sets, jobs, cron jobs, replication controllers (batch and apps validation, defaults and printers of 1.35).

const now = 1_800_000_000 * SECOND;
const ago = (seconds: number) => rfc3339(now - seconds * SECOND);
const container = { name: "c", image: "nginx" };
const template = (spec: object = {}, labels: object = { app: "x" }) => ({
  metadata: { labels },
  spec: { containers: [container], ...spec },
});
const set = (spec: object = {}) => ({
  spec: { selector: { matchLabels: { app: "x" } }, template: template(), ...spec },
});
const manual = { manualSelector: true, selector: { matchLabels: { app: "x" } } };
const job = (spec: object = {}, pod: object = { restartPolicy: "Never" }) => ({
  spec: { ...manual, template: template(pod), ...spec },
});
const cronJob = (spec: object = {}, inner: object = {}) => ({
  spec: {
    schedule: "* * * * *",
    jobTemplate: { spec: { template: template({ restartPolicy: "Never" }), ...inner } },
    ...spec,
  },
});
const indexed = { completionMode: "Indexed", completions: 3 };
const rule = (fields: object) => ({ podFailurePolicy: { rules: [fields] } });
test("the name of a cron job leaves room for what its jobs are called", () => {
  const name = "x".repeat(53);
  expect(problemsOf("cronjobs", cronJob(), name)).toEqual([
    `metadata.name: Invalid value: "${name}": must be no more than 52 characters`,
  ]);
});

describe("changes", () => {
  test("a job keeps its template unless it is suspended", () => {
    const after = job({ template: template({ restartPolicy: "Never", nodeSelector: { a: "b" } }) });
    expect(problemsOfUpdate("jobs", job(), after)[0]).toMatch(
      /^spec\.template: Invalid value: \{"labels":\{"app":"x"\},"Spec":\{.*"NodeSelector":\{"a":"b"\}.*: field is immutable$/,
    );
  });
});

describe("what is filled in", () => {
  test("of a stateful set", () => {
    expect(filled("statefulsets", set()).spec).toMatchObject({
      replicas: 1,
      podManagementPolicy: "OrderedReady",
      revisionHistoryLimit: 10,
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0, maxUnavailable: 1 } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    });
    expect(filled("statefulsets", set({ updateStrategy: { type: "RollingUpdate" } })).spec).toMatchObject({
      updateStrategy: { type: "RollingUpdate" },
    });
  });

  const jobs: readonly (readonly [object, object])[] = [
    [{}, { completions: 1, parallelism: 1, backoffLimit: 6, podReplacementPolicy: "TerminatingOrFailed" }],
    [{ parallelism: 3 }, { completions: undefined, parallelism: 3 }],
    [{ completions: 3 }, { completions: 3, parallelism: 1 }],
    [{ ...indexed, backoffLimitPerIndex: 1 }, { backoffLimit: 2_147_483_647 }],
    [
      rule({ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] }),
      {
        podReplacementPolicy: "Failed",
        ...rule({ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }),
      },
    ],
  ];
  test.each(jobs)("of a job with %j", (given, expected) => {
    const { spec } = filled("jobs", job(given));
    for (const [field, value] of Object.entries(expected))
      expect((spec as Record<string, unknown>)[field]).toEqual(value);
  });

  test("a new job gets labels and a selector of its own, also as its own labels", () => {
    const object = filled("jobs", {
      spec: { template: { spec: { containers: [container], restartPolicy: "Never" } } },
    });
    object.metadata.uid = "u-1";
    kindOf("jobs").prepareForCreate?.(object);
    const labels = {
      "job-name": "x",
      "batch.kubernetes.io/job-name": "x",
      "controller-uid": "u-1",
      "batch.kubernetes.io/controller-uid": "u-1",
    };
    expect(object.metadata.labels).toEqual(labels);
    expect(object.spec).toMatchObject({
      selector: { matchLabels: { "batch.kubernetes.io/controller-uid": "u-1" } },
      template: { metadata: { labels } },
    });
    expect(kindOf("jobs").problems?.(object)).toEqual([]);
  });

  test("labels of a job's pods that are not for the user to choose", () => {
    const labels = { "controller-uid": "mine" };
    const object = filled("jobs", { spec: { template: template({ restartPolicy: "Never" }, labels) } });
    object.metadata.uid = "u-1";
    kindOf("jobs").prepareForCreate?.(object);
    expect(kindOf("jobs").problems?.(object)).toMatchObject([
      { path: "spec.template.metadata.labels[controller-uid]", detail: "must be 'u-1'" },
    ]);
  });

  test("a replication controller takes its selector and labels from its pods", () => {
    const object = filled("replicationcontrollers", { spec: { template: template() } });
    expect(object).toMatchObject({ metadata: { labels: { app: "x" } }, spec: { selector: { app: "x" }, replicas: 1 } });
  });
});

describe("cells", () => {
  const ended = (type: string) => ({ conditions: [{ type, status: "True" }] });
  const rows: readonly (readonly [string, Record<string, unknown>, Record<string, unknown>])[] = [
    ["jobs", { ...job(), status: {} }, { Status: "Running", Completions: "0/1", Duration: "" }],
    ["jobs", { ...job({ parallelism: 1 }), status: { succeeded: 1 } }, { Completions: "1/1" }],
    ["jobs", { ...job({ parallelism: 3 }), status: {} }, { Completions: "0/1 of 3" }],
    ["jobs", { ...job(), status: { startTime: ago(65) } }, { Duration: "65s" }],
    [
      "jobs",
      { ...job(), status: { startTime: ago(100), completionTime: ago(60), ...ended("Complete") } },
      { Status: "Complete", Duration: "40s" },
    ],
    ["jobs", { ...job(), status: ended("Failed") }, { Status: "Failed" }],
    ["jobs", { ...job(), status: ended("Suspended") }, { Status: "Suspended" }],
    ["jobs", { ...job(), status: ended("FailureTarget") }, { Status: "FailureTarget" }],
    ["jobs", { ...job(), status: ended("SuccessCriteriaMet") }, { Status: "Running" }],
    ["cronjobs", cronJob(), { Timezone: "<none>", Suspend: "False", Active: 0, "Last Schedule": "<none>" }],
    [
      "cronjobs",
      {
        ...cronJob({ timeZone: "Europe/Berlin", suspend: true }),
        status: { active: [{}, {}], lastScheduleTime: ago(90) },
      },
      { Timezone: "Europe/Berlin", Suspend: "True", Active: 2, "Last Schedule": "90s" },
    ],
    ["statefulsets", { ...set({ replicas: 3 }), status: { replicas: 3, readyReplicas: 2 } }, { Ready: "2/3" }],
    ["podtemplates", { template: template() }, { Containers: "c", Images: "nginx", "Pod Labels": "app=x" }],
  ];
  test.each(rows)("of %s %j", (plural, fields, expected) => {
    expect(row(plural, filled(plural, fields), now)).toMatchObject(expected);
  });

  test("a job that is being deleted", () => {
    const object: KubeObject = sent("jobs", { ...job(), status: {} });
    object.metadata.deletionTimestamp = ago(1);
    expect(row("jobs", object, now)).toMatchObject({ Status: "Terminating" });
  });
});

describe("rollout status of a stateful set", () => {
  const status = (spec: object, fields: object, generation = 2) => {
    const object = filled("statefulsets", { ...set({ replicas: 3, ...spec }), status: fields });
    object.metadata.generation = generation;
    return kindOf("statefulsets").rollout?.status(object);
  };
  const plain = { updateStrategy: { type: "RollingUpdate" } };
  const seen = { observedGeneration: 2, readyReplicas: 3, replicas: 3 };
  const cases: readonly (readonly [object, object, string, boolean])[] = [
    [{}, { observedGeneration: 1 }, "Waiting for statefulset spec update to be observed...", false],
    [{}, { observedGeneration: 2, readyReplicas: 1 }, "Waiting for 2 pods to be ready...", false],
    [
      { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } } },
      { ...seen, updatedReplicas: 1 },
      "Waiting for partitioned roll out to finish: 1 out of 2 new pods have been updated...",
      false,
    ],
    [{}, { ...seen, updatedReplicas: 3 }, "partitioned roll out complete: 3 new pods have been updated...", true],
    [
      plain,
      { ...seen, updatedReplicas: 1, updateRevision: "x-2", currentRevision: "x-1" },
      "waiting for statefulset rolling update to complete 1 pods at revision x-2...",
      false,
    ],
    [
      plain,
      { ...seen, currentReplicas: 3, updateRevision: "x-2", currentRevision: "x-2" },
      "statefulset rolling update complete 3 pods at revision x-2...",
      true,
    ],
  ];
  test.each(cases)("%j %j", (spec, fields, text, done) => {
    expect(status(spec, fields)).toEqual({ text, done });
  });

  test("is for rolling updates only", () => {
    expect(() => status({ updateStrategy: { type: "OnDelete" } }, seen)).toThrow(
      "rollout status is only available for RollingUpdate strategy type",
    );
  });
});

const shortened: readonly (readonly [readonly number[], string])[] = [
  [[], ""],
  [[3], "3"],
  [[0, 1], "0,1"],
  [[4, 0, 2, 1, 7, 8, 9, 10], "0-2,4,7-10"],
];
test.each(shortened)("indexes %j in short", (indexes, text) => {
  expect(indexesText(indexes)).toBe(text);
  expect(parseIndexes(text, 20)).toEqual([...indexes].sort((a, b) => a - b));
});
