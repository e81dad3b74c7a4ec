import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { kinds } from "../../src/kinds/index.ts";
import { matchesLabels, matchesSelector, selectorText } from "../../src/kinds/label-selector.ts";
import { conditionOf, controllerOf, isPodReady, ownerReference } from "../../src/kinds/labels.ts";
import { podLimits, podRequests } from "../../src/kinds/pod-resources.ts";
import { podTemplateHash } from "../../src/kinds/template-hash.ts";
import type { Pod } from "../../src/kinds/types/pod.ts";
import { kindOf, sent } from "./tools.ts";

interface Listed {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: string[];
  readonly categories: string[];
  readonly verbs: string[];
  readonly subresources: unknown[];
}

test("discovery says of our kinds what a 1.35 server says, in its order", () => {
  const path = new URL("../corpus/resources.json", import.meta.url);
  const listed = JSON.parse(readFileSync(path, "utf8")) as Listed[];
  const keys = new Set(kinds.map(({ group, version, plural }) => `${group}/${version}/${plural}`));
  const all = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
  const ours = kinds.map((kind) => ({
    group: kind.group,
    version: kind.version,
    resource: kind.plural,
    kind: kind.kind,
    namespaced: kind.namespaced,
    shortNames: kind.short ?? [],
    categories: kind.categories ?? [],
    verbs: kind.verbs ?? all,
    subresources: kind.subresources ?? [],
  }));
  const theirs = listed
    .filter(({ group, version, resource }) => keys.has(`${group}/${version}/${resource}`))
    .map(({ group, version, resource, kind, namespaced, shortNames, categories, verbs, subresources }) => ({
      group,
      version,
      resource,
      kind,
      namespaced,
      shortNames,
      categories,
      verbs,
      subresources,
    }));
  expect(ours).toEqual(theirs);
});

describe("graceful deletion of pods", () => {
  const grace = (spec: object, status: object | undefined, asked?: number) =>
    kindOf("pods").graceSeconds?.(sent("pods", { spec, status }), asked);

  test.each([
    ["what it says", { nodeName: "n", terminationGracePeriodSeconds: 7 }, undefined, undefined, 7],
    ["what was asked", { nodeName: "n", terminationGracePeriodSeconds: 7 }, undefined, 3, 3],
    ["at once", { nodeName: "n", terminationGracePeriodSeconds: 7 }, undefined, 0, 0],
    ["not scheduled", { terminationGracePeriodSeconds: 7 }, undefined, undefined, 0],
    ["ended", { nodeName: "n", terminationGracePeriodSeconds: 7 }, { phase: "Failed" }, undefined, 0],
    ["below zero", { nodeName: "n", terminationGracePeriodSeconds: -5 }, undefined, undefined, 1],
  ])("%s", (_name, spec, status, asked, seconds) => {
    expect(grace(spec, status, asked)).toBe(seconds);
  });
});

describe("rollout status", () => {
  const deployment = (status: object, spec: object = { replicas: 3 }, generation = 2) => {
    const object = sent("deployments", { spec, status }, "web");
    object.metadata.generation = generation;
    object.metadata.annotations = { "deployment.kubernetes.io/revision": "4" };
    return kindOf("deployments").rollout?.status(object);
  };
  const line = (text: string) => ({ text: `Waiting for deployment "web" rollout to finish: ${text}...`, done: false });

  test("of a deployment", () => {
    expect(deployment({ observedGeneration: 1 })).toEqual({
      text: "Waiting for deployment spec update to be observed...",
      done: false,
    });
    expect(deployment({ observedGeneration: 2, updatedReplicas: 1 })).toEqual(
      line("1 out of 3 new replicas have been updated"),
    );
    expect(deployment({ observedGeneration: 2, updatedReplicas: 3, replicas: 4 })).toEqual(
      line("1 old replicas are pending termination"),
    );
    expect(deployment({ observedGeneration: 2, updatedReplicas: 3, replicas: 3, availableReplicas: 2 })).toEqual(
      line("2 of 3 updated replicas are available"),
    );
    expect(deployment({ observedGeneration: 2, updatedReplicas: 3, replicas: 3, availableReplicas: 3 })).toEqual({
      text: 'deployment "web" successfully rolled out',
      done: true,
    });
    const late = {
      observedGeneration: 2,
      conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }],
    };
    expect(() => deployment(late)).toThrow('deployment "web" exceeded its progress deadline');
  });

  test("of another revision", () => {
    const object = sent("deployments", { spec: {} }, "web");
    object.metadata.annotations = { "deployment.kubernetes.io/revision": "4" };
    expect(() => kindOf("deployments").rollout?.status(object, 3)).toThrow(
      "desired revision (3) is different from the running revision (4)",
    );
  });

  test("of a daemon set", () => {
    const status = (fields: object, type = "RollingUpdate") => {
      const object = sent("daemonsets", { spec: { updateStrategy: { type } }, status: fields }, "agent");
      object.metadata.generation = 1;
      return kindOf("daemonsets").rollout?.status(object);
    };
    const seen = { observedGeneration: 1, desiredNumberScheduled: 3 };
    const waiting = (text: string) => ({
      text: `Waiting for daemon set "agent" rollout to finish: ${text}...`,
      done: false,
    });
    expect(status({})).toMatchObject({ text: "Waiting for daemon set spec update to be observed..." });
    expect(status({ ...seen, updatedNumberScheduled: 1 })).toEqual(waiting("1 out of 3 new pods have been updated"));
    expect(status({ ...seen, updatedNumberScheduled: 3, numberAvailable: 2 })).toEqual(
      waiting("2 of 3 updated pods are available"),
    );
    expect(status({ ...seen, updatedNumberScheduled: 3, numberAvailable: 3 })).toEqual({
      text: 'daemon set "agent" successfully rolled out',
      done: true,
    });
    expect(() => status({}, "OnDelete")).toThrow("rollout status is only available for RollingUpdate strategy type");
  });
});

