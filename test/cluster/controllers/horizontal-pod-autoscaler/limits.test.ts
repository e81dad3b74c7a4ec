import { describe, expect, test } from "vitest";
import { SECOND } from "../../../../src/base/clock.ts";
import { rfc3339 } from "../../../../src/base/time.ts";
import {
  byFactor,
  byRules,
  limited,
  type Memory,
  remember,
} from "../../../../src/cluster/controllers/horizontal-pod-autoscaler/limits.ts";
import { Report } from "../../../../src/cluster/controllers/horizontal-pod-autoscaler/report.ts";
import type { HorizontalPodAutoscaler, ScalingRules } from "../../../../src/kinds/types/autoscaling.ts";
import { start as now } from "../setup.ts";

// The cases are those of kubernetes pkg/controller/podautoscaler/horizontal_test.go (1.35).

test.each([
  [5, 7, 3, 8, 7, "DesiredWithinRange"],
  [3, 1, 2, 8, 2, "TooFewReplicas"],
  [1, 0, 0, 10, 0, "DesiredWithinRange"],
  [20, 1000, 1, 10, 10, "TooManyReplicas"],
  [3, 1000, 1, 2000, 6, "ScaleUpLimit"],
  [1, 1000, 1, 2000, 4, "ScaleUpLimit"],
])("without behavior: of %i, %i wanted, from %i to %i", (current, desired, min, max, replicas, reason) => {
  expect(byFactor({ current, desired, min, max })).toMatchObject({ replicas, reason });
});

/** So many pods and so many per cent in so many seconds. */
function rules(pods: number, percent: number, period: number, more: Partial<ScalingRules> = {}): ScalingRules {
  const policies = [
    ...(pods ? [{ type: "Pods", value: pods, periodSeconds: period }] : []),
    ...(percent ? [{ type: "Percent", value: percent, periodSeconds: period }] : []),
  ];
  return { selectPolicy: "Max", stabilizationWindowSeconds: 0, policies, ...more };
}

/** Changes spread over the last 120 seconds. */
function changes(all: readonly number[]): Memory["ups"] {
  const part = 120 / all.length;
  return all.map((by, i) => ({ by, at: now - Math.trunc(120 - part * (i + 1) + part / 2) * SECOND }));
}

const up = rules(4, 100, 15);
const down = rules(0, 100, 15);
const [few, many] = [
  [1, 5, 9],
  [10, 10, 10],
];

