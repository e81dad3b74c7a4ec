import { describe, expect, test } from "vitest";
import { conditionOf } from "../../../src/kinds/labels.ts";
import { Status } from "../../../src/kinds/status.ts";
import type { ResourceClaim } from "../../../src/kinds/types/devices.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import { podNamed, reportPod, type World, world } from "../controllers/setup.ts";
import { addPlainNode } from "../scheduler/setup.ts";

const CLAIMS = "resourceclaims.resource.k8s.io";
const DRIVER = "gpu.example.com";

function lab(): World {
  const w = world({ only: ["resourceclaim-controller", "garbage-collector-controller"], scheduler: true });
  for (const name of ["a", "b"]) addPlainNode(w, name, { labels: { zone: name } });
  return w;
}

const make = (w: World, kind: string, name: string, spec: object) =>
  w.api.create({
    apiVersion: "resource.k8s.io/v1",
    kind,
    metadata: { name, ...(kind.startsWith("ResourceClaim") ? { namespace: "default" } : {}) },
    spec,
  } as KubeObject);

function deviceClass(w: World, expression = `device.driver == "${DRIVER}"`, more: object = {}): void {
  make(w, "DeviceClass", "gpu", { selectors: [{ cel: { expression } }], ...more });
}

/** Cards of a node, numbered, with a model each. */
function cards(w: World, node: string, ...models: readonly string[]): void {
  const devices = models.map((model, index) => ({
    name: `card-${index}`,
    attributes: { model: { string: model }, index: { int: index } },
    capacity: { memory: { value: `${8 * (index + 1)}Gi` } },
  }));
  const pool = { name: node, generation: 1, resourceSliceCount: 1 };
  make(w, "ResourceSlice", `${node}-cards`, { driver: DRIVER, nodeName: node, pool, devices });
}

const asking = (more: object = {}) => ({
  devices: { requests: [{ name: "gpu", exactly: { deviceClassName: "gpu", ...more } }] },
});
const claiming = (resourceClaimName: string) => ({ resourceClaims: [{ name: "gpu", resourceClaimName }] });
const templated = (name: string) => ({ resourceClaims: [{ name: "gpu", resourceClaimTemplateName: name }] });
const pod = (w: World, name: string) => w.api.get<Pod>("pods", "default", name) as Pod;
const claim = (w: World, name: string) => w.api.get<ResourceClaim>(CLAIMS, "default", name) as ResourceClaim;
const devices = (w: World, name: string) =>
  claim(w, name).status?.allocation?.devices?.results?.map((one) => `${one.request} ${one.pool}/${one.device}`);

function add(w: World, name: string, spec: object): void {
  w.api.create(podNamed(name, spec as Record<string, unknown>));
  w.settle();
  w.pass(2);
}

function outcome(w: World, name: string): string {
  const now = pod(w, name);
  return now.spec.nodeName ?? conditionOf(now, "PodScheduled")?.message ?? "not tried";
}

const NOWHERE =
  "still not schedulable, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.";

