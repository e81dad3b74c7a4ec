import { describe, expect, test } from "vitest";
import { SECOND } from "../../../../src/base/clock.ts";
import { rfc3339 } from "../../../../src/base/time.ts";
import {
  byAverage,
  byShare,
  byUtilization,
  byValue,
  grouped,
  requestOf,
  type Situation,
} from "../../../../src/cluster/controllers/horizontal-pod-autoscaler/calculator.ts";
import type { PodMetrics } from "../../../../src/cluster/controllers/horizontal-pod-autoscaler/sources.ts";
import type { Pod } from "../../../../src/kinds/types/pod.ts";
import { start as now } from "../setup.ts";

// The cases are those of kubernetes pkg/controller/podautoscaler/replica_calculator_test.go (1.35), with its settings.
const settings = { cpuInitialization: 120 * SECOND, readinessDelay: 10 * SECOND };
const usual = { down: 0.1, up: 0.1 };
/** Started long ago, three minutes ago, just now. */
const began = { "-": 0, c: now - 180 * SECOND, h: now } as const;

interface Case {
  replicas: number;
  /** R ready, U unready, P pending, F failed, D being deleted; followed by when it started. */
  pods?: string;
  /** What each of the two containers of each pod asks for. */
  requests?: readonly string[];
  /** What each uses of a core, in thousandths. */
  levels: readonly (readonly number[])[];
  container?: string;
  tolerances?: { down: number; up: number };
}

const both = (...levels: number[]) => levels.map((level) => [level, level]);
const second = (first: number, ...levels: number[]) => levels.map((level) => [first, level]);

function podAt(state: string, i: number, request: string | undefined): Pod {
  const [kind = "R", since = "-"] = state;
  const phase = { P: "Pending", F: "Failed" }[kind] ?? "Running";
  const resources = request === undefined ? {} : { requests: { cpu: request } };
  const containers = ["container1", "container2"].map((name) => ({ name, image: "x", resources }));
  const ready = kind === "R" ? "True" : "False";
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `pod-${i}`,
      namespace: "default",
      ...(kind === "D" ? { deletionTimestamp: rfc3339(now) } : {}),
    },
    spec: { containers },
    status: {
      phase,
      startTime: rfc3339(began[since as "-"]),
      conditions: [{ type: "Ready", status: ready, lastTransitionTime: rfc3339(0) }],
    },
  } as Pod;
}

function situation({ replicas, pods = "", requests, tolerances = usual }: Omit<Case, "levels">): Situation {
  const states = pods === "" ? Array.from({ length: replicas }, () => "R-") : pods.split(" ");
  const all = states.map((state, i) => podAt(state.length > 1 ? state : `${state}-`, i, requests ? requests[i] : "1"));
  return { pods: all, replicas, tolerances, settings, now };
}

function metrics(levels: readonly (readonly number[])[], container?: string): PodMetrics {
  const value = (all: readonly number[]) =>
    container ? (all[container === "container1" ? 0 : 1] ?? 0) : all.reduce((a, b) => a + b, 0);
  return new Map(levels.map((all, i) => [`pod-${i}`, { value: value(all), at: 0, window: 60 * SECOND }]));
}

type Row = readonly [what: string, given: Case, target: number, replicas: number, utilization: number, value: number];

