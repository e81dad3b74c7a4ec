import { describe, expect, test } from "vitest";
import { rfc3339 } from "../../../src/base/time.ts";
import type { Job, JobSpec } from "../../../src/kinds/types/batch.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import { names, podNamed, reportPod, type World, world } from "./setup.ts";

const only = ["job-controller"];
const TRACKING = "batch.kubernetes.io/job-tracking";
const get = (w: World) => w.api.get<Job>("jobs.batch", "default", "work") as Job;
const pods = (w: World) => w.api.list<Pod>("pods", "default");
const conditions = (w: World) => (get(w).status?.conditions ?? []).map(({ type, status }) => `${type} ${status}`);
const change = (w: World, spec: Partial<JobSpec>) =>
  w.api.modify<Job>(get(w), (job) => ({ ...job, spec: { ...job.spec, ...spec } }));

function jobOf(spec: Record<string, unknown>, restartPolicy = "Never"): KubeObject {
  const template = { spec: { restartPolicy, containers: [{ name: "c", image: "busybox" }] } };
  const metadata = { name: "work", namespace: "default" };
  return { apiVersion: "batch/v1", kind: "Job", metadata, spec: { template, ...spec } };
}

/** How the pods of a test end: by their order or index; those that are not named go on. */
type Outcome = "Succeeded" | "Failed" | "Running" | number;

/** Plays the kubelets: pods end a second after they were made, a number is the exit code of a failed one. */
function play(w: World, outcome: (index: number, pod: Pod) => Outcome): void {
  const known = new Set<string>();
  w.api.watch<Pod>("pods", ({ object, type }) => {
    const uid = object.metadata.uid ?? "";
    if (type === "DELETED") return;
    if (!known.has(uid)) {
      known.add(uid);
      const index = known.size - 1;
      w.clock.after(1, () => {
        const now = w.api.get<Pod>("pods", "default", object.metadata.name);
        if (now && !now.metadata.deletionTimestamp) end(w, now, outcome(index, now));
      });
    }
    if (object.metadata.deletionTimestamp && !known.has(`${uid} ends`)) {
      known.add(`${uid} ends`);
      w.clock.after(1, () => w.api.delete(object, { gracePeriodSeconds: 0 }));
    }
  });
}

function end(w: World, pod: Pod, outcome: Outcome): void {
  if (typeof outcome !== "number") {
    reportPod(w, pod, outcome);
    return;
  }
  reportPod(w, pod, "Failed");
  const terminated = { exitCode: outcome, finishedAt: rfc3339(w.clock.now) };
  const status = { name: "c", ready: false, restartCount: 0, image: "", imageID: "", state: { terminated } };
  w.api.modify<Pod>(pod, (now) => ({ ...now, status: { ...now.status, containerStatuses: [status] } }), "status");
}

function started(spec: Record<string, unknown>, outcome: Parameters<typeof play>[1], restartPolicy?: string): World {
  const w = world({ only });
  play(w, outcome);
  w.api.create(jobOf(spec, restartPolicy));
  return w;
}

const indexOf = ({ metadata }: Pod) => Number(metadata.labels?.["batch.kubernetes.io/job-completion-index"]);

