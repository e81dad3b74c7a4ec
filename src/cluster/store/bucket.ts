import type { KubeObject } from "../../kinds/types/meta.ts";

/** Which list a bucket is: each entry remembers its place in every one of them. */
export type Slot = 0 | 1 | 2 | 3;

/** One key of etcd: its newest object, and where it stands in the lists that hold it (-1: not merged in yet). */
export class Entry {
  readonly key: string;
  object: KubeObject;
  readonly places: [number, number, number, number] = [-1, -1, -1, -1];

  constructor(key: string, object: KubeObject) {
    this.key = key;
    this.object = object;
  }
}

/**
 * Some of the objects of a resource (all, those of a namespace, of a node, of an owner) in the order of their keys.
 * New and gone keys are merged in when the list is asked for, into a new array: who walks over the old one is not disturbed.
 */
export class Bucket {
  private readonly slot: Slot;
  private entries: Entry[] = [];
  private readonly added = new Set<Entry>();
  private readonly removed = new Set<Entry>();
  private objects: KubeObject[] | undefined;

  constructor(slot: Slot) {
    this.slot = slot;
  }

  get size(): number {
    return this.entries.length + this.added.size - this.removed.size;
  }

  add(entry: Entry): void {
    entry.places[this.slot] = -1;
    this.added.add(entry);
  }

  /** The entry is gone from this list. */
  remove(entry: Entry): void {
    if (entry.places[this.slot] < 0) this.added.delete(entry);
    else this.removed.add(entry);
  }

  /** The entry has a newer object. */
  replaced(entry: Entry): void {
    const place = entry.places[this.slot];
    if (this.objects && place >= 0) this.objects[place] = entry.object;
  }

  list(): readonly KubeObject[] {
    if (this.added.size > 0 || this.removed.size > 0) this.merge();
    this.objects ??= this.entries.map((entry) => entry.object);
    return this.objects;
  }

  private merge(): void {
    const { slot, removed } = this;
    const added = [...this.added].sort(byKey);
    const merged: Entry[] = [];
    let next = 0;
    const take = (entry: Entry): void => {
      entry.places[slot] = merged.length;
      merged.push(entry);
    };
    for (const entry of this.entries) {
      if (removed.size > 0 && removed.has(entry)) continue;
      for (let fresh = added[next]; fresh && fresh.key < entry.key; fresh = added[++next]) take(fresh);
      take(entry);
    }
    for (let fresh = added[next]; fresh; fresh = added[++next]) take(fresh);
    this.entries = merged;
    this.added.clear();
    removed.clear();
    this.objects = undefined;
  }
}

function byKey(a: Entry, b: Entry): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