describe("with behavior", () => {
  test.each([
    ["within range", 5, 7, 3, 8, {}, 7, "DesiredWithinRange"],
    ["below the minimum", 3, 1, 2, 8, {}, 2, "TooFewReplicas"],
    ["to zero", 1, 0, 0, 10, {}, 0, "DesiredWithinRange"],
    ["above the maximum", 20, 1000, 1, 10, {}, 20, "TooManyReplicas"],
    ["up to the maximum", 100, 1000, 100, 150, {}, 150, "TooManyReplicas"],
    ["1 % is one pod", 3, 1000, 1, 2000, { up: rules(0, 1, 60) }, 4, "ScaleUpLimit"],
    ["20 pods less", 1000, 3, 3, 2000, { down: rules(20, 0, 60) }, 980, "ScaleDownLimit"],
    ["the usual way up", 10, 50, 1, 1000, {}, 20, "ScaleUpLimit"],
    ["pods more than per cent", 10, 500, 1, 1000, { up: rules(100, 100, 60) }, 110, "ScaleUpLimit"],
    ["per cent more than pods", 10, 500, 1, 1000, { up: rules(2, 100, 60) }, 20, "ScaleUpLimit"],
    ["enough pods", 10, 50, 1, 1000, { up: rules(100, 0, 60) }, 50, "DesiredWithinRange"],
    ["30 pods", 10, 50, 1, 1000, { up: rules(30, 0, 60) }, 40, "ScaleUpLimit"],
    ["200 %", 10, 50, 1, 1000, { up: rules(0, 200, 60) }, 30, "ScaleUpLimit"],
    ["down: pods", 100, 2, 1, 1000, { down: rules(20, 1, 60) }, 80, "ScaleDownLimit"],
    ["down: per cent", 100, 2, 1, 1000, { down: rules(2, 1, 60) }, 98, "ScaleDownLimit"],
    ["down to the minimum", 10, 0, 1, 1000, { down: rules(100, 0, 60) }, 1, "TooFewReplicas"],
    ["all, down to the minimum", 10, 2, 5, 1000, { down: rules(0, 100, 60) }, 5, "TooFewReplicas"],
    ["five less", 10, 2, 1, 1000, { down: rules(5, 0, 60) }, 5, "ScaleDownLimit"],
    ["half", 10, 5, 1, 1000, { down: rules(0, 50, 60) }, 5, "DesiredWithinRange"],
    ["fast, the maximum", 100, 500, 1, 200, { up: rules(300, 0, 60), ups: few }, 200, "TooManyReplicas"],
    ["just went up", 100, 500, 1, 1000, { up: rules(5, 0, 120), ups: few }, 100, "ScaleUpLimit"],
    ["150 from what there was", 100, 500, 1, 1000, { up: rules(150, 0, 120), ups: few }, 235, "ScaleUpLimit"],
    ["200 % of what there was", 100, 500, 1, 1000, { up: rules(0, 200, 120), ups: few }, 255, "ScaleUpLimit"],
    ["down in spite of it", 10, 5, 1, 1000, { downs: few }, 5, "DesiredWithinRange"],
    ["115 less", 100, 0, 1, 1000, { down: rules(115, 0, 120), downs: few }, 1, "TooFewReplicas"],
    ["all of it", 100, 2, 5, 1000, { down: rules(0, 100, 120), downs: few }, 5, "TooFewReplicas"],
    ["just went down", 100, 2, 1, 1000, { down: rules(5, 0, 120), downs: few }, 100, "ScaleDownLimit"],
    ["half of what there was", 100, 0, 1, 1000, { down: rules(0, 50, 120), downs: [2, 4, 6] }, 56, "ScaleDownLimit"],
    ["10 % of what there was", 100, 0, 1, 1000, { down: rules(0, 10, 120), downs: many }, 100, "ScaleDownLimit"],
    ["below zero", 10, 5, 1, 1000, { down: rules(0, 1000, 120), downs: many }, 5, "DesiredWithinRange"],
    ["the smaller way up", 1, 9, 1, 99, { up: rules(2, 50, 60, { selectPolicy: "Min" }) }, 2, "ScaleUpLimit"],
    ["the smaller way down", 5, 1, 1, 99, { down: rules(2, 50, 60, { selectPolicy: "Min" }) }, 3, "ScaleDownLimit"],
    ["no way up", 5, 9, 1, 99, { up: rules(9, 0, 60, { selectPolicy: "Disabled" }) }, 5, "ScaleUpLimit"],
    ["no way down", 5, 1, 1, 99, { down: rules(9, 0, 60, { selectPolicy: "Disabled" }) }, 5, "ScaleDownLimit"],
  ] as readonly [
    string,
    number,
    number,
    number,
    number,
    { up?: ScalingRules; down?: ScalingRules; ups?: number[]; downs?: number[] },
    number,
    string,
  ][])("%s", (what, current, desired, min, max, given, replicas, reason) => {
    const memory = { recommendations: [], ups: changes(given.ups ?? []), downs: changes(given.downs ?? []) };
    const found = byRules({ current, desired, min, max }, memory, now, given.up ?? up, given.down ?? down);
    // More replicas than the maximum never get here: they are brought to it at once.
    if (what === "above the maximum") expect(found).toMatchObject({ replicas: 10, reason });
    else expect(found).toMatchObject({ replicas, reason });
  });
});

const autoscaler = (behavior?: object): HorizontalPodAutoscaler => ({
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "web", namespace: "default" },
  spec: { scaleTargetRef: { kind: "Deployment", name: "web" }, maxReplicas: 100, ...(behavior ? { behavior } : {}) },
});
const remembered = (all: readonly (readonly [number, number])[]): Memory => ({
  recommendations: all.map(([replicas, ago]) => ({ replicas, at: now - ago * SECOND })),
  ups: [],
  downs: [],
});