describe("a pod that claims devices", () => {
  test("is not tried while its claim is not there, and is once it is", () => {
    const w = lab();
    deviceClass(w);
    cards(w, "b", "x");
    add(w, "p", claiming("one"));
    expect(outcome(w, "p")).toBe("not tried");
    make(w, "ResourceClaim", "one", asking());
    w.pass(2);
    expect(outcome(w, "p")).toBe("b");
  });

  test("waits where no node has such devices, in the scheduler's words, until a driver brings them", () => {
    const w = lab();
    deviceClass(w);
    make(w, "ResourceClaim", "one", asking());
    add(w, "p", claiming("one"));
    expect(outcome(w, "p")).toBe(`0/2 nodes are available: 2 cannot allocate all claims. ${NOWHERE}`);
    expect(conditionOf(pod(w, "p"), "PodScheduled")?.reason).toBe("Unschedulable");
    cards(w, "a", "x");
    w.pass(15);
    expect(outcome(w, "p")).toBe("a");
  });

  test("waits for a class that is not there", () => {
    const w = lab();
    make(w, "ResourceClaim", "one", asking());
    add(w, "p", claiming("one"));
    expect(outcome(w, "p")).toMatch(/^0\/2 nodes are available: request gpu: device class gpu does not exist\. /);
    cards(w, "a", "x");
    deviceClass(w);
    w.pass(15);
    expect(outcome(w, "p")).toBe("a");
  });

  test("has its devices in the claim, with the node and the class's settings", () => {
    const w = lab();
    const opaque = { driver: DRIVER, parameters: { fast: true } };
    deviceClass(w, "true", { config: [{ opaque }] });
    cards(w, "b", "x");
    make(w, "ResourceClaim", "one", asking());
    add(w, "p", claiming("one"));
    const { metadata, status } = claim(w, "one");
    expect(metadata.finalizers).toEqual(["resource.kubernetes.io/delete-protection"]);
    expect(status).toEqual({
      allocation: {
        devices: {
          results: [{ request: "gpu", driver: DRIVER, pool: "b", device: "card-0" }],
          config: [{ source: "FromClass", requests: ["gpu"], opaque }],
        },
        nodeSelector: {
          nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["b"] }] }],
        },
      },
      reservedFor: [{ resource: "pods", name: "p", uid: pod(w, "p").metadata.uid }],
    });
  });

  const choices: readonly { what: string; request: object; gets: readonly string[] | undefined }[] = [
    { what: "one", request: {}, gets: ["gpu a/card-0"] },
    { what: "two of a node", request: { count: 2 }, gets: ["gpu a/card-0", "gpu a/card-1"] },
    { what: "more than there are", request: { count: 4 }, gets: undefined },
    { what: "all", request: { allocationMode: "All" }, gets: ["gpu a/card-0", "gpu a/card-1", "gpu a/card-2"] },
    { what: "by attribute", request: { selectors: [cel(`["${DRIVER}"].model == "y"`)] }, gets: ["gpu a/card-1"] },
    { what: "by number", request: { selectors: [cel(`["${DRIVER}"].index >= 2`)] }, gets: ["gpu a/card-2"] },
    { what: "of a strange domain", request: { selectors: [cel('["other.com"].exists(k, true)')] }, gets: undefined },
    { what: "by memory", request: { selectors: [memory("20Gi")] }, gets: ["gpu a/card-2"] },
  ];
  for (const { what, request, gets } of choices)
    test(`chooses devices: ${what}`, () => {
      const w = lab();
      deviceClass(w);
      cards(w, "a", "x", "y", "y");
      make(w, "ResourceClaim", "one", asking(request));
      add(w, "p", claiming("one"));
      expect(devices(w, "one")).toEqual(gets);
    });

  test("gets devices that are alike, and the first alternative that can be had", () => {
    const w = lab();
    deviceClass(w);
    cards(w, "a", "x", "y", "y");
    const firstAvailable = [
      { name: "many", deviceClassName: "gpu", count: 3 },
      { name: "few", deviceClassName: "gpu", count: 2 },
    ];
    make(w, "ResourceClaim", "one", {
      devices: {
        requests: [{ name: "gpu", firstAvailable }],
        constraints: [{ matchAttribute: `${DRIVER}/model` }],
      },
    });
    add(w, "p", claiming("one"));
    expect(devices(w, "one")).toEqual(["gpu/few a/card-1", "gpu/few a/card-2"]);
  });

  test("shares a claim, waits for devices that another has, and gets them when they are free", () => {
    const w = lab();
    deviceClass(w);
    cards(w, "a", "x");
    make(w, "ResourceClaim", "one", asking());
    make(w, "ResourceClaim", "two", asking());
    for (const [name, of] of [
      ["p", "one"],
      ["q", "one"],
      ["r", "two"],
    ] as const)
      add(w, name, claiming(of));
    expect(["p", "q"].map((name) => outcome(w, name))).toEqual(["a", "a"]);
    expect(claim(w, "one").status?.reservedFor).toHaveLength(2);
    expect(outcome(w, "r")).toContain("2 cannot allocate all claims");
    for (const name of ["p", "q"]) reportPod(w, pod(w, name), "Succeeded");
    w.pass(15);
    expect(claim(w, "one").status).toEqual({});
    expect(claim(w, "one").metadata.finalizers).toBeUndefined();
    expect(outcome(w, "r")).toBe("a");
  });

  test("an expression that fails is the scheduler's error", () => {
    const w = lab();
    deviceClass(w);
    cards(w, "a", "x");
    make(w, "ResourceClaim", "one", asking({ selectors: [cel(`["${DRIVER}"].colour == "red"`)] }));
    add(w, "p", claiming("one"));
    expect(conditionOf(pod(w, "p"), "PodScheduled")).toMatchObject({
      reason: "SchedulerError",
      message:
        'running "DynamicResources" filter plugin: claim default/one: selector #0: CEL runtime error: no such key: colour',
    });
  });
});

