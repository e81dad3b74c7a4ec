import { expect, test } from "vitest";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import type { ReplicationController } from "../../../src/kinds/types/workload.ts";
import { names, playKubelets, podNamed, template, type World, world } from "./setup.ts";

const only = ["replicationcontroller-controller"];
const get = (w: World) => w.api.get<ReplicationController>("replicationcontrollers", "default", "old");
const pods = (w: World) => w.api.list<Pod>("pods", "default");

function started(replicas: number): World {
  const w = world({ only });
  playKubelets(w);
  const metadata = { name: "old", namespace: "default" };
  const spec = { replicas, selector: { app: "old" }, template: template({ app: "old" }) };
  w.api.create({ apiVersion: "v1", kind: "ReplicationController", metadata, spec });
  w.pass(5);
  return w;
}

test("keeps as many pods as it asks for, as a ReplicaSet does, but does not tell how many are ending", () => {
  const w = started(2);
  expect(pods(w)[0]?.metadata.ownerReferences).toMatchObject([
    { apiVersion: "v1", kind: "ReplicationController", name: "old", controller: true },
  ]);
  expect(get(w)?.status).toEqual({
    replicas: 2,
    fullyLabeledReplicas: 2,
    readyReplicas: 2,
    availableReplicas: 2,
    observedGeneration: 1,
  });
  expect(w.events("ReplicationController/old").sort()).toEqual(
    names(pods(w))
      .map((name) => `Normal SuccessfulCreate Created pod: ${name}`)
      .sort(),
  );
  w.api.delete(pods(w)[0] as Pod);
  w.pass(5);
  expect(get(w)?.status).toMatchObject({ replicas: 2, readyReplicas: 2 });
});

test("adopts pods that fit, gives up those that are too many", () => {
  const w = started(1);
  w.api.create(podNamed("stray", {}, { labels: { app: "old" } }));
  w.pass(5);
  expect(pods(w)).toHaveLength(1);
});

test("a delete that says nothing of its pods leaves them alone", () => {
  const w = world({ only: [...only, "garbage-collector-controller"] });
  const metadata = { name: "old", namespace: "default" };
  const spec = { replicas: 1, selector: { app: "old" }, template: template({ app: "old" }) };
  w.api.create({ apiVersion: "v1", kind: "ReplicationController", metadata, spec });
  w.settle();
  w.api.delete(get(w) as ReplicationController);
  w.pass(5);
  expect(get(w)).toBeUndefined();
  expect(pods(w).map(({ metadata: { ownerReferences } }) => ownerReferences)).toEqual([undefined]);
});
