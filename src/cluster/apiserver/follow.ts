import type { Kind } from "../../kinds/define.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { StoreChange } from "../store/define.ts";
import type { Change } from "./define.ts";
import type { Storage } from "./storage.ts";

interface Follow {
  readonly kind: Kind;
  readonly handler: (change: Change) => void;
  stop: (() => void) | undefined;
  /** What the follower knew when the server stopped. */
  known: ReadonlyMap<string, KubeObject> | undefined;
}

/** The in-process watches. As an informer does, they begin with all that is there and survive a restart of the server. */
export class Follows {
  private storage: Storage;
  private paused = false;
  private follows: Follow[] = [];

  constructor(storage: Storage) {
    this.storage = storage;
  }

  add(kind: Kind, handler: (change: Change) => void): () => void {
    const follow: Follow = { kind, handler, stop: undefined, known: new Map() };
    this.follows.push(follow);
    if (!this.paused) this.begin(follow);
    return () => {
      follow.stop?.();
      this.follows = this.follows.filter((other) => other !== follow);
    };
  }

  pause(): void {
    if (this.paused) return;
    this.paused = true;
    for (const follow of this.follows) {
      follow.stop?.();
      follow.stop = undefined;
      follow.known = new Map(this.storage.list(follow.kind).map((object) => [keyOf(object), object]));
    }
  }

  resume(storage: Storage): void {
    this.pause();
    this.storage = storage;
    this.paused = false;
    for (const follow of [...this.follows]) this.begin(follow);
  }

  /** Tells what is new to the follower, and then every change. Changes made while it is told come after it. */
  private begin(follow: Follow): void {
    const { kind, known = new Map() } = follow;
    const { storage } = this;
    const tell = teller(storage, follow);
    const waiting: StoreChange[] = [];
    let telling = true;
    follow.known = undefined;
    const objects = storage.list(kind).slice();
    follow.stop = storage.watch(kind, undefined, (change) => {
      if (telling) waiting.push(change);
      else tell(change);
    });
    const present = new Set<string>();
    for (const object of objects) {
      const key = keyOf(object);
      present.add(key);
      const old = known.get(key);
      if (!old) tell({ revision: 0, type: "ADDED", object, old });
      else if (old !== object) tell({ revision: 0, type: "MODIFIED", object, old });
    }
    for (const [key, old] of known) if (!present.has(key)) tell({ revision: 0, type: "DELETED", object: old, old });
    for (let change = waiting.shift(); change; change = waiting.shift()) tell(change);
    telling = false;
  }
}

function teller(storage: Storage, follow: Follow): (change: StoreChange) => void {
  const { kind, handler } = follow;
  const shown = (object: KubeObject) => storage.shown(kind, object);
  return ({ type, object, old }) => {
    // Stopped while a change was on its way.
    if (follow.stop === undefined) return;
    handler(old ? { type, object: shown(object), old: shown(old) } : { type, object: shown(object) });
  };
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