const rows: readonly Row[] = [
  ["up", { replicas: 3, levels: both(300, 500, 700) }, 30, 5, 50, 1000],
  ["up, one container", { replicas: 3, levels: second(1000, 300, 500, 700), container: "container2" }, 30, 5, 50, 500],
  ["up, less for one that is unready", { replicas: 3, pods: "U R R", levels: both(300, 500, 700) }, 30, 4, 60, 1200],
  ["up, less for one that starts", { replicas: 3, pods: "Rh Rc Rc", levels: both(300, 500, 700) }, 30, 4, 60, 1200],
  [
    "up, less for a container that starts",
    { replicas: 3, pods: "Rh Rc Rc", levels: second(0, 300, 500, 700), container: "container2" },
    30,
    4,
    60,
    600,
  ],
  ["unready ones would turn it", { replicas: 3, pods: "R U U", levels: both(400, 500, 700) }, 30, 3, 40, 800],
  ["starting ones would turn it", { replicas: 3, pods: "Rc Uh Uh", levels: both(400, 500, 700) }, 30, 3, 40, 800],
  ["up, without the failed", { replicas: 2, pods: "R R F F", levels: both(500, 700) }, 30, 4, 60, 1200],
  ["up, without the deleted", { replicas: 2, pods: "R R D D", levels: both(500, 700) }, 30, 4, 60, 1200],
  ["down", { replicas: 5, levels: both(100, 300, 500, 250, 250) }, 50, 3, 28, 560],
  [
    "down, one container",
    { replicas: 5, levels: second(1000, 100, 300, 500, 250, 250), container: "container2" },
    50,
    3,
    28,
    280,
  ],
  [
    "down, without the unready",
    { replicas: 5, pods: "R R R U U", levels: both(100, 300, 500, 250, 250) },
    50,
    2,
    30,
    600,
  ],
  ["down, without the unscheduled", { replicas: 5, pods: "R P P P P", levels: both(100) }, 50, 1, 10, 200],
  [
    "down, without those that start",
    { replicas: 5, pods: "Rc Rc Rc Rh Rh", levels: both(100, 300, 500, 250, 250) },
    50,
    2,
    30,
    600,
  ],
  [
    "down, without the failed",
    { replicas: 5, pods: "R R R R R F F", levels: both(100, 300, 500, 250, 250) },
    50,
    3,
    28,
    560,
  ],
  [
    "down, without the deleted",
    { replicas: 5, pods: "R R R R R D D", levels: both(100, 300, 500, 250, 250) },
    50,
    3,
    28,
    560,
  ],
  ["near enough", { replicas: 3, requests: ["0.9", "1", "1.1"], levels: both(1010, 1030, 1020) }, 100, 3, 102, 2040],
  [
    "no tolerance",
    { replicas: 3, requests: ["0.9", "1", "1.1"], levels: both(909, 1010, 1111), tolerances: { down: 0, up: 0 } },
    100,
    4,
    101,
    2020,
  ],
  [
    "within 200 % up",
    { replicas: 3, requests: ["0.9", "1", "1.1"], levels: both(1890, 1910, 1900), tolerances: { down: 0.1, up: 2 } },
    100,
    3,
    190,
    3800,
  ],
  [
    "beyond 8 % up",
    { replicas: 3, requests: ["0.9", "1", "1.1"], levels: both(1100, 1080, 1090), tolerances: { down: 2, up: 0.08 } },
    100,
    4,
    109,
    2180,
  ],
  [
    "within 36 % down",
    { replicas: 3, requests: ["0.9", "1", "1.1"], levels: both(660, 640, 650), tolerances: { down: 0.36, up: 0.1 } },
    100,
    3,
    65,
    1300,
  ],
  [
    "beyond 34 % down",
    { replicas: 3, requests: ["0.9", "1", "1.1"], levels: both(660, 640, 650), tolerances: { down: 0.34, up: 0.1 } },
    100,
    2,
    65,
    1300,
  ],
  [
    "metrics of pods that are gone",
    { replicas: 4, levels: both(4000, 9500, 3000, 7000, 3200, 2000) },
    100,
    24,
    587,
    11_750,
  ],
  ["two of four are not measured", { replicas: 4, levels: both(400, 95) }, 100, 3, 24, 495],
  ["one missing, on target", { replicas: 2, levels: both(1000) }, 100, 2, 100, 2000],
  ["one missing, above", { replicas: 2, levels: both(1900) }, 100, 2, 190, 3800],
  ["one missing, below", { replicas: 2, levels: both(600) }, 100, 2, 60, 1200],
  ["missing and unready", { replicas: 3, pods: "U R R", levels: both(100, 450) }, 50, 3, 45, 900],
  ["missing and starting", { replicas: 3, pods: "Rh Rc Rc", levels: both(100, 450) }, 50, 3, 45, 900],
  ["missing and unready, up", { replicas: 3, pods: "U R R", levels: both(100, 2000) }, 50, 4, 200, 4000],
  ["missing and starting, up", { replicas: 3, pods: "Uh Rc Rc", levels: both(100, 2000) }, 50, 4, 200, 4000],
  ["missing and unready, down", { replicas: 4, pods: "U R R R", levels: both(100, 100, 100) }, 50, 3, 10, 200],
  [
    "missing, with a target over 100 %",
    { replicas: 4, pods: "U R R R", requests: ["1", "1", "2", "2"], levels: both(200, 100, 100) },
    300,
    2,
    6,
    200,
  ],
  ["a surge", { replicas: 2, pods: "R R R", levels: both(100, 100) }, 50, 2, 10, 200],
];