describe("what a pod asks for", () => {
  const container = (cpu: string, memory = "0", more: object = {}) => ({
    name: "a",
    resources: { requests: { cpu, memory }, limits: { cpu } },
    ...more,
  });
  const requests = (spec: object) => podRequests(sent("pods", { spec }) as Pod);

  test.each([
    [
      "containers together",
      { containers: [container("100m", "64Mi"), container("0.5", "1Gi")] },
      { cpu: 600, memory: 1140850688 },
    ],
    [
      "the largest init container",
      { containers: [container("100m")], initContainers: [container("2"), container("1")] },
      { cpu: 2000, memory: 0 },
    ],
    [
      "sidecars beside containers",
      { containers: [container("100m")], initContainers: [container("1", "0", { restartPolicy: "Always" })] },
      { cpu: 1100, memory: 0 },
    ],
    [
      "sidecars beside later init containers",
      {
        containers: [container("100m")],
        initContainers: [container("1", "0", { restartPolicy: "Always" }), container("3")],
      },
      { cpu: 4000, memory: 0 },
    ],
    ["overhead", { containers: [container("100m")], overhead: { cpu: "250m" } }, { cpu: 350, memory: 0 }],
  ])("%s", (_name, spec, amounts) => {
    expect(requests(spec)).toEqual(amounts);
  });

  test("limits", () => {
    expect(podLimits(sent("pods", { spec: { containers: [container("1"), container("500m")] } }) as Pod)).toEqual({
      cpu: 1500,
    });
  });
});

test("selectors", () => {
  const selector = {
    matchLabels: { app: "web" },
    matchExpressions: [
      { key: "tier", operator: "NotIn" as const, values: ["db"] },
      { key: "gone", operator: "DoesNotExist" as const },
    ],
  };
  expect(matchesSelector(selector, { app: "web" })).toBe(true);
  expect(matchesSelector(selector, { app: "web", tier: "db" })).toBe(false);
  expect(matchesSelector(selector, { app: "web", gone: "" })).toBe(false);
  expect(matchesSelector(selector, undefined)).toBe(false);
  expect(matchesSelector({}, {})).toBe(true);
  expect(matchesSelector(undefined, {})).toBe(false);
  expect(matchesLabels({}, { a: "b" })).toBe(false);
  expect(matchesLabels({ a: "b" }, { a: "b", c: "d" })).toBe(true);
  expect(selectorText(selector)).toBe("app=web,!gone,tier notin (db)");
});

test("owners and conditions", () => {
  const owner = sent("replicasets", {}, "rs");
  owner.metadata.uid = "u1";
  const pod = sent("pods", { status: { conditions: [{ type: "Ready", status: "True" }] } }) as Pod;
  pod.metadata.ownerReferences = [ownerReference(owner, kindOf("replicasets"))];
  expect(controllerOf(pod)).toEqual({
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    name: "rs",
    uid: "u1",
    controller: true,
    blockOwnerDeletion: true,
  });
  expect(isPodReady(pod)).toBe(true);
  expect(conditionOf(pod, "Initialized")).toBeUndefined();
});

test("hashes of templates", () => {
  const template = (image: string, more: object = {}) => ({
    metadata: { labels: { b: "2", a: "1" } },
    spec: { containers: [{ name: "a", image, ...more }] },
  });
  const hash = podTemplateHash(template("nginx:1"));
  expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
  expect(podTemplateHash({ spec: template("nginx:1").spec, metadata: { labels: { a: "1", b: "2" } } })).toBe(hash);
  expect(podTemplateHash(template("nginx:1", { env: [] }))).toBe(hash);
  expect(podTemplateHash(template("nginx:2"))).not.toBe(hash);
  expect(podTemplateHash(template("nginx:1"), 0)).not.toBe(hash);
});

test("what may be selected by field", () => {
  const pod = sent("pods", {
    spec: { nodeName: "w1", hostNetwork: true },
    status: { phase: "Running", podIPs: [{ ip: "10.0.0.1" }] },
  });
  expect(kindOf("pods").selectable?.(pod)).toEqual({
    "spec.nodeName": "w1",
    "spec.restartPolicy": "",
    "spec.schedulerName": "",
    "spec.serviceAccountName": "",
    "spec.hostNetwork": "true",
    "status.phase": "Running",
    "status.podIP": "10.0.0.1",
    "status.nominatedNodeName": "",
  });
});

test("where things stand", () => {
  const template = {
    spec: {
      containers: [
        {
          name: "a",
          ports: [
            { name: "web", containerPort: 80 },
            { containerPort: 53, protocol: "UDP" },
          ],
        },
      ],
    },
  };
  const deployment = sent("deployments", { spec: { selector: { matchLabels: { app: "x" } }, template } });
  const kind = kindOf("deployments");
  expect(kind.replicasAt).toBe("spec.replicas");
  expect(kind.templateAt).toBe("spec.template");
  expect(kind.templateOf?.(deployment)).toBe(deployment.spec && (deployment.spec as { template: unknown }).template);
  expect(kind.podsOf?.(deployment)).toBe("app=x");
  expect(kind.portsOf?.(deployment)).toEqual([
    { name: "web", port: 80, protocol: "TCP" },
    { port: 53, protocol: "UDP" },
  ]);
  expect(kindOf("services").podsOf?.(sent("services", { spec: {} }))).toBeUndefined();
});
