import { describe, expect, test } from "vitest";
import { Clock, SECOND } from "../../../src/base/clock.ts";
import { Random } from "../../../src/base/random.ts";
import { type StoreChange, StoreConflict, TooOld } from "../../../src/cluster/store/define.ts";
import { createStore } from "../../../src/cluster/store/store.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";

function object(name: string, namespace?: string, more: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: "v1", kind: "Thing", metadata: { name, ...(namespace ? { namespace } : {}) }, ...more };
}
const names = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.name);

describe("store", () => {
  test("one revision counts all writes; objects carry it and are frozen to the ground", () => {
    const store = createStore();
    const a = store.put("things", object("a", "n", { spec: { deep: [{ x: 1 }] } }));
    const b = store.put("others", object("b"));
    expect(Number(b.metadata.resourceVersion)).toBe(Number(a.metadata.resourceVersion) + 1);
    expect(store.revision).toBe(Number(b.metadata.resourceVersion));
    expect(() => (a.spec as { deep: { x: number }[] }).deep.push({ x: 2 })).toThrow(TypeError);
    expect(store.get("things", "n", "a")).toBe(a);
    expect(store.get("things", "m", "a")).toBeUndefined();
  });

  test("a new version shares what it did not change", () => {
    const store = createStore();
    const a = store.put("things", object("a", "n", { spec: { x: {} } }));
    const b = store.put("things", { ...a, status: { ready: true } });
    expect(b.spec).toBe(a.spec);
    expect(b.metadata).not.toBe(a.metadata);
    expect(a.metadata.resourceVersion).not.toBe(b.metadata.resourceVersion);
  });

  test("lists are in the order of etcd's keys, of all or of a namespace, and stay while one walks over them", () => {
    const store = createStore();
    for (const [namespace, name] of [
      ["b", "1"],
      ["a", "2"],
      ["a-b", "0"],
      ["a", "1"],
    ] as const) {
      store.put("things", object(name, namespace));
    }
    expect(store.list("things").map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
      "a-b/0",
      "a/1",
      "a/2",
      "b/1",
    ]);
    expect(names(store.list("things", "a"))).toEqual(["1", "2"]);
    expect(store.count("things")).toBe(4);
    expect(store.count("things", "a")).toBe(2);
    const seen: string[] = [];
    for (const { metadata } of store.list("things")) {
      seen.push(metadata.name);
      store.delete("things", metadata.namespace, metadata.name);
      store.put("things", object(`new-${metadata.name}`, metadata.namespace));
    }
    expect(seen).toEqual(["0", "1", "2", "1"]);
    expect(names(store.list("things", "a"))).toEqual(["new-1", "new-2"]);
  });

  test("lists agree with a plain map after any writes", () => {
    const store = createStore();
    const random = new Random("lists");
    const plain = new Map<string, KubeObject>();
    for (let i = 0; i < 4000; i++) {
      const namespace = `n${random.below(3)}`;
      const name = `o${random.below(40)}`;
      const node = random.below(4);
      const key = `${namespace}/${name}`;
      if (random.below(3) === 0) {
        store.delete("pods", namespace, name);
        plain.delete(key);
      } else {
        const owner = { uid: `u${random.below(4)}`, controller: true, apiVersion: "v1", kind: "X", name: "x" };
        const pod = object(name, namespace, { spec: node > 0 ? { nodeName: `w${node}` } : {} });
        if (random.below(2) === 0) pod.metadata.ownerReferences = [owner];
        plain.set(key, store.put("pods", pod));
      }
      if (random.below(4) > 0) continue;
      const sorted = [...plain].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
      const nodeOf = (pod: KubeObject) => (pod.spec as { nodeName?: string }).nodeName;
      expect(store.list("pods")).toEqual(sorted);
      expect(store.list("pods", namespace)).toEqual(sorted.filter(({ metadata }) => metadata.namespace === namespace));
      expect(store.count("pods", namespace)).toBe(store.list("pods", namespace).length);
      expect(store.indexed("pods", "node", "w2")).toEqual(sorted.filter((pod) => nodeOf(pod) === "w2"));
      expect(store.indexed("pods", "owner", "u1")).toEqual(
        sorted.filter(({ metadata }) => metadata.ownerReferences?.[0]?.uid === "u1"),
      );
    }
  });

  test("put may expect a version", () => {
    const store = createStore();
    const a = store.put("things", object("a"), "");
    expect(() => store.put("things", object("a"), "")).toThrow(StoreConflict);
    store.put("things", { ...a, metadata: { ...a.metadata } }, a.metadata.resourceVersion);
    expect(() => store.put("things", { ...a }, a.metadata.resourceVersion)).toThrow(StoreConflict);
  });
});