describe("replicas by utilization", () => {
  test.each(rows)("%s", (_, given, target, replicas, utilization, value) => {
    const { levels, container } = given;
    const found = byUtilization(situation(given), metrics(levels, container), target, "cpu", container);
    expect(found).toEqual({ replicas, utilization, value });
  });

  test.each([
    [
      "other pods only",
      { replicas: 1 },
      new Map([["old", { value: 1, at: 0, window: 0 }]]),
      "no metrics returned matched known pods",
    ],
    [
      "no request",
      { replicas: 1, requests: [] },
      metrics(both(200)),
      "missing request for cpu in container container1 of Pod pod-0",
    ],
    [
      "none is ready",
      { replicas: 1, pods: "P" },
      metrics(both(200)),
      "did not receive metrics for targeted pods (pods might be unready)",
    ],
    ["no pods", { replicas: 0 }, metrics(both(200)), "no pods returned by selector while calculating replica count"],
  ] as const)("not to be told: %s", (_, given, measured, said) => {
    expect(() => byUtilization(situation(given), measured, 50, "cpu")).toThrow(said);
  });
});

describe("replicas by a value for each pod", () => {
  const of = (...values: number[]): PodMetrics =>
    new Map(values.map((value, i) => [`pod-${i}`, { value, at: 0, window: 60 * SECOND }]));
  test.each([
    ["up", { replicas: 3 }, of(20_000, 10_000, 30_000), 15_000, 4, 20_000],
    ["the unready count", { replicas: 3, pods: "Rc Rc Uh" }, of(50_000, 10_000, 30_000), 15_000, 6, 30_000],
    ["all the unready count", { replicas: 3, pods: "Uh Rc Uh" }, of(50_000, 15_000, 30_000), 15_000, 7, 31_666],
    ["down", { replicas: 5 }, of(12_000, 12_000, 12_000, 12_000, 12_000), 20_000, 3, 12_000],
    ["near enough", { replicas: 3 }, of(20_000, 21_000, 21_000), 20_000, 3, 20_666],
    ["1 % up", { replicas: 3, tolerances: { down: 0.1, up: 0.01 } }, of(20_000, 21_000, 21_000), 20_000, 4, 20_666],
    ["some missing, on target", { replicas: 5 }, of(20_000, 19_000, 21_000), 20_000, 5, 20_000],
    ["a surge", { replicas: 2, pods: "R R R" }, of(10_000, 10_000), 17_000, 2, 10_000],
  ] as const)("%s", (_, given, measured, target, replicas, value) => {
    expect(byAverage(situation(given), measured, target)).toEqual({ replicas, value });
  });
});

describe("replicas by a value for all", () => {
  const tight = { down: 0.1, up: 0.01 };
  test.each([
    ["up", { replicas: 3 }, 20_000, 15_000, 4],
    ["only of the ready", { replicas: 3, pods: "U R U" }, 50_000, 10_000, 5],
    ["fewer than now, as few are ready", { replicas: 3, pods: "U R U" }, 8600, 4400, 2],
    ["down", { replicas: 5 }, 12_000, 20_000, 3],
    ["down, outside", { replicas: 5 }, 8600, 14_334, 3],
    ["near enough", { replicas: 3 }, 20_666, 20_000, 3],
    ["near enough, outside", { replicas: 3 }, 8600, 8888, 3],
    ["1 % up", { replicas: 3, tolerances: tight }, 20_666, 20_000, 4],
    ["1 % up, outside", { replicas: 3, tolerances: tight }, 8900, 8800, 4],
    ["as many as can be", { replicas: 3 }, Number.MAX_SAFE_INTEGER, 1, 2 ** 31 - 1],
  ] as const)("%s", (_, given, usage, target, replicas) => {
    expect(byValue(situation(given), usage, target)).toEqual({ replicas, value: usage });
  });

  test.each([
    [3, 20_000, 5000, 4, 6667, usual],
    [3, 8600, 2150, 4, 2867, usual],
    [5, 6000, 2000, 3, 1200, usual],
    [5, 8600, 2867, 3, 1720, usual],
    [4, 20_166, 5000, 4, 5042, usual],
    [3, 8600, 2900, 3, 2867, usual],
    [4, 20_208, 5000, 5, 5052, tight],
    [3, 8600, 2800, 4, 2867, tight],
  ] as const)("%i pods share %i, each wants %i", (replicas, usage, target, wanted, value, tolerances) => {
    expect(byShare(tolerances, replicas, usage, target)).toEqual({ replicas: wanted, value });
  });
});

