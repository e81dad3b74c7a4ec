import { type Clock, type Micros, SECOND } from "../../base/clock.ts";
import type { KubeObject, ObjectMeta } from "../../kinds/types/meta.ts";
import { type Store, type StoreChange, StoreConflict, type StoreIndex, TooOld } from "./define.ts";
import { freezeNew } from "./freeze.ts";
import { isOnNode, keyOf, Resource, type Watcher } from "./resource.ts";
import { seal } from "./seal.ts";
import { readSnapshot, writeSnapshot } from "./snapshot.ts";

/** How many changes of a resource can be looked back at. */
const historyLimit = 4096;

/** The API server asks etcd every five minutes to forget what was then the newest revision (etcd3 compactor, 1.35). */
const compactionInterval: Micros = 300 * SECOND;

/** A new, empty etcd. With a clock it is compacted every five minutes. */
export function createStore(clock?: Clock): Store {
  return new Etcd(clock);
}

class Etcd implements Store {
  revision = 1;
  compacted = 0;
  whole: ((object: KubeObject) => KubeObject) | undefined;
  private readonly resources = new Map<string, Resource>();
  /** Changes not told to all watchers yet: a handler may write, and its change is told after the one being told. */
  private queue: { resource: Resource; change: StoreChange }[] = [];
  private telling = false;
  private readonly clock: Clock | undefined;
  private compactionDue: Micros;
  private compactionRevision = 1;

  constructor(clock: Clock | undefined) {
    this.clock = clock;
    this.compactionDue = clock ? clock.now + compactionInterval : Number.POSITIVE_INFINITY;
  }

  get(resource: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.resources.get(resource)?.find(namespace, name)?.object;
  }

  list(resource: string, namespace?: string): readonly KubeObject[] {
    return this.resource(resource).list(namespace);
  }

  indexed(resource: string, index: StoreIndex, value: string): readonly KubeObject[] {
    return this.resource(resource).indexed(index, value);
  }

  count(resource: string, namespace?: string): number {
    return this.resources.get(resource)?.count(namespace) ?? 0;
  }

  resourceNames(): readonly string[] {
    return [...this.resources].filter(([, resource]) => resource.count(undefined) > 0).map(([name]) => name);
  }

  put(resource: string, object: KubeObject, expect?: string): KubeObject {
    if (this.clock && this.clock.now >= this.compactionDue) this.compactAsDue(this.clock.now);
    const table = this.resource(resource);
    const { namespace, name } = object.metadata;
    const entry = table.find(namespace, name);
    const old = entry?.object;
    if (expect !== undefined && expect !== (old?.metadata.resourceVersion ?? ""))
      throw new StoreConflict(resource, keyOf(namespace, name));
    const revision = ++this.revision;
    const stored = withVersion(object, String(revision));
    table.put(entry, stored);
    this.tell(table, { revision, type: old ? "MODIFIED" : "ADDED", object: stored, old });
    return stored;
  }

  delete(resource: string, namespace: string | undefined, name: string): KubeObject | undefined {
    const table = this.resources.get(resource);
    const entry = table?.find(namespace, name);
    if (!table || !entry) return undefined;
    const revision = ++this.revision;
    table.remove(entry);
    const old = entry.object;
    const object = withVersion({ ...old, metadata: { ...old.metadata } }, String(revision));
    this.tell(table, { revision, type: "DELETED", object, old });
    return old;
  }

  watch(
    resource: string,
    revision: number | undefined,
    handler: (change: StoreChange) => void,
    node?: string,
  ): () => void {
    const table = this.resource(resource);
    const watcher: Watcher = { from: this.revision, handler };
    if (revision !== undefined && revision < this.compacted) throw new TooOld(revision, this.compacted);
    const missed = revision !== undefined && revision < this.revision ? table.history.since(revision) : [];
    const stop = table.watch(watcher, node);
    if (missed.length > 0) {
      this.inOrder(() => {
        for (const change of missed) if (node === undefined || isOnNode(change, node)) watcher.handler?.(change);
      });
    }
    return stop;
  }

  compact(revision: number): void {
    if (revision <= this.compacted) return;
    this.compacted = Math.min(revision, this.revision);
    for (const resource of this.resources.values()) resource.history.compact(this.compacted);
  }

  snapshot(): string {
    const resources = [...this.resources].map(([name, resource]) => ({ name, objects: resource.list(undefined) }));
    return writeSnapshot(this.revision, resources, this.whole);
  }

  restore(snapshot: string): void {
    const saved = readSnapshot(snapshot);
    for (const { name, objects, seals } of saved.resources) {
      const table = this.resource(name);
      for (const [i, object] of objects.entries()) {
        const { namespace, name } = object.metadata;
        const stored = freezeNew(object);
        table.put(table.find(namespace, name), stored);
        const by = seals?.[i];
        if (by) seal(stored, by);
      }
    }
    // etcd goes on above the revision of the snapshot; nobody can look back behind it.
    this.revision = Math.max(this.revision, saved.revision) + 1;
    this.compact(this.revision);
  }

  private resource(name: string): Resource {
    let resource = this.resources.get(name);
    if (!resource) {
      resource = new Resource(name, historyLimit);
      this.resources.set(name, resource);
    }
    return resource;
  }

  private compactAsDue(now: Micros): void {
    this.compact(this.compactionRevision);
    this.compactionRevision = this.revision;
    this.compactionDue = now + compactionInterval;
  }

  private tell(resource: Resource, change: StoreChange): void {
    resource.history.push(change);
    if (this.telling) this.queue.push({ resource, change });
    else this.inOrder(() => resource.tell(change));
  }

  /** Runs what tells watchers; changes that they make are told after it. */
  private inOrder(tell: () => void): void {
    if (this.telling) {
      tell();
      return;
    }
    this.telling = true;
    try {
      tell();
      for (let next = 0; next < this.queue.length; next++) {
        const { resource, change } = this.queue[next] as { resource: Resource; change: StoreChange };
        resource.tell(change);
      }
    } finally {
      this.telling = false;
      this.queue = [];
    }
  }
}

/** The object with its resourceVersion, frozen. A level that is frozen already is copied, not changed. */
function withVersion(object: KubeObject, resourceVersion: string): KubeObject {
  const metadata: ObjectMeta = Object.isFrozen(object.metadata) ? { ...object.metadata } : object.metadata;
  metadata.resourceVersion = resourceVersion;
  if (Object.isFrozen(object)) return freezeNew({ ...object, metadata });
  object.metadata = metadata;
  return freezeNew(object);
}
