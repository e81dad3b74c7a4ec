import { describe, expect, test } from "vitest";
import type { ApiService } from "../../../src/kinds/types/aggregation.ts";
import type { ConfigMap, Namespace } from "../../../src/kinds/types/core.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import { names, podNamed, type World, workload, world } from "./setup.ts";

const make = (w: World, name: string) =>
  w.api.create<Namespace>({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
const get = (w: World, name: string) => w.api.get<Namespace>("namespaces", undefined, name);

describe("namespaces", () => {
  test("every namespace gets its service account and the cluster's authority, and keeps them", () => {
    const w = world();
    make(w, "team");
    w.settle();
    const account = w.api.get("serviceaccounts", "team", "default") as KubeObject;
    const authority = () => w.api.get<ConfigMap>("configmaps", "team", "kube-root-ca.crt");
    expect(account).toBeDefined();
    expect(authority()?.data).toEqual({ "ca.crt": "-----BEGIN CERTIFICATE-----\n" });
    expect(authority()?.metadata.annotations?.["kubernetes.io/description"]).toMatch(/^Contains a CA bundle/);
    w.api.delete(account);
    w.api.modify<ConfigMap>(authority() as ConfigMap, (now) => ({ ...now, data: { "ca.crt": "forged" } }));
    w.settle();
    expect(w.api.get("serviceaccounts", "team", "default")?.metadata.uid).not.toBe(account.metadata.uid);
    expect(authority()?.data).toEqual({ "ca.crt": "-----BEGIN CERTIFICATE-----\n" });
    w.api.delete(authority() as ConfigMap);
    w.settle();
    expect(authority()).toBeDefined();
  });

  test("a deleted namespace is emptied and goes", () => {
    const w = world();
    make(w, "team");
    w.settle();
    for (const object of [workload("Deployment", "web", { replicas: 2 }), podNamed("lone")])
      w.api.create({ ...object, metadata: { ...object.metadata, namespace: "team" } });
    w.pass(1);
    w.api.delete(get(w, "team") as Namespace);
    expect(get(w, "team")?.status?.phase).toBe("Terminating");
    w.pass(4);
    expect(w.api.list("pods", "team")).toHaveLength(3);
    w.pass(6);
    expect(get(w, "team")).toBeUndefined();
    for (const kind of w.api.kinds())
      if (kind.namespaced && !kind.storedAs && kind.verbs?.includes("list") !== false && kind.plural !== "events")
        expect(w.api.list(kind.group ? `${kind.plural}.${kind.group}` : kind.plural, "team")).toEqual([]);
  });

  test("pods go before the rest, and a finalizer holds the namespace, which says so", () => {
    const w = world();
    make(w, "team");
    w.settle();
    const at = { namespace: "team" };
    w.api.create({ ...podNamed("slow"), metadata: { name: "slow", ...at } });
    w.api.createAt("pods", "team", "slow", "binding", { target: { kind: "Node", name: "w1" } });
    w.api.create({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "held", ...at, finalizers: ["example.com/hold"] },
    });
    w.api.create({ apiVersion: "v1", kind: "Secret", metadata: { name: "plain", ...at } });
    w.api.delete(get(w, "team") as Namespace);
    w.pass(6);
    const condition = (type: string) => get(w, "team")?.status?.conditions?.find((c) => c.type === type);
    expect(condition("NamespaceContentRemaining")).toMatchObject({
      status: "True",
      reason: "SomeResourcesRemain",
      message: "Some resources are remaining: pods. has 1 resource instances",
    });
    expect(names(w.api.list("secrets", "team"))).toEqual(["plain"]);
    w.api.delete(w.api.get("pods", "team", "slow") as KubeObject, { gracePeriodSeconds: 0 });
    w.pass(30);
    expect(w.api.list("secrets", "team")).toEqual([]);
    expect(condition("NamespaceFinalizersRemaining")).toMatchObject({
      status: "True",
      reason: "SomeFinalizersRemain",
      message: "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
    });
    expect(condition("NamespaceDeletionContentFailure")).toMatchObject({ status: "False", reason: "ContentDeleted" });
    const held = w.api.get("configmaps", "team", "held") as KubeObject;
    w.api.modify(held, ({ metadata: { finalizers: _, ...metadata }, ...o }) => ({ ...o, metadata }) as KubeObject);
    w.pass(10);
    expect(get(w, "team")).toBeUndefined();
  });

  test.each([
    [["v1beta1.metrics.k8s.io"], "1 failing", "metrics.k8s.io/v1beta1"],
    [["v1.a.example.com", "v1beta1.metrics.k8s.io"], "2 failing", "a.example.com/v1 metrics.k8s.io/v1beta1"],
  ])(
    "an aggregated API that does not answer holds every namespace (recorded, 1.31): %j",
    (services, count, versions) => {
      const w = world();
      make(w, "team");
      for (const name of services) {
        const [version = "", ...group] = name.split(".");
        const spec = { group: group.join("."), version, groupPriorityMinimum: 100, versionPriority: 100 };
        const service = { name: "metrics-server", namespace: "kube-system" };
        const kind = { apiVersion: "apiregistration.k8s.io/v1", kind: "APIService" };
        w.api.create<ApiService>({ ...kind, metadata: { name }, spec: { ...spec, service } });
      }
      w.api.delete(get(w, "team") as Namespace);
      w.pass(30);
      const each = versions.split(" ").map((one) => `${one}: stale GroupVersion discovery: ${one}`);
      expect(get(w, "team")?.status?.conditions?.[0]).toMatchObject({
        type: "NamespaceDeletionDiscoveryFailure",
        status: "True",
        reason: "DiscoveryFailed",
        message: `Discovery failed for some groups, ${count}: unable to retrieve the complete list of server APIs: ${each.join(", ")}`,
      });
      expect(get(w, "team")?.status?.conditions?.[3]).toMatchObject({ status: "False", reason: "ContentRemoved" });
      for (const name of services)
        w.api.delete(w.api.get("apiservices.apiregistration.k8s.io", undefined, name) as KubeObject);
      w.pass(10);
      expect(get(w, "team")).toBeUndefined();
    },
  );
});
