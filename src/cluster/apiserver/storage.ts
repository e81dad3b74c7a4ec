import type { Clock, Micros } from "../../base/clock.ts";
import { parseGoDuration } from "../../base/go-duration.ts";
import { goQuote } from "../../base/go-text.ts";
import { parseRfc3339 } from "../../base/time.ts";
import { type Kind, resourceName } from "../../kinds/define.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import { etcdKey } from "../etcd/etcd-key.ts";
import type { Store, StoreChange, StoreIndex } from "../store/define.ts";
import { seal, sealOf } from "../store/seal.ts";
import { withoutEmptyLists } from "./empty-lists.ts";
import type { Encryption } from "./encryption/define.ts";
import { isStale, providersOf, sealFor, unreadable } from "./encryption/sealing.ts";
import { internalError } from "./errors.ts";
import type { KindTable } from "./kind-table.ts";

const events = "events";
/**
 * The objects of etcd by kind: under the stored version, with Events that end after --event-ttl. Nothing here runs
 * by itself; what is due is done when the storage is next used.
 */
export class Storage {
  readonly store: Store;
  private readonly clock: Clock;
  private readonly kinds: KindTable;
  private readonly eventTtl: Micros;
  private readonly encryption: Encryption | undefined;
  /** Events in the order in which they end. */
  private endings: { namespace: string | undefined; name: string; version: string; at: Micros }[] = [];
  private nextEnding = 0;
  private readonly resources = new Map<Kind, string>();

  constructor(store: Store, clock: Clock, kinds: KindTable, eventTtl: string | undefined, encryption?: Encryption) {
    this.store = store;
    this.clock = clock;
    this.kinds = kinds;
    this.encryption = encryption;
    this.eventTtl = parseGoDuration(eventTtl ?? "1h0m0s");
    for (const event of store.list(events)) this.willEnd(event, lastTimeOf(event) ?? clock.now);
    this.endings.sort((a, b) => a.at - b.at);
  }

  /** The name of the objects' resource in the store. */
  resourceOf(kind: Kind): string {
    const known = this.resources.get(kind);
    if (known !== undefined) return known;
    const name = resourceName(kind.storedAs ? { group: kind.storedAs.group, plural: kind.plural } : kind);
    this.resources.set(kind, name);
    return name;
  }

  get(kind: Kind, namespace: string | undefined, name: string): KubeObject | undefined {
    const resource = this.resourceOf(kind);
    if (resource === events) this.endEvents();
    return this.store.get(resource, kind.namespaced ? namespace : undefined, name);
  }

  list(kind: Kind, namespace?: string): readonly KubeObject[] {
    const resource = this.resourceOf(kind);
    if (resource === events) this.endEvents();
    return this.store.list(resource, namespace);
  }

  indexed(kind: Kind, index: StoreIndex, value: string): readonly KubeObject[] {
    return this.store.indexed(this.resourceOf(kind), index, value);
  }

  put(kind: Kind, object: KubeObject): KubeObject {
    const resource = this.resourceOf(kind);
    const stored = this.store.put(resource, withoutEmptyLists(kind, object));
    const by = this.encryption && sealFor(providersOf(this.encryption, resource) ?? []);
    if (by) seal(stored, by);
    if (resource === events) {
      this.endEvents();
      this.willEnd(stored, this.clock.now);
    }
    return stored;
  }

  /** Throws where an object cannot be read with the providers that the server has (etcd3/store.go, 1.35). */
  checkReadable(kind: Kind, object: KubeObject): void {
    if (!this.encryption && !sealOf(object)) return;
    const resource = this.resourceOf(kind);
    const why = unreadable(object, providersOf(this.encryption, resource));
    if (why === undefined) return;
    const { namespace, name } = object.metadata;
    throw internalError(`unable to transform key ${goQuote(etcdKey(resource, namespace, name))}: ${why}`);
  }

  /** Whether a write would encrypt an object with something else than it is now. */
  isStale(kind: Kind, object: KubeObject): boolean {
    return isStale(object, providersOf(this.encryption, this.resourceOf(kind)));
  }

  delete(kind: Kind, object: KubeObject): void {
    this.store.delete(this.resourceOf(kind), object.metadata.namespace, object.metadata.name);
  }

  watch(kind: Kind, revision: number | undefined, handler: (change: StoreChange) => void, node?: string): () => void {
    return this.store.watch(this.resourceOf(kind), revision, handler, node);
  }

  /** A stored object as a version of its kind shows it. */
  shown(kind: Kind, object: KubeObject): KubeObject {
    if (kind.shownAs) return kind.shownAs(object);
    return kind.storedAs ? kind.storedAs.fromStored(object) : object;
  }

  /** The kind whose rules hold for what is stored. */
  ruling(kind: Kind): Kind {
    return this.kinds.stored(kind);
  }

  private willEnd(event: KubeObject, written: Micros): void {
    const { namespace, name, resourceVersion = "" } = event.metadata;
    this.endings.push({ namespace, name, version: resourceVersion, at: written + this.eventTtl });
  }

  private endEvents(): void {
    for (let next = this.endings[this.nextEnding]; next && next.at <= this.clock.now; ) {
      this.nextEnding++;
      const event = this.store.get(events, next.namespace, next.name);
      if (event?.metadata.resourceVersion === next.version) this.store.delete(events, next.namespace, next.name);
      next = this.endings[this.nextEnding];
    }
    if (this.nextEnding > 1024 && this.nextEnding * 2 > this.endings.length) {
      this.endings = this.endings.slice(this.nextEnding);
      this.nextEnding = 0;
    }
  }
}

function lastTimeOf(event: KubeObject): Micros | undefined {
  const { lastTimestamp, eventTime } = event as { lastTimestamp?: string; eventTime?: string };
  const text = lastTimestamp ?? eventTime ?? event.metadata.creationTimestamp ?? undefined;
  return text ? parseRfc3339(text) : undefined;
}
