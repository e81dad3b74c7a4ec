import { describe, expect, test } from "vitest";
import { rollOn } from "../../../../src/cluster/controllers/deployment/rollout.ts";
import { type Family, scale } from "../../../../src/cluster/controllers/deployment/scaling.ts";
import type { Deployment, ReplicaSet } from "../../../../src/kinds/types/workload.ts";
import { type World, workload, world } from "../setup.ts";

/** A number of pods, and of those how many are available where that is not all. */
type Size = readonly [size: number, available?: number];

interface Case {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly surge?: number;
  readonly surgeBefore?: number;
  readonly unavailable?: number;
  /** The newest first; the first is of the template in force unless `noNew`. */
  readonly sizes: readonly Size[];
  readonly noNew?: true;
  readonly after: readonly number[];
}

/** A Deployment with its ReplicaSets as they stand in the middle of a rollout. */
function standing({ from, to, surge = 0, surgeBefore, unavailable = 0, sizes, noNew }: Case): [World, Family] {
  const w = world({ only: [] });
  const rollingUpdate = { maxSurge: surge, maxUnavailable: unavailable };
  const strategy = { type: "RollingUpdate", rollingUpdate };
  // Not one that the API would take: some of upstream's cases allow neither more nor fewer pods.
  const deployment = workload("Deployment", "web", { replicas: to, strategy }) as Deployment;
  const annotations = {
    "deployment.kubernetes.io/desired-replicas": String(from),
    "deployment.kubernetes.io/max-replicas": String(from + (surgeBefore ?? surge)),
  };
  const sets = sizes.map(([size, available = size], age) => {
    const rs = workload("ReplicaSet", `rs-${age}`, { replicas: size }) as ReplicaSet;
    const made = w.api.create<ReplicaSet>({ ...rs, metadata: { ...rs.metadata, annotations } });
    const status = { replicas: size, availableReplicas: available, readyReplicas: available };
    return w.api.updateStatus<ReplicaSet>({ ...made, status });
  });
  const [current, ...old] = noNew ? [undefined, ...sets] : sets;
  return [w, { deployment, current, old: old.filter((rs) => rs !== undefined).reverse() }];
}

function sizesOf(w: World, { sizes }: Case): (number | undefined)[] {
  return sizes.map((_, age) => w.api.get<ReplicaSet>("replicasets.apps", "default", `rs-${age}`)?.spec.replicas);
}

/** kubernetes pkg/controller/deployment/sync_test.go TestScale */
const scaled: readonly Case[] = [
  { name: "normal scaling event: 10 -> 12", from: 10, to: 12, sizes: [[10]], after: [12] },
  { name: "normal scaling event: 10 -> 5", from: 10, to: 5, sizes: [[10]], after: [5] },
  { name: "proportional scaling: 5 -> 10", from: 5, to: 10, sizes: [[2], [3]], after: [4, 6] },
  { name: "proportional scaling: 5 -> 3", from: 5, to: 3, sizes: [[2], [3]], after: [1, 2] },
  { name: "proportional scaling: 9 -> 4", from: 9, to: 4, sizes: [[8], [1]], after: [4, 0] },
  { name: "proportional scaling: 7 -> 10", from: 7, to: 10, sizes: [[2], [3], [2]], after: [3, 4, 3] },
  { name: "proportional scaling: 13 -> 8", from: 13, to: 8, sizes: [[2], [8], [3]], after: [1, 5, 2] },
  { name: "leftover distribution: 3 -> 4", from: 3, to: 4, sizes: [[1], [1], [1]], after: [2, 1, 1] },
  { name: "leftover distribution: 3 -> 2", from: 3, to: 2, sizes: [[1], [1], [1]], after: [1, 1, 0] },
  { name: "proportional scaling: 6 -> 0", from: 6, to: 0, sizes: [[3], [2], [1]], after: [0, 0, 0] },
  { name: "proportional scaling (no new rs): 4 -> 5", from: 4, to: 5, noNew: true, sizes: [[2], [2]], after: [3, 2] },
  { name: "proportional scaling: 0 -> 6", from: 6, to: 6, sizes: [[0], [0], [0]], after: [6, 0, 0] },
  { name: "change both size and template", from: 10, to: 14, noNew: true, sizes: [[7], [3]], after: [10, 4] },
  {
    name: "saturated but broken new replica set does not affect old pods",
    from: 2,
    to: 2,
    surge: 1,
    unavailable: 1,
    sizes: [[2, 0], [1]],
    after: [2, 1],
  },
  { name: "deployment with surge pods", from: 10, to: 20, surge: 2, sizes: [[6], [6]], after: [11, 11] },
  {
    name: "change both surge and size",
    from: 10,
    to: 50,
    surge: 6,
    surgeBefore: 3,
    sizes: [[5], [8]],
    after: [22, 34],
  },
];

/** kubernetes pkg/controller/deployment/rolling_test.go TestDeploymentController_reconcileNewReplicaSet and _reconcileOldReplicaSets */
const rolled: readonly Case[] = [
  { name: "room for a surge", from: 10, to: 10, surge: 2, sizes: [[0], [10]], after: [2, 10] },
  { name: "room for more", from: 10, to: 10, surge: 2, sizes: [[0], [5]], after: [7, 5] },
  { name: "no room", from: 10, to: 10, surge: 2, sizes: [[2, 0], [10]], after: [2, 10] },
  { name: "more new ones than wanted", from: 10, to: 10, surge: 2, sizes: [[11], [2]], after: [10, 2] },
  { name: "two may be away", from: 10, to: 10, unavailable: 2, sizes: [[0], [10]], after: [0, 8] },
  { name: "those that do not serve go first", from: 10, to: 10, unavailable: 2, sizes: [[0], [10, 8]], after: [0, 8] },
  { name: "one does not serve, one does", from: 10, to: 10, unavailable: 2, sizes: [[0], [10, 9]], after: [0, 8] },
  { name: "new ones that do not serve yet", from: 10, to: 10, unavailable: 2, sizes: [[2, 0], [8]], after: [2, 8] },
];

describe("how a deployment shares out its pods, case by case of upstream's tests (1.35)", () => {
  test.each(scaled)("TestScale: $name", (one) => {
    const [w, family] = standing(one);
    scale(w.api, family);
    expect(sizesOf(w, one)).toEqual(one.after);
  });

  test.each(rolled)("rolling_test: $name", (one) => {
    const [w, family] = standing(one);
    const moved = rollOn(w.api, family);
    expect(sizesOf(w, one)).toEqual(one.after);
    expect(moved).toBe(one.sizes.some(([size], age) => size !== one.after[age]));
  });
});