describe("job", () => {
  test("runs a pod, counts it, lets it go and is complete", () => {
    const w = started({}, () => "Succeeded");
    w.settle();
    const [pod] = pods(w) as [Pod];
    expect(pod.metadata).toMatchObject({
      generateName: "work-",
      finalizers: [TRACKING],
      labels: { "job-name": "work", "batch.kubernetes.io/controller-uid": get(w).metadata.uid },
      ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: "work", controller: true }],
    });
    expect(get(w).status).toEqual({
      active: 1,
      ready: 0,
      terminating: 0,
      startTime: rfc3339(w.clock.now),
      uncountedTerminatedPods: {},
    });
    w.pass(5);
    expect(pods(w)[0]?.metadata.finalizers).toBeUndefined();
    expect(get(w).status).toMatchObject({ succeeded: 1, ready: 0, terminating: 0, uncountedTerminatedPods: {} });
    expect(get(w).status?.active).toBeUndefined();
    expect(get(w).status?.conditions).toMatchObject([
      { type: "SuccessCriteriaMet", status: "True", reason: "CompletionsReached" },
      { type: "Complete", status: "True", message: "Reached expected number of succeeded pods" },
    ]);
    expect(get(w).status?.completionTime).toBeDefined();
    expect(w.events("Job/work")).toEqual([
      `Normal SuccessfulCreate Created pod: ${pod.metadata.name}`,
      "Normal Completed Job completed",
    ]);
  });

  test("a pod is counted in the status before it is let go", () => {
    const w = started({}, () => "Succeeded");
    const seen: string[] = [];
    w.api.watch<Job>("jobs.batch", ({ object: { status } }) => {
      const { succeeded = 0, uncountedTerminatedPods } = status ?? {};
      seen.push(`${uncountedTerminatedPods?.succeeded?.length ?? 0} uncounted, ${succeeded} succeeded`);
    });
    w.pass(5);
    expect([...new Set(seen)]).toEqual([
      "0 uncounted, 0 succeeded",
      "1 uncounted, 0 succeeded",
      "0 uncounted, 1 succeeded",
    ]);
  });

  test("changes of pods are gathered for a second; after the end nothing is written", () => {
    const w = started({}, () => "Running");
    w.pass(5.5);
    reportPod(w, pods(w)[0] as Pod, "Succeeded");
    w.pass(0.9);
    expect(conditions(w)).toEqual([]);
    w.pass(0.2);
    expect(conditions(w)).toEqual(["SuccessCriteriaMet True", "Complete True"]);
    const { revision } = w.store;
    w.pass(3600);
    expect(w.store.revision).toBe(revision);
  });

  test("never more pods than parallelism, or than are missing", () => {
    const w = started({ completions: 5, parallelism: 2 }, () => "Succeeded");
    let most = 0;
    w.api.watch<Job>("jobs.batch", ({ object }) => {
      most = Math.max(most, object.status?.active ?? 0);
    });
    w.pass(30);
    expect(most).toBe(2);
    expect(pods(w)).toHaveLength(5);
    expect(get(w).status).toMatchObject({ succeeded: 5 });
  });

  test("without completions one success ends it once all have ended", () => {
    const w = started({ parallelism: 3 }, (index) => (index === 0 ? "Succeeded" : "Running"));
    w.pass(10);
    expect(conditions(w)).toEqual([]);
    for (const pod of pods(w)) if (pod.status?.phase === "Running") reportPod(w, pod, "Succeeded");
    w.pass(5);
    expect(conditions(w)).toContain("Complete True");
    expect(pods(w)).toHaveLength(3);
  });

  test("a failed pod is replaced after 10 s, then 20 s, until the limit is passed", () => {
    const w = started({ backoffLimit: 2 }, () => 1);
    const made: number[] = [];
    w.api.watch<Pod>("pods", ({ type }) => {
      if (type === "ADDED") made.push(w.clock.now / 1e6);
    });
    w.pass(120);
    const [first = 0, second = 0, third = 0] = made;
    expect([Math.round(second - first), Math.round(third - second)]).toEqual([11, 21]);
    expect(made).toHaveLength(3);
    expect(get(w).status).toMatchObject({ failed: 3 });
    expect(get(w).status?.conditions).toMatchObject([
      { type: "FailureTarget", reason: "BackoffLimitExceeded", message: "Job has reached the specified backoff limit" },
      { type: "Failed", reason: "BackoffLimitExceeded" },
    ]);
    expect(get(w).status?.completionTime).toBeUndefined();
    expect(w.events("Job/work").at(-1)).toBe(
      "Warning BackoffLimitExceeded Job has reached the specified backoff limit",
    );
  });

  test("with OnFailure the restarts count against the limit", () => {
    const w = started({ backoffLimit: 2 }, () => "Running", "OnFailure");
    w.pass(5);
    const [pod] = pods(w) as [Pod];
    const status = { name: "c", ready: false, restartCount: 2, image: "", imageID: "" };
    w.api.modify<Pod>(pod, (now) => ({ ...now, status: { ...now.status, containerStatuses: [status] } }), "status");
    w.pass(10);
    expect(conditions(w)).toEqual(["FailureTarget True", "Failed True"]);
    expect(pods(w)).toEqual([]);
    expect(w.events("Job/work")).toContain(`Normal SuccessfulDelete Deleted pod: ${pod.metadata.name}`);
  });

  test("activeDeadlineSeconds ends it; it is Failed when its pods are gone", () => {
    const w = started({ activeDeadlineSeconds: 30 }, () => "Running");
    w.pass(29);
    expect(conditions(w)).toEqual([]);
    w.pass(1.5);
    expect(conditions(w)).toEqual(["FailureTarget True"]);
    w.pass(5);
    expect(get(w).status?.conditions?.at(-1)).toMatchObject({
      type: "Failed",
      reason: "DeadlineExceeded",
      message: "Job was active longer than specified deadline",
    });
    expect(get(w).status).toMatchObject({ failed: 1, terminating: 0 });
  });

  test("suspended and resumed: its pods go, and its time begins anew", () => {
    const w = started({ activeDeadlineSeconds: 600 }, () => "Running");
    w.pass(10);
    const began = get(w).status?.startTime;
    change(w, { suspend: true });
    w.pass(100);
    expect(pods(w)).toEqual([]);
    expect(get(w).status?.failed).toBeUndefined();
    expect(get(w).status?.conditions).toMatchObject([{ type: "Suspended", status: "True", reason: "JobSuspended" }]);
    change(w, { suspend: false });
    w.pass(5);
    expect(pods(w)).toHaveLength(1);
    expect(get(w).status?.conditions).toMatchObject([{ type: "Suspended", status: "False", reason: "JobResumed" }]);
    expect(get(w).status?.startTime).not.toBe(began);
    expect(w.events("Job/work").filter((event) => / (Suspended|Resumed) /.test(event))).toEqual([
      "Normal Suspended Job suspended",
      "Normal Resumed Job resumed",
    ]);
  });

  test("a job that begins suspended has no pods and no start time", () => {
    const w = started({ suspend: true }, () => "Running");
    w.pass(5);
    expect(pods(w)).toEqual([]);
    expect(get(w).status?.startTime).toBeUndefined();
    expect(conditions(w)).toEqual(["Suspended True"]);
  });

  test("podReplacementPolicy: a pod that is ending is replaced at once, or only when it has failed", () => {
    for (const [podReplacementPolicy, count] of [
      ["TerminatingOrFailed", 2],
      ["Failed", 1],
    ] as const) {
      const w = world({ only });
      w.api.create(jobOf({ podReplacementPolicy }));
      w.settle();
      const [pod] = pods(w) as [Pod];
      w.api.createAt("pods", "default", pod.metadata.name, "binding", { target: { kind: "Node", name: "w1" } });
      w.api.delete(pod);
      w.pass(15);
      expect(pods(w)).toHaveLength(count);
      expect(get(w).status).toMatchObject({ terminating: podReplacementPolicy === "Failed" ? 1 : expect.any(Number) });
    }
  });

  test("a pod of its selector is adopted and counted", () => {
    const w = world({ only });
    const labels = { app: "x" };
    w.api.create(podNamed("stray", {}, { labels }));
    const template = {
      metadata: { labels },
      spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i" }] },
    };
    w.api.create(jobOf({ manualSelector: true, selector: { matchLabels: labels }, template }));
    w.pass(3);
    expect(names(pods(w))).toEqual(["stray"]);
    expect(pods(w)[0]?.metadata).toMatchObject({ finalizers: [TRACKING], ownerReferences: [{ name: "work" }] });
  });

  test("a deleted job lets go of its pods", () => {
    const w = started({}, () => "Running");
    w.pass(5);
    w.api.delete(get(w), { propagationPolicy: "Background" });
    w.settle();
    expect(pods(w)[0]?.metadata.finalizers).toBeUndefined();
  });

  test("a job that somebody else looks after is left alone", () => {
    const w = started({ managedBy: "example.com/other" }, () => "Running");
    w.pass(5);
    expect(pods(w)).toEqual([]);
  });
});