describe("claims from templates", () => {
  test("each pod has one of its own, which goes with it", () => {
    const w = lab();
    deviceClass(w);
    cards(w, "a", "x", "y");
    make(w, "ResourceClaimTemplate", "each", { metadata: { labels: { made: "so" } }, spec: asking() });
    for (const name of ["p", "q"]) add(w, name, templated("each"));
    const [own] = pod(w, "p").status?.resourceClaimStatuses ?? [];
    expect(own).toEqual({ name: "gpu", resourceClaimName: expect.stringMatching(/^p-gpu-[a-z0-9]{5}$/) });
    const { metadata } = claim(w, own?.resourceClaimName ?? "");
    expect(metadata).toMatchObject({
      labels: { made: "so" },
      annotations: { "resource.kubernetes.io/pod-claim-name": "gpu" },
      ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "p", controller: true, blockOwnerDeletion: true }],
    });
    expect(["p", "q"].map((name) => outcome(w, name))).toEqual(["a", "a"]);
    w.api.delete(pod(w, "p"), { gracePeriodSeconds: 0 });
    w.pass(30);
    expect(w.api.list<ResourceClaim>(CLAIMS, "default").map((one) => one.metadata.generateName)).toEqual(["q-gpu-"]);
  });

  test("a claim is made anew when it was deleted, and goes when its pod is done", () => {
    const w = lab();
    make(w, "ResourceClaimTemplate", "each", { spec: asking() });
    add(w, "p", templated("each"));
    const first = pod(w, "p").status?.resourceClaimStatuses?.[0]?.resourceClaimName ?? "";
    w.api.delete(claim(w, first));
    w.pass(2);
    const second = pod(w, "p").status?.resourceClaimStatuses?.[0]?.resourceClaimName ?? "";
    expect(second).toMatch(/^p-gpu-/);
    expect(second).not.toBe(first);
    reportPod(w, pod(w, "p"), "Succeeded");
    w.pass(2);
    expect(w.api.list(CLAIMS, "default")).toEqual([]);
  });

  test("without the template the pod says so", () => {
    const w = lab();
    add(w, "p", templated("none"));
    expect(w.events("Pod/p").join("\n")).toContain(
      'FailedResourceClaimCreation PodResourceClaim gpu: resource claim template "none": resourceclaimtemplate.resource.k8s.io "none" not found',
    );
    expect(outcome(w, "p")).toBe("not tried");
  });
});

describe("the server refuses", () => {
  const refusals: readonly { what: string; make: (w: World) => unknown; says: string }[] = [
    {
      what: "an expression that does not parse",
      make: (w) => deviceClass(w, "device.driver =="),
      says: 'DeviceClass.resource.k8s.io "gpu" is invalid: spec.selectors[0].cel.expression: Invalid value: "device.driver ==": compilation failed: ERROR: <input>:1:17: Syntax error: mismatched input',
    },
    {
      what: "an expression that is no condition",
      make: (w) => deviceClass(w, "device.driver"),
      says: 'DeviceClass.resource.k8s.io "gpu" is invalid: spec.selectors[0].cel.expression: Invalid value: "device.driver": must evaluate to bool or the unknown type, not string',
    },
    {
      what: "a field that no device has",
      make: (w) => deviceClass(w, "device.name == 'x'"),
      says: "undefined field 'name'",
    },
    {
      what: "a claim without a source",
      make: (w) => w.api.create(podNamed("p", { resourceClaims: [{ name: "gpu" }] })),
      says: 'Pod "p" is invalid: spec.resourceClaims[0]: Invalid value: {"Name":"gpu","ResourceClaimName":null,"ResourceClaimTemplateName":null}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`',
    },
    {
      what: "a container that uses a claim which the pod has not",
      make: (w) =>
        w.api.create(
          podNamed("p", { containers: [{ name: "c", image: "nginx", resources: { claims: [{ name: "gpu" }] } }] }),
        ),
      says: 'Pod "p" is invalid: spec.containers[0].resources.claims[0]: Not found: "gpu": must be one of the names in pod.spec.resourceClaims which is empty',
    },
  ];
  for (const { what, make: attempt, says } of refusals)
    test(what, () => {
      const w = lab();
      let said = "";
      try {
        attempt(w);
      } catch (error) {
        if (!(error instanceof Status)) throw error;
        said = error.message;
      }
      expect(said).toContain(says);
    });
});

function cel(rest: string): object {
  return { cel: { expression: `device.attributes${rest}` } };
}

function memory(least: string): object {
  const expression = `device.capacity["${DRIVER}"].memory.compareTo(quantity("${least}")) >= 0`;
  return { cel: { expression } };
}
