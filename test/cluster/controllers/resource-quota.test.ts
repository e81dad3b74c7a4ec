import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import type { ResourceQuota } from "../../../src/kinds/types/policy.ts";
import { configMapNamed, refusal } from "../apiserver/setup.ts";
import { podNamed, reportPod, type World, workload, world } from "./setup.ts";

const only = ["resourcequota-controller", "replicaset-controller"];
const inDefault = (apiVersion: string, kind: string, name: string, more: object): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: "default" },
  ...more,
});
const quota = (hard: Record<string, string>, more: object = {}, name = "q") =>
  inDefault("v1", "ResourceQuota", name, { spec: { hard, ...more } });
const used = (w: World, name = "q") => w.api.get<ResourceQuota>("resourcequotas", "default", name)?.status?.used;
const pod = (name: string, cpu?: string, more: object = {}): Pod =>
  podNamed(name, {
    containers: [
      { name: "a", image: "i", ...(cpu ? { resources: { requests: { cpu }, limits: { cpu, memory: "64Mi" } } } : {}) },
    ],
    ...more,
  });

function limited(hard: Record<string, string>, more: object = {}): World {
  const w = world({ only });
  w.api.create(quota(hard, more));
  w.settle();
  return w;
}

describe("what is used", () => {
  test("counts what is there, and keeps up", () => {
    const w = world({ only });
    w.api.create(pod("a", "500m"));
    w.api.create(configMapNamed("c"));
    w.api.create(
      quota({ pods: "5", "requests.cpu": "2", "limits.memory": "1Gi", "count/configmaps": "9", secrets: "1" }),
    );
    w.settle();
    const first = { pods: "1", "requests.cpu": "500m", "limits.memory": "64Mi", "count/configmaps": "1", secrets: "0" };
    expect(used(w)).toEqual(first);
    const second = w.api.create(pod("b", "1"));
    expect(used(w)).toEqual({ ...first, pods: "2", "requests.cpu": "1500m", "limits.memory": "128Mi" });
    reportPod(w, second, "Succeeded");
    w.settle();
    expect(used(w)).toEqual(first);
    w.api.delete(configMapNamed("c"));
    w.settle();
    expect(used(w)?.["count/configmaps"]).toBe("0");
  });

  test("a changed quota is counted anew; what is used beyond it stays", () => {
    const w = limited({ pods: "5" });
    for (const name of ["a", "b"]) w.api.create(pod(name));
    const q = w.api.get<ResourceQuota>("resourcequotas", "default", "q") as ResourceQuota;
    w.api.update({ ...q, spec: { hard: { pods: "1", services: "1" } } });
    w.settle();
    expect(w.api.get<ResourceQuota>("resourcequotas", "default", "q")?.status).toEqual({
      hard: { pods: "1", services: "1" },
      used: { pods: "2", services: "0" },
    });
  });

  test("objects of every kind, by group", () => {
    const w = limited({ "count/replicasets.apps": "1", "count/nonsense.example.com": "1" });
    w.api.create(workload("ReplicaSet", "web", { replicas: 0 }));
    expect(used(w)).toEqual({ "count/replicasets.apps": "1" });
    expect(refusal(() => w.api.create(workload("ReplicaSet", "two", { replicas: 0 }))).message).toBe(
      'replicasets.apps "two" is forbidden: exceeded quota: q, requested: count/replicasets.apps=1, used: count/replicasets.apps=1, limited: count/replicasets.apps=1',
    );
  });
});

describe("what is refused", () => {
  test("more than there is", () => {
    const w = limited({ "requests.cpu": "1", "limits.memory": "100Mi", pods: "5" });
    w.api.create(pod("a", "750m"));
    expect(refusal(() => w.api.create(pod("b", "500m"))).message).toBe(
      'pods "b" is forbidden: exceeded quota: q, requested: limits.memory=64Mi,requests.cpu=500m, used: limits.memory=64Mi,requests.cpu=750m, limited: limits.memory=100Mi,requests.cpu=1',
    );
    expect(used(w)?.pods).toBe("1");
  });

  test("pods that do not say what they need", () => {
    const w = limited({ cpu: "1", "limits.memory": "1Gi" });
    const two = {
      containers: [
        { name: "b", image: "i" },
        { name: "a", image: "i" },
      ],
    };
    expect(refusal(() => w.api.create(podNamed("p", two))).message).toBe(
      'pods "p" is forbidden: failed quota: q: must specify cpu for: a,b; limits.memory for: a,b',
    );
  });

  test("a controller's pods: it tells in an event and tries again", () => {
    const w = limited({ pods: "2" });
    w.api.create(workload("ReplicaSet", "web", { replicas: 3 }));
    w.pass(1);
    expect(used(w)).toEqual({ pods: "2" });
    expect(w.events("ReplicaSet/web").at(-1)).toMatch(
      /Error creating: pods "web-[a-z0-9]{5}" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2$/,
    );
  });

  test("services, and a change of one", () => {
    const w = limited({ services: "1", "services.nodeports": "0" });
    const service = w.api.create(inDefault("v1", "Service", "s", { spec: { ports: [{ port: 80 }] } }));
    expect(used(w)).toEqual({ services: "1", "services.nodeports": "0" });
    const asked = { ...service, spec: { ...(service.spec as object), type: "NodePort" } };
    expect(refusal(() => w.api.update(asked)).message).toBe(
      'services "s" is forbidden: exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=0, limited: services.nodeports=0',
    );
  });

  test("storage, in all and of a class", () => {
    const w = limited({ "requests.storage": "3Gi", "fast.storageclass.storage.k8s.io/requests.storage": "1Gi" });
    const claim = (name: string, storage: string, storageClassName: string) =>
      inDefault("v1", "PersistentVolumeClaim", name, {
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } }, storageClassName },
      });
    w.api.create(claim("a", "2Gi", "slow"));
    expect(refusal(() => w.api.create(claim("b", "2Gi", "fast"))).message).toBe(
      'persistentvolumeclaims "b" is forbidden: exceeded quota: q, requested: fast.storageclass.storage.k8s.io/requests.storage=2Gi,requests.storage=2Gi, used: fast.storageclass.storage.k8s.io/requests.storage=0,requests.storage=2Gi, limited: fast.storageclass.storage.k8s.io/requests.storage=1Gi,requests.storage=3Gi',
    );
  });

  test("nothing, before the quota has been counted", () => {
    const w = world({ only: [] });
    w.api.create(quota({ pods: "0" }));
    w.api.create(pod("a"));
    expect(used(w)).toBeUndefined();
  });
});

describe("scopes", () => {
  test.each([
    ["BestEffort", { scopes: ["BestEffort"] }, ["plain", "short"]],
    ["NotBestEffort", { scopes: ["NotBestEffort"] }, ["sized"]],
    ["Terminating", { scopes: ["Terminating"] }, ["short"]],
    ["NotTerminating", { scopes: ["NotTerminating"] }, ["plain", "sized"]],
    [
      "PriorityClass",
      { scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "In", values: ["high"] }] } },
      ["sized"],
    ],
  ])("%s", (_name, more, counted) => {
    const w = limited({ pods: "9" }, more);
    w.api.create({
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name: "high" },
      value: 10,
    } as KubeObject);
    w.api.create(pod("plain"));
    w.api.create(pod("short", undefined, { activeDeadlineSeconds: 10 }));
    w.api.create(pod("sized", "100m", { priorityClassName: "high" }));
    expect(used(w)).toEqual({ pods: String(counted.length) });
    w.pass(301);
    expect(used(w)).toEqual({ pods: String(counted.length) });
  });
});
