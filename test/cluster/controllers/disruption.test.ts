import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import type { PodDisruptionBudget } from "../../../src/kinds/types/policy.ts";
import { refusal } from "../apiserver/setup.ts";
import { playKubelets, podNamed, reportPod, type World, workload, world } from "./setup.ts";

const only = ["disruption-controller", "deployment-controller", "replicaset-controller"];

function budget(spec: object, name = "web"): KubeObject {
  const selector = { matchLabels: { app: "web" } };
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace: "default" },
    spec: { selector, ...spec },
  };
}
const get = (w: World, name = "web") =>
  w.api.get<PodDisruptionBudget>("poddisruptionbudgets.policy", "default", name) as PodDisruptionBudget;
const evict = (w: World, pod: string) => w.api.createAt("pods", "default", pod, "eviction", {});
const pods = (w: World) => w.api.list<Pod>("pods", "default");

function withWeb(replicas: number, spec: object): World {
  const w = world({ only });
  playKubelets(w);
  w.api.create(workload("Deployment", "web", { replicas }));
  w.pass(5);
  w.api.create(budget(spec));
  w.settle();
  return w;
}

describe("how many pods may be away", () => {
  test.each([
    [4, { minAvailable: 3 }, [1, 4, 3, 4]],
    [4, { minAvailable: "60%" }, [1, 4, 3, 4]],
    [4, { maxUnavailable: 2 }, [2, 4, 2, 4]],
    [3, { maxUnavailable: "50%" }, [2, 3, 1, 3]],
    [2, { minAvailable: 5 }, [0, 2, 5, 2]],
    [2, { maxUnavailable: 9 }, [2, 2, 0, 2]],
    [2, {}, [0, 2, 0, 0]],
  ])("%i pods, %o", (replicas, spec, [allowed, current, desired, expected]) => {
    const { status } = get(withWeb(replicas, spec));
    expect(status).toMatchObject({
      observedGeneration: 1,
      disruptionsAllowed: allowed,
      currentHealthy: current,
      desiredHealthy: desired,
      expectedPods: expected,
    });
    expect(status?.conditions).toEqual([
      {
        type: "DisruptionAllowed",
        status: allowed ? "True" : "False",
        observedGeneration: 1,
        lastTransitionTime: expect.any(String),
        reason: allowed ? "SufficientPods" : "InsufficientPods",
        message: "",
      },
    ]);
  });

  test("a share is of what the controllers want, not of what is there", () => {
    const w = withWeb(4, { maxUnavailable: "25%" });
    const [pod] = pods(w);
    if (pod) reportPod(w, pod, "Running", false);
    w.settle();
    expect(get(w).status).toMatchObject({
      disruptionsAllowed: 0,
      currentHealthy: 3,
      desiredHealthy: 3,
      expectedPods: 4,
    });
  });

  test("pods without a controller, and with one that cannot be scaled", () => {
    const w = world({ only });
    w.api.create(podNamed("solo", {}, { labels: { app: "web" } }));
    w.api.create(budget({ minAvailable: "50%" }));
    w.settle();
    expect(w.events("PodDisruptionBudget/web")[0]).toMatch(
      /^Warning UnmanagedPods Pods selected by this PodDisruptionBudget \(selector: &LabelSelector\{MatchLabels:map\[string\]string\{app: web,\},MatchExpressions:\[\]LabelSelectorRequirement\{\},\}\) were found to be unmanaged\./,
    );
    const owner = w.api.create(workload("DaemonSet", "ds", {}));
    const reference = {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      name: "ds",
      uid: owner.metadata.uid,
      controller: true,
    };
    w.api.create(podNamed("held", {}, { labels: { app: "web" }, ownerReferences: [reference] }));
    w.settle();
    expect(get(w).status?.conditions?.[0]).toMatchObject({
      status: "False",
      reason: "SyncFailed",
      message: "daemonsets.apps does not implement the scale subresource",
    });
  });

  test("nothing to guard", () => {
    const w = world({ only });
    w.api.create(budget({ minAvailable: 1 }, "none"));
    w.settle();
    expect(w.events("PodDisruptionBudget/none")).toEqual(["Normal NoPods No matching pods found"]);
    expect(get(w, "none").status).toMatchObject({ disruptionsAllowed: 0, expectedPods: 0 });
  });
});

describe("eviction", () => {
  test("what is allowed goes, and the next one waits for its replacement", () => {
    const w = withWeb(3, { minAvailable: 2 });
    const [first, second] = pods(w).map(({ metadata }) => metadata.name);
    evict(w, first ?? "");
    const refused = refusal(() => evict(w, second ?? ""));
    expect([refused.code, refused.message]).toEqual([
      429,
      "Cannot evict pod as it would violate the pod's disruption budget.",
    ]);
    w.settle();
    expect(refusal(() => evict(w, second ?? "")).details?.causes).toEqual([
      { reason: "DisruptionBudget", message: "The disruption budget web needs 2 healthy pods and has 2 currently" },
    ]);
    w.pass(5);
    expect(get(w).status).toMatchObject({ disruptionsAllowed: 1, currentHealthy: 3 });
    expect(get(w).status?.disruptedPods).toBeUndefined();
    evict(w, second ?? "");
  });

  test("two budgets on one pod", () => {
    const w = withWeb(2, { minAvailable: 1 });
    w.api.create(budget({ minAvailable: 1 }, "other"));
    w.settle();
    const refused = refusal(() => evict(w, pods(w)[0]?.metadata.name ?? ""));
    expect(refused.message).toBe(
      "Internal error occurred: This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    );
  });

  test("unhealthy pods: by default only while the others are enough, else always", () => {
    const w = withWeb(2, { minAvailable: 2 });
    const [sick] = pods(w);
    if (!sick) throw new Error("no pods");
    reportPod(w, sick, "Running", false);
    w.settle();
    expect(refusal(() => evict(w, sick.metadata.name)).code).toBe(429);
    w.api.modify<PodDisruptionBudget>(get(w), (pdb) => ({
      ...pdb,
      spec: { ...pdb.spec, unhealthyPodEvictionPolicy: "AlwaysAllow" },
    }));
    w.settle();
    evict(w, sick.metadata.name);
    w.pass(5);
    expect(pods(w).map(({ metadata }) => metadata.name)).not.toContain(sick.metadata.name);
  });

  test("a pod that was to go and stays is healthy again after two minutes", () => {
    const w = withWeb(2, { minAvailable: 1 });
    const name = pods(w)[0]?.metadata.name ?? "";
    w.api.modify<PodDisruptionBudget>(
      get(w),
      (pdb) => ({ ...pdb, status: { ...pdb.status, disruptedPods: { [name]: "2026-01-02T03:04:10Z" } } }),
      "status",
    );
    w.settle();
    expect(get(w).status).toMatchObject({ currentHealthy: 1, disruptionsAllowed: 0 });
    w.pass(130);
    expect(get(w).status).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 1 });
    expect(w.events(`Pod/${name}`)).toContain(
      "Warning NotDeleted Pod was expected by PDB default/default to be deleted but it wasn't",
    );
  });
});