describe("watch", () => {
  test("changes after a revision, then every new one, with the object before", () => {
    const store = createStore();
    const a = store.put("things", object("a"));
    store.put("things", object("b"));
    const seen: string[] = [];
    const stop = store.watch("things", Number(a.metadata.resourceVersion), ({ type, object, old }) =>
      seen.push(`${type} ${object.metadata.name} ${old ? "old" : "-"}`),
    );
    store.put("things", { ...a, spec: {} });
    store.delete("things", undefined, "b");
    store.put("others", object("c"));
    expect(seen).toEqual(["ADDED b -", "MODIFIED a old", "DELETED b old"]);
    stop();
    store.put("things", object("d"));
    expect(seen).toHaveLength(3);
  });

  test("a deletion has a revision of its own, on the object as well", () => {
    const store = createStore();
    const a = store.put("things", object("a"));
    let deleted: StoreChange | undefined;
    store.watch("things", undefined, (change) => {
      deleted = change;
    });
    store.delete("things", undefined, "a");
    expect(deleted?.object.metadata.resourceVersion).toBe(String(deleted?.revision));
    expect(deleted?.old).toBe(a);
  });

  test("what a handler writes is told to all in one order", () => {
    const store = createStore();
    const first: string[] = [];
    const second: string[] = [];
    store.watch("things", undefined, ({ type, object }) => {
      first.push(`${type} ${object.metadata.name}`);
      if (type === "ADDED" && object.metadata.name === "a") store.put("things", { ...object, spec: { seen: true } });
      if (type === "MODIFIED") store.delete("things", undefined, "a");
    });
    store.watch("things", undefined, ({ type, object }) => second.push(`${type} ${object.metadata.name}`));
    store.put("things", object("a"));
    expect(first).toEqual(["ADDED a", "MODIFIED a", "DELETED a"]);
    expect(second).toEqual(first);
  });

  test("who begins to watch while changes are told gets none twice", () => {
    const store = createStore();
    const late: string[] = [];
    store.watch("things", undefined, ({ object }) => {
      if (object.metadata.name !== "a") return;
      store.put("things", { ...object, metadata: { name: "b" } });
      store.watch("things", store.revision - 1, (change) => late.push(change.object.metadata.name));
    });
    store.put("things", object("a"));
    store.put("things", object("c"));
    expect(late).toEqual(["b", "c"]);
  });

  test("one node's pods can be watched alone", () => {
    const store = createStore();
    const seen: string[] = [];
    store.watch("pods", undefined, ({ type, object }) => seen.push(`${type} ${object.metadata.name}`), "w1");
    const a = store.put("pods", object("a", "n", { spec: {} }));
    store.put("pods", object("b", "n", { spec: { nodeName: "w2" } }));
    store.put("pods", { ...a, spec: { nodeName: "w1" } });
    store.delete("pods", "n", "a");
    expect(seen).toEqual(["MODIFIED a", "DELETED a"]);
  });

  test("compacted revisions are too old, and so is what history forgot", () => {
    const store = createStore();
    for (let i = 0; i < 10; i++) store.put("things", object(`t${i}`));
    store.compact(5);
    expect(() => store.watch("things", 3, () => {})).toThrow(new TooOld(3, 5));
    expect(() => store.watch("things", 3, () => {})).toThrow("too old resource version: 3 (5)");
    const seen: string[] = [];
    store.watch("things", 6, ({ object }) => seen.push(object.metadata.name));
    expect(seen).toEqual(["t5", "t6", "t7", "t8", "t9"]);
    for (let i = 0; i < 5000; i++) store.put("things", object("t0"));
    expect(() => store.watch("things", 100, () => {})).toThrow(TooOld);
    const count = { seen: 0 };
    store.watch("things", store.revision - 4000, () => count.seen++);
    expect(count.seen).toBe(4000);
  });

  test("with a clock, old revisions go after five minutes", () => {
    const clock = new Clock(0);
    const store = createStore(clock);
    store.put("things", object("a"));
    const revision = store.revision;
    store.put("things", object("b"));
    clock.run(301 * SECOND);
    store.put("things", object("c"));
    clock.run(602 * SECOND);
    store.put("things", object("d"));
    expect(store.compacted).toBeGreaterThan(revision);
    expect(() => store.watch("things", revision, () => {})).toThrow(TooOld);
  });
});

describe("snapshot", () => {
  test("restored, it gives the same answers, at a higher revision", () => {
    const store = createStore();
    store.put("pods", object("a", "n", { spec: { nodeName: "w1" }, big: 9007199254740993n }));
    store.put("things", object("x"));
    store.put("things", object("y"));
    store.delete("things", undefined, "x");
    const again = createStore();
    again.restore(store.snapshot());
    expect(again.list("pods")).toEqual(store.list("pods"));
    expect(names(again.list("things"))).toEqual(["y"]);
    expect(names(again.indexed("pods", "node", "w1"))).toEqual(["a"]);
    expect(again.revision).toBeGreaterThanOrEqual(store.revision);
    expect(again.resourceNames()).toEqual(["pods", "things"]);
    expect(Object.isFrozen(again.list("pods")[0])).toBe(true);
  });
});