describe("which pods say something (TestGroupPods)", () => {
  const pod = (phase: string, started?: number, ready?: "True" | "False", since = 0): Pod => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "pod-0", namespace: "default" },
    spec: { containers: [] },
    status: {
      phase,
      ...(started === undefined ? {} : { startTime: rfc3339(now + started * SECOND) }),
      conditions: ready ? [{ type: "Ready", status: ready, lastTransitionTime: rfc3339(now + since * SECOND) }] : [],
    } as Pod["status"],
  });
  const other = { ...pod("Running", -600, "True", -600), metadata: { name: "other", namespace: "default" } };
  test.each([
    ["any, for memory", "memory", pod("Succeeded"), 60, "ready"],
    ["one without the condition", "cpu", pod("Succeeded", 0), 60, "unready"],
    ["ready, measured since", "cpu", pod("Succeeded", -60, "True", -30), 30, "ready"],
    ["ready, measured before", "cpu", pod("Succeeded", -60, "True", -30), 60, "unready"],
    ["unready since its start", "cpu", pod("Succeeded", -600, "False", -594), 60, "unready"],
    ["ready for long", "cpu", pod("Succeeded", -180, "True", -180), 60, "ready"],
    ["unready after it was ready", "cpu", pod("Running", -600, "False", -570), 60, "ready"],
    ["pending", "cpu", pod("Pending"), 60, "unready"],
    ["failed", "cpu", pod("Failed"), 60, "neither"],
  ] as const)("%s", (_, resource, one, window, wanted) => {
    const measured: PodMetrics = new Map(
      ["pod-0", "other"].map((name) => [name, { value: 1, at: now, window: window * SECOND }]),
    );
    const given = { pods: [one, other], replicas: 2, tolerances: usual, settings, now };
    const { ready, unready } = grouped(given, measured, resource);
    expect(ready === 2 ? "ready" : unready.includes("pod-0") ? "unready" : "neither").toBe(wanted);
  });
});

describe("what a pod asks for (TestCalculateRequests)", () => {
  const container = (name: string, cpu?: string, more = {}) => ({
    name,
    image: "x",
    ...(cpu ? { resources: { requests: { cpu } } } : {}),
    ...more,
  });
  const sidecar = { restartPolicy: "Always" };
  test.each([
    ["its containers together", { containers: [container("a", "100m"), container("b", "50m")] }, undefined, 150],
    ["one container", { containers: [container("a", "100m"), container("b", "50m")] }, "b", 50],
    [
      "sidecars too",
      { initContainers: [container("s", "20m", sidecar)], containers: [container("a", "100m")] },
      undefined,
      120,
    ],
    [
      "init containers not",
      { initContainers: [container("i", "20m")], containers: [container("a", "100m")] },
      undefined,
      100,
    ],
    [
      "the pod itself",
      { resources: { requests: { cpu: "1" } }, containers: [container("a", "100m")] },
      undefined,
      1000,
    ],
    [
      "the pod itself, of another resource",
      { resources: { requests: { memory: "1Mi" } }, containers: [container("a", "1")] },
      undefined,
      "missing pod-level request for cpu in Pod p",
    ],
    [
      "a container that asks for nothing",
      { containers: [container("a", "100m"), container("b")] },
      undefined,
      "missing request for cpu in container b of Pod p",
    ],
    ["a container that is not there", { containers: [container("a", "100m")] }, "z", "container z not found in Pod p"],
  ] as const)("%s", (_, spec, name, wanted) => {
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec } as unknown as Pod;
    if (typeof wanted === "string") expect(() => requestOf(pod, "cpu", name)).toThrow(wanted);
    else expect(requestOf(pod, "cpu", name)).toBe(wanted);
  });
});
