import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { controllerOf, isPodReady } from "../../../src/kinds/labels.ts";
import type { KubeObject, OwnerReference } from "../../../src/kinds/types/meta.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import type { Deployment } from "../../../src/kinds/types/workload.ts";
import { addNode, names, playKubelets, reportPod, template, type World, workload, world } from "./setup.ts";

interface Plan {
  readonly web: number;
  readonly surge: number | string;
  readonly sts: number;
  readonly parallel: boolean;
  readonly completions: number;
  readonly parallelism: number;
  /** Seconds between what is done. */
  readonly pause: number;
}

const plans = fc.record({
  web: fc.integer({ min: 0, max: 4 }),
  surge: fc.constantFrom<number | string>(0, 1, "25%", "100%"),
  sts: fc.integer({ min: 0, max: 3 }),
  parallel: fc.boolean(),
  completions: fc.integer({ min: 1, max: 4 }),
  parallelism: fc.integer({ min: 1, max: 3 }),
  pause: fc.integer({ min: 0, max: 4 }),
});

/** A cluster in which workloads of all kinds come, change, grow and go, until nothing more happens. */
function lived({ web, surge, sts, parallel, completions, parallelism, pause }: Plan, order?: number): World {
  const w = world({ scheduler: true, ...(order === undefined ? {} : { order }) });
  for (const name of ["n1", "n2"]) addNode(w, name);
  playKubelets(w, 1);
  w.api.watch<Pod>("pods", ({ object, type }) => {
    if (type !== "ADDED" || controllerOf(object)?.kind !== "Job") return;
    w.clock.after(3, () => {
      const pod = w.api.get<Pod>("pods", object.metadata.namespace, object.metadata.name);
      if (pod) reportPod(w, pod, "Succeeded");
    });
  });
  const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: surge, maxUnavailable: surge === 0 ? 1 : 0 } };
  w.api.create(workload("Deployment", "web", { replicas: web, strategy }));
  const order_ = { podManagementPolicy: parallel ? "Parallel" : "OrderedReady" };
  w.api.create(workload("StatefulSet", "sts", { replicas: sts, serviceName: "sts", ...order_ }));
  w.api.create(workload("DaemonSet", "ds", {}));
  w.pass(pause);
  const pods = { ...template({ job: "sum" }), spec: { ...template({}).spec, restartPolicy: "Never" } };
  const spec = { completions, parallelism, template: pods };
  w.api.create({ apiVersion: "batch/v1", kind: "Job", metadata: { name: "sum", namespace: "default" }, spec });
  const selector = { app: "web" };
  const service = { apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: "default" } };
  w.api.create({ ...service, spec: { selector, ports: [{ port: 80 }] } });
  const budget = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: service.metadata };
  w.api.create({ ...budget, spec: { maxUnavailable: 1, selector: { matchLabels: selector } } });
  w.pass(pause);
  const now = w.api.get<Deployment>("deployments.apps", "default", "web") as Deployment;
  w.api.update({ ...now, spec: { ...now.spec, template: template({ app: "web" }, "nginx:1.28") as never } });
  w.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "short" } });
  w.pass(pause);
  w.api.delete(w.api.get("namespaces", undefined, "short") as KubeObject);
  w.pass(90);
  return w;
}

/** Everything but events, as text. */
function everything({ store }: World): string[] {
  return store
    .resourceNames()
    .filter((resource) => !resource.startsWith("events"))
    .flatMap((resource) => store.list(resource).map((object) => `${resource} ${JSON.stringify(object)}`));
}

/** What does not hang on chance: no names that are drawn, no times, no addresses, no versions. */
function outline({ api, store }: World): string[] {
  const lines: string[] = [];
  for (const resource of store.resourceNames()) {
    if (resource.startsWith("events") || resource.startsWith("nodes")) continue;
    for (const object of store.list(resource)) lines.push(`${resource} ${outlineOf(object)}`);
  }
  for (const pod of api.list<Pod>("pods"))
    lines.push(`ready ${controllerOf(pod)?.name} ${pod.status?.phase} ${isPodReady(pod)}`);
  return lines.sort();
}

const drawn =
  /^(uid|resourceVersion|.*Time(stamp)?|podIPs?|hostIPs?|ip|addresses|nodeName|clusterIPs?|collisionCount|managedFields|annotations|generation|observedGeneration|targetRef|ownerReferences|endpoints|subsets|values)$/;

