import { describe, expect, test } from "vitest";
import type { Pod } from "../../../../src/kinds/types/pod.ts";
import type { StatefulSet } from "../../../../src/kinds/types/workload.ts";
import { playKubelets, reportPod, template, type World, workload, world } from "../setup.ts";

interface Case {
  readonly name: string;
  readonly policy?: "Parallel";
  readonly replicas: number;
  readonly most: number | string;
  readonly partition?: number;
  readonly sick?: readonly number[];
  readonly ending?: readonly number[];
  /** The numbers of the pods that an update deletes until it has to wait. */
  readonly deleted: readonly number[];
}

/**
 * stateful_set_control.go updateStatefulSetAfterInvariantEstablished as it was in 1.35.0 to 1.35.3, where
 * MaxUnavailableStatefulSet was on: pods that do not serve count, whatever their revision. Names of
 * TestStatefulSetControlRollingUpdateWithMaxUnavailable…, with what that version did.
 */
const cases: readonly Case[] = [
  { name: "one at a time", replicas: 3, most: 1, deleted: [2] },
  { name: "two at a time", replicas: 5, most: 2, deleted: [3, 4] },
  { name: "a share is rounded down", replicas: 5, most: "50%", deleted: [3, 4] },
  { name: "but at least one", replicas: 3, most: "10%", deleted: [2] },
  { name: "not below the partition", replicas: 5, most: 3, partition: 4, deleted: [4] },
  {
    name: "highest-ordinal pod unavailable on old revision",
    policy: "Parallel",
    replicas: 3,
    most: 1,
    sick: [2],
    deleted: [],
  },
  {
    name: "single replica unavailable on old revision",
    policy: "Parallel",
    replicas: 1,
    most: 1,
    sick: [0],
    deleted: [],
  },
  {
    name: "below partition consumes budget",
    policy: "Parallel",
    replicas: 5,
    most: 1,
    partition: 2,
    sick: [1],
    deleted: [],
  },
  { name: "2 unavailable, one more", policy: "Parallel", replicas: 5, most: 3, sick: [0, 1], deleted: [4] },
  { name: "1 terminating(#4), budget consumed", policy: "Parallel", replicas: 3, most: 1, ending: [2], deleted: [] },
  {
    name: "unavailable(#3) + terminating(#4)",
    policy: "Parallel",
    replicas: 5,
    most: 3,
    sick: [3],
    ending: [4],
    deleted: [2, 3],
  },
  {
    name: "terminating(#3) + unavailable(#4)",
    policy: "Parallel",
    replicas: 5,
    most: 3,
    sick: [4],
    ending: [3],
    deleted: [2, 4],
  },
];

const pod = (w: World, ordinal: number) => w.api.get<Pod>("pods", "default", `web-${ordinal}`) as Pod;

function running({ policy, replicas, most, partition = 0 }: Case): World {
  const w = world({ only: ["statefulset-controller"] });
  playKubelets(w, 5);
  const held = template({ app: "web" });
  const rollingUpdate = { partition, maxUnavailable: most };
  w.api.create(
    workload("StatefulSet", "web", {
      replicas,
      template: { ...held, metadata: { ...held.metadata, finalizers: ["example.com/hold"] } },
      updateStrategy: { type: "RollingUpdate", rollingUpdate },
      ...(policy ? { podManagementPolicy: policy } : {}),
    }),
  );
  w.pass(60);
  return w;
}

describe("how a stateful set updates (1.35.0)", () => {
  test.each(cases)("$policy $name", (one) => {
    const w = running(one);
    for (const ordinal of one.sick ?? []) reportPod(w, pod(w, ordinal), "Running", false);
    for (const ordinal of one.ending ?? []) w.api.delete(pod(w, ordinal));
    const set = w.api.get<StatefulSet>("statefulsets.apps", "default", "web") as StatefulSet;
    const next = { ...set.spec.template, spec: { containers: [{ name: "web", image: "nginx:1.28" }] } };
    w.api.modify<StatefulSet>(set, (now) => ({ ...now, spec: { ...now.spec, template: next } }));
    w.settle();
    const gone = Array.from({ length: one.replicas }, (_, ordinal) => ordinal).filter(
      (ordinal) => pod(w, ordinal).metadata.deletionTimestamp && !one.ending?.includes(ordinal),
    );
    expect(gone).toEqual(one.deleted);
  });
});
