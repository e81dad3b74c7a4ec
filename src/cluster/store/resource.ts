import type { KubeObject } from "../../kinds/types/meta.ts";
import { Bucket, Entry, type Slot } from "./bucket.ts";
import type { StoreChange, StoreIndex } from "./define.ts";
import { History } from "./history.ts";

export interface Watcher {
  /** Changes up to this revision are known to the watcher. */
  from: number;
  handler: ((change: StoreChange) => void) | undefined;
}

const nothing: readonly KubeObject[] = Object.freeze([]);

/** All keys of one resource, with the lists and indexes over them. */
export class Resource {
  readonly entries = new Map<string, Entry>();
  readonly history: History;
  watchers: Watcher[] = [];
  private readonly all = new Bucket(0);
  private readonly namespaces = new Map<string, Bucket>();
  private readonly nodes: Map<string, Bucket> | undefined;
  private readonly owners = new Map<string, Bucket>();

  constructor(name: string, historyLimit: number) {
    this.history = new History(historyLimit);
    if (name === "pods") this.nodes = new Map();
  }

  list(namespace: string | undefined): readonly KubeObject[] {
    return (namespace === undefined ? this.all : this.namespaces.get(namespace))?.list() ?? nothing;
  }

  indexed(index: StoreIndex, value: string): readonly KubeObject[] {
    return (index === "node" ? this.nodes : this.owners)?.get(value)?.list() ?? nothing;
  }

  count(namespace: string | undefined): number {
    return (namespace === undefined ? this.all : this.namespaces.get(namespace))?.size ?? 0;
  }

  put(entry: Entry | undefined, key: string, object: KubeObject): void {
    if (!entry) {
      const added = new Entry(key, object);
      this.entries.set(key, added);
      this.all.add(added);
      bucketOf(this.namespaces, object.metadata.namespace, 1)?.add(added);
      if (this.nodes) bucketOf(this.nodes, nodeOf(object), 2)?.add(added);
      bucketOf(this.owners, ownerOf(object), 3)?.add(added);
      return;
    }
    const old = entry.object;
    entry.object = object;
    this.all.replaced(entry);
    bucketOf(this.namespaces, object.metadata.namespace, 1)?.replaced(entry);
    if (this.nodes) reindex(this.nodes, 2, entry, nodeOf(old), nodeOf(object));
    reindex(this.owners, 3, entry, ownerOf(old), ownerOf(object));
  }

  remove(entry: Entry): void {
    const { object } = entry;
    this.entries.delete(entry.key);
    this.all.remove(entry);
    drop(this.namespaces, object.metadata.namespace, entry);
    if (this.nodes) drop(this.nodes, nodeOf(object), entry);
    drop(this.owners, ownerOf(object), entry);
  }
}

/** The key of an object below its resource, as etcd orders them. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}

function nodeOf(pod: KubeObject): string | undefined {
  return (pod.spec as { nodeName?: string } | undefined)?.nodeName;
}

function ownerOf(object: KubeObject): string | undefined {
  const owners = object.metadata.ownerReferences;
  if (!owners) return undefined;
  for (const owner of owners) if (owner.controller) return owner.uid;
  return undefined;
}

function bucketOf(index: Map<string, Bucket>, value: string | undefined, slot: Slot): Bucket | undefined {
  if (value === undefined || value === "") return undefined;
  let bucket = index.get(value);
  if (!bucket) {
    bucket = new Bucket(slot);
    index.set(value, bucket);
  }
  return bucket;
}

function drop(index: Map<string, Bucket>, value: string | undefined, entry: Entry): void {
  const bucket = value === undefined ? undefined : index.get(value);
  if (!bucket || value === undefined) return;
  bucket.remove(entry);
  if (bucket.size === 0) index.delete(value);
}

function reindex(
  index: Map<string, Bucket>,
  slot: Slot,
  entry: Entry,
  before: string | undefined,
  after: string | undefined,
): void {
  if (before === after) {
    if (after !== undefined) index.get(after)?.replaced(entry);
    return;
  }
  drop(index, before, entry);
  bucketOf(index, after, slot)?.add(entry);
}