function outlineOf({ metadata, ...rest }: KubeObject): string {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  const name = owner && metadata.generateName ? `${metadata.generateName}*` : metadata.name;
  const { spec: _spec, data: _data, ...told } = rest as { spec?: unknown; data?: unknown };
  return `${metadata.namespace}/${name} ${JSON.stringify(told, (key, value) => (drawn.test(key) ? undefined : value))}`;
}

describe("whatever a cluster has lived through", () => {
  test("looking at everything once more changes nothing", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const w = lived(plan);
        const before = everything(w);
        w.restart();
        w.pass(30);
        expect(everything(w)).toEqual(before);
      }),
      { numRuns: 6 },
    );
  });

  test("the order in which the controllers take their turns does not show in where it comes to rest", () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: 1, max: 10_000 }), (plan, seed) => {
        expect(outline(lived(plan, seed))).toEqual(outline(lived(plan)));
      }),
      { numRuns: 6 },
    );
  });
});

interface Graph {
  readonly size: number;
  readonly edges: readonly {
    readonly owner: number;
    readonly of: number;
    readonly blocks: boolean;
    readonly controls: boolean;
  }[];
}

const graphs: fc.Arbitrary<Graph> = fc.integer({ min: 2, max: 6 }).chain((size) => {
  const place = fc.nat(size - 1);
  const edge = fc.record({ owner: place, of: place, blocks: fc.boolean(), controls: fc.boolean() });
  return fc.record({ size: fc.constant(size), edges: fc.array(edge, { maxLength: 10 }) });
});

/** Its owners by number, each once and never itself. */
function ownersIn({ size, edges }: Graph): Map<number, { owner: number; blocks: boolean; controls: boolean }>[] {
  const owners = Array.from(
    { length: size },
    () => new Map<number, { owner: number; blocks: boolean; controls: boolean }>(),
  );
  for (const { owner, of, blocks, controls } of edges) {
    const mine = owners[of];
    if (!mine || owner === of || mine.has(owner)) continue;
    const taken = [...mine.values()].some((other) => other.controls);
    mine.set(owner, { owner, blocks, controls: controls && !taken });
  }
  return owners;
}

/** What the garbage collector's documentation says is left (concepts/architecture/garbage-collection, 1.35). */
function leftAfter(graph: Graph, policy: string): string[] {
  const owners = ownersIn(graph);
  const gone = new Set([0]);
  for (let changed = policy !== "Orphan"; changed; ) {
    changed = false;
    owners.forEach((mine, i) => {
      if (gone.has(i) || mine.size === 0 || ![...mine.keys()].every((owner) => gone.has(owner))) return;
      gone.add(i);
      changed = true;
    });
  }
  return owners.map((_, i) => `c${i}`).filter((_, i) => !gone.has(i));
}

function built(graph: Graph): World {
  const w = world({ only: ["garbage-collector-controller"] });
  const metadata = (i: number) => ({ name: `c${i}`, namespace: "default" });
  const all = ownersIn(graph).map((_, i) =>
    w.api.create({ apiVersion: "v1", kind: "ConfigMap", metadata: metadata(i) }),
  );
  ownersIn(graph).forEach((mine, i) => {
    const ownerReferences = [...mine.values()].map(({ owner, blocks, controls }): OwnerReference => {
      const { name = "", uid = "" }: Partial<KubeObject["metadata"]> = all[owner]?.metadata ?? {};
      return {
        apiVersion: "v1",
        kind: "ConfigMap",
        name,
        uid,
        ...(controls ? { controller: true } : {}),
        blockOwnerDeletion: blocks,
      };
    });
    if (ownerReferences.length > 0)
      w.api.modify(all[i] as KubeObject, (now) => ({ ...now, metadata: { ...now.metadata, ownerReferences } }));
  });
  w.settle();
  return w;
}

test.each(["Background", "Foreground", "Orphan"] as const)(
  "any web of owners, one deleted with %s",
  (propagationPolicy) => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const w = built(graph);
        w.api.delete(w.api.get("configmaps", "default", "c0") as KubeObject, { propagationPolicy });
        w.pass(5);
        expect(names(w.api.list("configmaps", "default"))).toEqual(leftAfter(graph, propagationPolicy));
        for (const { metadata } of w.api.list("configmaps", "default"))
          expect(metadata.ownerReferences?.map(({ name }) => name) ?? []).not.toContain("c0");
      }),
      { numRuns: 60 },
    );
  },
);