describe("what was recommended lately holds against less (TestNormalizeDesiredReplicas)", () => {
  test.each([
    ["nothing", [], 5, 5, 1],
    [
      "more",
      [
        [4, 120],
        [5, 60],
      ],
      3,
      5,
      3,
    ],
    [
      "less",
      [
        [1, 120],
        [2, 60],
      ],
      3,
      3,
      3,
    ],
    [
      "more, long ago",
      [
        [10, 600],
        [9, 540],
      ],
      3,
      3,
      1,
    ],
    [
      "more, and even more long ago",
      [
        [10, 600],
        [4, 60],
        [5, 120],
        [9, 540],
      ],
      3,
      5,
      3,
    ],
  ] as const)("%s", (_, before, desired, replicas, kept) => {
    const memory = remembered(before);
    const report = new Report(autoscaler(), rfc3339(now));
    const wish = { current: 5, desired, min: 1, max: 100 };
    expect(limited(autoscaler(), wish, memory, report, now, 300 * SECOND)).toBe(replicas);
    expect(memory.recommendations).toHaveLength(kept);
    const reason = replicas === desired ? "ReadyForNewScale" : "ScaleDownStabilized";
    expect(report.unknown().conditions?.[0]).toMatchObject({ type: "AbleToScale", status: "True", reason });
  });
});

describe("windows of behavior (TestNormalizeDesiredReplicasWithBehavior)", () => {
  const with_ = (upWindow: number, downWindow: number | undefined) => {
    const more = downWindow === undefined ? {} : { stabilizationWindowSeconds: downWindow };
    return autoscaler({
      scaleUp: rules(100, 0, 15, { stabilizationWindowSeconds: upWindow }),
      scaleDown: { selectPolicy: "Max", policies: down.policies ?? [], ...more },
    });
  };
  test.each([
    [
      "up at once",
      with_(0, 300),
      [
        [4, 120],
        [5, 60],
      ],
      5,
      8,
      8,
      "ReadyForNewScale",
    ],
    [
      "up to the least of the window",
      with_(180, 300),
      [
        [4, 120],
        [6, 60],
      ],
      5,
      8,
      5,
      "ScaleUpStabilized",
    ],
    [
      "up, when all of the window wanted more",
      with_(180, 300),
      [
        [9, 120],
        [7, 60],
      ],
      5,
      8,
      7,
      "ScaleUpStabilized",
    ],
    [
      "down at once",
      with_(0, 0),
      [
        [9, 120],
        [7, 60],
      ],
      5,
      3,
      3,
      "ReadyForNewScale",
    ],
    [
      "not down within the window",
      with_(0, 180),
      [
        [4, 120],
        [5, 60],
      ],
      5,
      3,
      5,
      "ScaleDownStabilized",
    ],
    [
      "down to the most of the window",
      with_(0, 100),
      [
        [9, 120],
        [4, 60],
      ],
      5,
      3,
      4,
      "ScaleDownStabilized",
    ],
    ["the flag's window where none is given", with_(0, undefined), [[5, 290]], 5, 3, 5, "ScaleDownStabilized"],
    ["beyond the flag's window", with_(0, undefined), [[5, 310]], 5, 3, 3, "ReadyForNewScale"],
  ] as const)("%s", (_, object, before, current, desired, replicas, reason) => {
    const report = new Report(object, rfc3339(now));
    const wish = { current, desired, min: 1, max: 100 };
    expect(limited(object, wish, remembered(before), report, now, 300 * SECOND)).toBe(replicas);
    expect(report.unknown().conditions?.[0]).toMatchObject({ status: "True", reason });
  });
});

test.each([
  ["nothing without behavior", autoscaler(), [], 5, []],
  ["a change", autoscaler({ scaleUp: rules(10, 100, 60), scaleDown: down }), [], 5, [5]],
  ["in place of an old one", autoscaler({ scaleUp: rules(10, 100, 60), scaleDown: down }), [[7, 61]], 5, [5]],
  ["beside one that counts", autoscaler({ scaleUp: rules(10, 100, 60), scaleDown: down }), [[7, 58]], 5, [7, 5]],
] as const)("kept in mind (TestStoreScaleEvents): %s", (_, object, before, by, kept) => {
  const memory: Memory = {
    ...remembered([]),
    ups: before.map(([change, ago]) => ({ by: change, at: now - ago * SECOND })),
  };
  remember(object, memory, 10, 10 + by, now);
  expect(memory.ups.map((change) => change.by)).toEqual(kept);
  expect(memory.downs).toEqual([]);
});
