import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import { configMapNamed, podNamed, refusal, type World, world } from "./setup.ts";

function finalized(name: string, finalizers: string[]): KubeObject {
  return { ...configMapNamed(name), metadata: { name, namespace: "default", finalizers } };
}
const eventsOf = ({ api }: World, resource: string): string[] => {
  const seen: string[] = [];
  api.watch(resource, ({ type, object }) => seen.push(`${type} ${object.metadata.name}`));
  return seen;
};

describe("finalizers", () => {
  test("hold an object, marked as being deleted, until the last is gone", () => {
    const w = world();
    const { api } = w;
    const seen = eventsOf(w, "configmaps");
    const a = api.create(finalized("a", ["x.io/one", "x.io/two"]));
    api.delete(a);
    const marked = api.get("configmaps", "default", "a") as KubeObject;
    expect(marked.metadata).toMatchObject({ deletionTimestamp: "2026-01-02T03:04:05Z", deletionGracePeriodSeconds: 0 });
    api.delete(a);
    const more = { ...marked, metadata: { ...marked.metadata, finalizers: ["x.io/one", "x.io/two", "x.io/new"] } };
    expect(refusal(() => api.update(more)).message).toBe(
      'ConfigMap "a" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"x.io/new"}',
    );
    const without = (finalizers: string[]) =>
      api.modify(a, (current) => ({ ...current, metadata: { ...current.metadata, finalizers } }));
    without(["x.io/two"]);
    expect(api.get("configmaps", "default", "a")).toBeDefined();
    without([]);
    expect(api.get("configmaps", "default", "a")).toBeUndefined();
    expect(seen).toEqual(["ADDED a", "MODIFIED a", "MODIFIED a", "MODIFIED a", "DELETED a"]);
  });

  test("propagation leaves the garbage collector its finalizer", () => {
    const { api } = world();
    const finalizersAfter = (propagationPolicy: "Orphan" | "Foreground" | "Background") => {
      const name = propagationPolicy.toLowerCase();
      api.delete(api.create(configMapNamed(name)), { propagationPolicy });
      return api.get("configmaps", "default", name)?.metadata.finalizers;
    };
    expect(finalizersAfter("Foreground")).toEqual(["foregroundDeletion"]);
    expect(finalizersAfter("Orphan")).toEqual(["orphan"]);
    expect(finalizersAfter("Background")).toBeUndefined();
  });

  test("preconditions", () => {
    const { api } = world();
    const a = api.create(configMapNamed("a"));
    expect(refusal(() => api.delete(a, { preconditions: { uid: "other" } })).message).toBe(
      `Operation cannot be fulfilled on configmaps "a": Precondition failed: UID in precondition: other, UID in object meta: ${a.metadata.uid}`,
    );
    const stale = { preconditions: { resourceVersion: "1" } };
    expect(refusal(() => api.delete(a, stale)).message).toContain(
      "Precondition failed: ResourceVersion in precondition: 1, ",
    );
    api.delete(a, { preconditions: { uid: a.metadata.uid as string } });
    expect(api.get("configmaps", "default", "a")).toBeUndefined();
  });
});

describe("pods", () => {
  test("unbound ones go at once", () => {
    const w = world();
    const seen = eventsOf(w, "pods");
    w.api.delete(w.api.create(podNamed("p")));
    expect(seen).toEqual(["ADDED p", "MODIFIED p", "DELETED p"]);
  });

  test("bound ones have their time, which can only be made shorter; the kubelet ends them", () => {
    const { api } = world();
    const pod = api.create(podNamed("p"));
    api.createAt("pods", "default", "p", "binding", { target: { name: "w1" } });
    const metadata = () => api.get("pods", "default", "p")?.metadata;
    api.delete(pod);
    expect(metadata()).toMatchObject({ deletionTimestamp: "2026-01-02T03:04:35Z", deletionGracePeriodSeconds: 30 });
    api.delete(pod, { gracePeriodSeconds: 60 });
    expect(metadata()).toMatchObject({ deletionTimestamp: "2026-01-02T03:04:35Z", deletionGracePeriodSeconds: 30 });
    api.delete(pod, { gracePeriodSeconds: 10 });
    expect(metadata()).toMatchObject({ deletionTimestamp: "2026-01-02T03:04:15Z", deletionGracePeriodSeconds: 10 });
    api.delete(pod, { gracePeriodSeconds: 0 });
    expect(metadata()).toBeUndefined();
  });

  test("with a finalizer they stay after their time", () => {
    const { api } = world();
    const pod = api.create({ ...podNamed("p"), metadata: { name: "p", namespace: "default", finalizers: ["x.io/y"] } });
    api.createAt("pods", "default", "p", "binding", { target: { name: "w1" } });
    api.delete(pod, { gracePeriodSeconds: 0 });
    expect(api.get("pods", "default", "p")).toBeDefined();
    api.modify(pod, (current) => ({ ...current, metadata: { ...current.metadata, finalizers: [] } }));
    expect(api.get("pods", "default", "p")).toBeUndefined();
  });
});

describe("namespaces", () => {
  test("end when /finalize empties their own finalizers", () => {
    const { api, server } = world({ flags: {} });
    const x = api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "x" } });
    api.delete(x);
    const ending = api.get("namespaces", undefined, "x") as KubeObject;
    expect(ending).toMatchObject({
      metadata: { deletionTimestamp: "2026-01-02T03:04:05Z" },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Terminating" },
    });
    expect(ending.metadata.deletionGracePeriodSeconds).toBeUndefined();
    api.update({ ...ending, spec: { finalizers: [] } });
    expect(api.get("namespaces", undefined, "x")).toBeDefined();
    const body = { ...ending, spec: { finalizers: [] } } as never;
    expect(server.handle({ method: "PUT", path: "/api/v1/namespaces/x/finalize", headers: {}, body }).status).toBe(200);
    expect(api.get("namespaces", undefined, "x")).toBeUndefined();
  });
});
