import { describe, expect, test } from "vitest";
import { Unreachable } from "../../../src/cluster/apiserver/define.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import { admin, configMapNamed, podNamed, refusal, world } from "./setup.ts";

describe("in-process client", () => {
  test("creates with system metadata and defaults; frozen", () => {
    const { api } = world();
    const pod = api.create(podNamed("web")) as Pod;
    expect(pod.metadata).toMatchObject({
      name: "web",
      namespace: "default",
      creationTimestamp: "2026-01-02T03:04:05Z",
      generation: 1,
    });
    expect(pod.metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Object.isFrozen(pod.spec.containers[0])).toBe(true);
    expect(api.get("pods", "default", "web")).toBe(pod);
    expect(api.list("pods", "default")).toEqual([pod]);
  });

  test("what a controller shares stays as it was", () => {
    const { api } = world();
    const spec = Object.freeze({ containers: Object.freeze([Object.freeze({ name: "web", image: "nginx" })]) });
    const pod = api.create(podNamed("web", { spec })) as Pod;
    expect(spec).toEqual({ containers: [{ name: "web", image: "nginx" }] });
    expect(pod.spec.serviceAccountName).toBe("default");
  });

  test("errors have the words of the API", () => {
    const { api } = world();
    api.create(configMapNamed("a"));
    const exists = refusal(() => api.create(configMapNamed("a")));
    expect(exists.message).toBe('configmaps "a" already exists');
    expect(exists).toMatchObject({ code: 409, reason: "AlreadyExists", details: { name: "a", kind: "configmaps" } });
    const missing = refusal(() => api.update(configMapNamed("b")));
    expect(missing.message).toBe('configmaps "b" not found');
    const nowhere = { ...configMapNamed("c"), metadata: { name: "c", namespace: "nowhere" } };
    expect(refusal(() => api.create(nowhere)).message).toBe('namespaces "nowhere" not found');
    const bad = refusal(() => api.create(configMapNamed("Bad_Name")));
    expect(bad.code).toBe(422);
    expect(bad.message).toBe(
      "ConfigMap \"Bad_Name\" is invalid: metadata.name: Invalid value: \"Bad_Name\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    );
    const unnamed = { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "default" } } as KubeObject;
    expect(refusal(() => api.create(unnamed)).message).toContain(
      "metadata.name: Required value: name or generateName is required",
    );
  });

  test("generateName adds five characters", () => {
    const { api } = world();
    const object = api.create({
      ...configMapNamed(""),
      metadata: { generateName: "web-", namespace: "default" } as KubeObject["metadata"],
    });
    expect(object.metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(object.metadata.generateName).toBe("web-");
  });

  test("a stale resourceVersion conflicts; without one the newest is meant", () => {
    const { api } = world();
    const first = api.create(configMapNamed("a"));
    const second = api.update({ ...first, data: { a: "2" } });
    const stale = refusal(() => api.update({ ...first, data: { a: "3" } }));
    expect(stale.message).toBe(
      'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    );
    expect(api.update(configMapNamed("a", { a: "4" })).data).toEqual({ a: "4" });
    expect(second.metadata.uid).toBe(first.metadata.uid);
  });

  test("an update that changes nothing writes nothing", () => {
    const { api, store } = world();
    const object = api.create(configMapNamed("a", { a: "1" }));
    const { revision } = store;
    expect(api.update({ ...object, data: { a: "1" } })).toBe(object);
    expect(api.modify(object, (current) => current)).toBe(object);
    expect(store.revision).toBe(revision);
  });

  test("modify changes the newest, and says undefined where nothing is", () => {
    const { api } = world();
    const object = api.create(configMapNamed("a"));
    api.update({ ...object, data: { b: "2" } });
    const changed = api.modify(object, (current) => ({ ...current, data: { ...(current.data as object), c: "3" } }));
    expect(changed?.data).toEqual({ b: "2", c: "3" });
    expect(api.modify(configMapNamed("zzz"), (current) => current)).toBeUndefined();
  });

  test("status and spec are written apart; generation counts the spec", () => {
    const { api } = world();
    const made = api.create({
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: { name: "rs", namespace: "default" },
      spec: {
        replicas: 1,
        selector: { matchLabels: { a: "b" } },
        template: { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "i" }] } },
      },
    }) as KubeObject & { spec: { replicas: number } };
    const status = api.updateStatus({ ...made, spec: { ...made.spec, replicas: 9 }, status: { replicas: 1 } });
    expect(status.spec.replicas).toBe(1);
    expect(status.status).toEqual({ replicas: 1 });
    expect(status.metadata.generation).toBe(1);
    expect(status.spec).toBe(made.spec);
    const scaled = api.update({ ...status, spec: { ...made.spec, replicas: 2 }, status: { replicas: 7 } });
    expect(scaled.status).toEqual({ replicas: 1 });
    expect(scaled.metadata.generation).toBe(2);
  });

  test("watch begins with what is there and stops with the server", () => {
    const { api, server } = world();
    api.create(configMapNamed("a"));
    const seen: string[] = [];
    api.watch("configmaps", ({ type, object, old }) =>
      seen.push(`${type} ${object.metadata.name}${old ? "+old" : ""}`),
    );
    const b = api.create(configMapNamed("b"));
    api.update({ ...b, data: {} });
    api.delete(b);
    api.delete(b);
    expect(seen).toEqual(["ADDED a", "ADDED b", "MODIFIED b+old", "DELETED b+old"]);
    server.stop();
    expect(() => api.list("configmaps")).toThrow(Unreachable);
    server.context.storage.put(server.context.kinds.byResource("configmaps")!, configMapNamed("z"));
    expect(seen).toHaveLength(4);
  });

  test("watch of a namespace: for whoever may see no more", () => {
    const { api, server } = world();
    api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
    const group = "rbac.authorization.k8s.io";
    const inShop = { name: "reader", namespace: "shop" };
    const rules = [{ verbs: ["list", "watch"], apiGroups: [""], resources: ["configmaps"] }];
    api.create({ apiVersion: `${group}/v1`, kind: "Role", metadata: inShop, rules } as never);
    const roleRef = { apiGroup: group, kind: "Role", name: "reader" };
    // An account without a namespace is one of the binding's own.
    const subjects = [{ kind: "ServiceAccount", name: "bot" }];
    api.create({ apiVersion: `${group}/v1`, kind: "RoleBinding", metadata: inShop, roleRef, subjects } as never);
    const bot = server.client({ name: "system:serviceaccount:shop:bot", groups: [] }, "bot");
    const seen: string[] = [];
    const told = ({ type, object }: { type: string; object: KubeObject }) =>
      void seen.push(`${type} ${object.metadata.namespace}/${object.metadata.name}`);
    expect(refusal(() => bot.watch("configmaps", told)).reason).toBe("Forbidden");
    bot.watch("configmaps", told, { namespace: "shop" });
    api.create(configMapNamed("a"));
    api.create({ ...configMapNamed("b"), metadata: { name: "b", namespace: "shop" } });
    expect(seen).toEqual(["ADDED shop/b"]);
  });

  test("pods of a node: index and watch", () => {
    const { api } = world();
    const seen: string[] = [];
    api.watch<Pod>("pods", ({ type, object }) => seen.push(`${type} ${object.metadata.name}`), {
      where: { index: "node", value: "w1" },
    });
    api.create(podNamed("a"));
    api.create(podNamed("b"));
    api.createAt("pods", "default", "a", "binding", { target: { kind: "Node", name: "w1" } });
    api.createAt("pods", "default", "b", "binding", { target: { kind: "Node", name: "w2" } });
    expect(api.indexed("pods", "node", "w1").map(({ metadata }) => metadata.name)).toEqual(["a"]);
    expect(seen).toEqual(["ADDED a"]);
    const again = refusal(() =>
      api.createAt("pods", "default", "a", "binding", { target: { kind: "Node", name: "w2" } }),
    );
    expect(again.message).toBe(
      'Operation cannot be fulfilled on pods/binding "a": pod a is already assigned to node "w1"',
    );
    expect(api.get<Pod>("pods", "default", "a")?.status?.conditions).toContainEqual(
      expect.objectContaining({ type: "PodScheduled", status: "True" }),
    );
  });

  test("dependents are found by their owner's uid", () => {
    const { api } = world();
    const owner = api.create(configMapNamed("owner"));
    const reference = {
      apiVersion: "v1",
      kind: "ConfigMap",
      name: "owner",
      uid: owner.metadata.uid ?? "",
      controller: true,
    };
    api.create({
      ...configMapNamed("child"),
      metadata: { name: "child", namespace: "default", ownerReferences: [reference] },
    });
    expect(api.indexed("configmaps", "owner", owner.metadata.uid ?? "").map(({ metadata }) => metadata.name)).toEqual([
      "child",
    ]);
  });

  test("objects of events.k8s.io are the core events under other names", () => {
    const { api, server } = world();
    const pod = api.create(podNamed("a"));
    server.client(admin, "kubelet").event(pod, { type: "Normal", reason: "Pulled", message: "m" });
    expect(api.list("events.events.k8s.io")).toMatchObject([
      { apiVersion: "events.k8s.io/v1", note: "m", reason: "Pulled" },
    ]);
  });
});