describe("indexed job", () => {
  const indexed = { completionMode: "Indexed", completions: 4, parallelism: 2 };

  test("each index succeeds once", () => {
    const w = started(indexed, (order) => (order === 1 ? 1 : "Succeeded"));
    w.settle();
    expect(pods(w).map(indexOf)).toEqual([0, 1]);
    expect(pods(w)[1]).toMatchObject({
      metadata: {
        generateName: "work-1-",
        annotations: { "batch.kubernetes.io/job-completion-index": "1" },
      },
      spec: {
        hostname: "work-1",
        containers: [
          {
            env: [
              {
                name: "JOB_COMPLETION_INDEX",
                valueFrom: { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-completion-index']" } },
              },
            ],
          },
        ],
      },
    });
    w.pass(60);
    expect(pods(w).map(indexOf).sort()).toEqual([0, 1, 1, 2, 3]);
    expect(get(w).status).toMatchObject({ succeeded: 4, failed: 1, completedIndexes: "0-3" });
    expect(conditions(w)).toContain("Complete True");
  });

  test("a back-off limit per index: one index may fail while the others go on", () => {
    const w = started({ ...indexed, backoffLimitPerIndex: 1 }, (_, pod) => (indexOf(pod) === 1 ? 1 : "Succeeded"));
    w.pass(120);
    const attempts = pods(w).filter((pod) => indexOf(pod) === 1);
    expect(
      attempts.map(({ metadata }) => metadata.annotations?.["batch.kubernetes.io/job-index-failure-count"]).sort(),
    ).toEqual(["0", "1"]);
    expect(get(w).status).toMatchObject({ succeeded: 3, failed: 2, completedIndexes: "0,2,3", failedIndexes: "1" });
    expect(get(w).status?.conditions?.at(-1)).toMatchObject({
      reason: "FailedIndexes",
      message: "Job has failed indexes",
    });
  });

  test("maxFailedIndexes ends it early", () => {
    const w = started({ ...indexed, backoffLimitPerIndex: 0, maxFailedIndexes: 0 }, () => 1);
    w.pass(30);
    expect(get(w).status?.conditions?.at(-1)).toMatchObject({ type: "Failed", reason: "MaxFailedIndexesExceeded" });
  });

  test("a success policy ends it before all indexes are through", () => {
    const successPolicy = { rules: [{ succeededIndexes: "0-1", succeededCount: 1 }] };
    const w = started({ ...indexed, successPolicy }, (order) => (order === 0 ? "Succeeded" : "Running"));
    w.pass(15);
    expect(get(w).status?.conditions).toMatchObject([
      { type: "SuccessCriteriaMet", reason: "SuccessPolicy", message: "Matched rules at index 0" },
      { type: "Complete", reason: "SuccessPolicy" },
    ]);
    expect(get(w).status).toMatchObject({ succeeded: 1, completedIndexes: "0" });
    expect(get(w).status?.failed).toBeUndefined();
  });

  test("more completions and parallelism together", () => {
    const w = started({ ...indexed, completions: 2 }, () => "Running");
    w.pass(2);
    change(w, { completions: 3, parallelism: 3 });
    w.pass(2);
    expect(pods(w).map(indexOf).sort()).toEqual([0, 1, 2]);
  });
});

describe("pod failure policy", () => {
  const rules = [
    { action: "FailJob", onExitCodes: { operator: "In", values: [42] } },
    { action: "Ignore", onExitCodes: { operator: "In", values: [7] } },
    { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] },
    { action: "Count", onExitCodes: { operator: "NotIn", values: [1] } },
  ];

  test("fails the job at once", () => {
    const w = started({ podFailurePolicy: { rules } }, () => 42);
    w.pass(10);
    const [pod] = names(pods(w));
    expect(get(w).status?.conditions?.at(-1)).toMatchObject({
      type: "Failed",
      reason: "PodFailurePolicy",
      message: `Container c for pod default/${pod} failed with exit code 42 matching FailJob rule at index 0`,
    });
  });

  test("does not count what it ignores", () => {
    const w = started({ podFailurePolicy: { rules }, backoffLimit: 0 }, (order) => (order === 0 ? 7 : "Succeeded"));
    w.pass(60);
    expect(conditions(w)).toContain("Complete True");
    expect(get(w).status?.failed).toBeUndefined();
  });

  test("FailIndex gives up one index", () => {
    const byIndex = { completionMode: "Indexed", completions: 2, parallelism: 2, backoffLimitPerIndex: 3 };
    const policy = { rules: [{ action: "FailIndex", onExitCodes: { operator: "In", values: [9] } }] };
    const w = started({ ...byIndex, podFailurePolicy: policy }, (_, pod) => (indexOf(pod) === 0 ? 9 : "Succeeded"));
    w.pass(60);
    expect(get(w).status).toMatchObject({ failedIndexes: "0", completedIndexes: "1" });
    expect(pods(w)).toHaveLength(2);
  });
});

describe("ttl after finished", () => {
  test("a job goes some time after it has ended", () => {
    const w = world({ only: [...only, "ttl-after-finished-controller", "garbage-collector-controller"] });
    play(w, () => "Succeeded");
    w.api.create(jobOf({ ttlSecondsAfterFinished: 30 }));
    w.pass(25);
    expect(get(w)).toBeDefined();
    w.pass(15);
    expect(get(w)).toBeUndefined();
    expect(pods(w)).toEqual([]);
  });
});
