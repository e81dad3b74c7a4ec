import type { KubeObject } from "../../kinds/types/meta.ts";

/** A change as etcd numbers it: one revision for the whole store, one change each. */
export interface StoreChange {
  readonly revision: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
  readonly old: KubeObject | undefined;
}

/**
 * etcd as the API server sees it: frozen objects under resource, namespace and name, a revision that counts all
 * writes, watches from a revision, compaction, snapshots. No host time, no chance.
 */
export interface Store {
  readonly revision: number;
  /** Revisions below this are forgotten. */
  readonly compacted: number;
  get(resource: string, namespace: string | undefined, name: string): KubeObject | undefined;
  /** All of a resource, or those of a namespace, in the order of their keys. A cached array: neither keep nor change it. */
  list(resource: string, namespace?: string): readonly KubeObject[];
  count(resource: string, namespace?: string): number;
  /** The objects whose index has this value, in the order of their keys. */
  indexed(resource: string, index: StoreIndex, value: string): readonly KubeObject[];
  /** The resources that have objects. */
  resourceNames(): readonly string[];
  /**
   * Writes: freezes the new levels, sets metadata.resourceVersion, tells the watchers. `expect` is the resourceVersion
   * the key must have now (undefined: any; "": must not exist); else StoreConflict is thrown.
   */
  put(resource: string, object: KubeObject, expect?: string): KubeObject;
  delete(resource: string, namespace: string | undefined, name: string): KubeObject | undefined;
  /**
   * Changes after `revision`, then every new one. Throws TooOld where they are compacted. `node`: only pods that are
   * or were on this node (other nodes' changes cost nothing).
   */
  watch(
    resource: string,
    revision: number | undefined,
    handler: (change: StoreChange) => void,
    node?: string,
  ): () => void;
  compact(revision: number): void;
  /** Completes an object before it leaves as text: what the API server keeps beside the objects (managedFields). */
  whole: ((object: KubeObject) => KubeObject) | undefined;
  /** Everything as text; `restore` on an empty store gives the same answers, with revisions at least as high. */
  snapshot(): string;
  restore(snapshot: string): void;
}

/** Pods by their node; everything by the uid of its controller. */
export type StoreIndex = "node" | "owner";

/** The key has another version than the writer expected. */
export class StoreConflict extends Error {
  constructor(resource: string, key: string) {
    super(`${resource} ${key} has another version`);
  }
}

/** Asked for revisions that were compacted away. */
export class TooOld extends Error {
  readonly asked: number;
  readonly oldest: number;

  constructor(asked: number, oldest: number) {
    super(`too old resource version: ${asked} (${oldest})`);
    this.asked = asked;
    this.oldest = oldest;
  }
}
