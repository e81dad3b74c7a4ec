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
  /** By namespace ("" where there is none), then by name: so that no key has to be put together to find an object. */
  private readonly homes = new Map<string, Map<string, Entry>>();
  readonly history: History;
  private watchers: readonly Watcher[] = [];
  /** Of pods: who watches one node's alone. */
  private readonly nodeWatchers = new Map<string, readonly Watcher[]>();
  private readonly all = new Bucket(0);
  private readonly namespaces = new Map<string, Bucket>();
  private readonly nodes: Map<string, Bucket> | undefined;
  private readonly owners = new Map<string, Bucket>();

  constructor(name: string, historyLimit: number) {
    this.history = new History(historyLimit);
    if (name === "pods") this.nodes = new Map();
  }

  find(namespace: string | undefined, name: string): Entry | undefined {
    return this.homes.get(namespace ?? "")?.get(name);
  }

  watch(watcher: Watcher, node: string | undefined): () => void {
    if (node === undefined) this.watchers = [...this.watchers, watcher];
    else this.nodeWatchers.set(node, [...(this.nodeWatchers.get(node) ?? []), watcher]);
    return () => {
      watcher.handler = undefined;
      if (node === undefined) this.watchers = this.watchers.filter((other) => other !== watcher);
      else this.nodeWatchers.set(node, this.nodeWatchers.get(node)?.filter((other) => other !== watcher) ?? []);
    };
  }

  tell(change: StoreChange): void {
    toWatchers(this.watchers, change);
    if (this.nodeWatchers.size === 0) return;
    const node = nodeOf(change.object);
    const before = change.old && nodeOf(change.old);
    if (node) toWatchers(this.nodeWatchers.get(node), change);
    if (before && before !== node) toWatchers(this.nodeWatchers.get(before), change);
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

  put(entry: Entry | undefined, object: KubeObject): void {
    if (!entry) {
      const { namespace, name } = object.metadata;
      const added = new Entry(keyOf(namespace, name), object);
      const home = this.homes.get(namespace ?? "");
      if (home) home.set(name, added);
      else this.homes.set(namespace ?? "", new Map([[name, added]]));
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
    this.homes.get(object.metadata.namespace ?? "")?.delete(object.metadata.name);
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
  if (owners) for (let i = 0; i < owners.length; i++) if (owners[i]?.controller) return owners[i]?.uid;
  return undefined;
}

/** Whether a change is one of a pod that is or was on the node. */
export function isOnNode({ object, old }: StoreChange, node: string): boolean {
  return nodeOf(object) === node || (old !== undefined && nodeOf(old) === node);
}

/** The arrays are replaced, not changed, when a watcher comes or leaves; who comes during this knows the change already. */
function toWatchers(watchers: readonly Watcher[] | undefined, change: StoreChange): void {
  if (!watchers) return;
  for (let i = 0; i < watchers.length; i++) {
    const watcher = watchers[i];
    if (watcher && watcher.from < change.revision) watcher.handler?.(change);
  }
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
