import type { Kind } from "../../kinds/define.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { StoreChange } from "../store/define.ts";
import type { Change, WatchOptions } from "./define.ts";
import type { Storage } from "./storage.ts";

/**
 * An in-process watch: all that is there as ADDED, then every change. Changes made while a handler runs come after what
 * it is being told.
 */
export function follow(
  storage: Storage,
  kind: Kind,
  handler: (change: Change) => void,
  where: WatchOptions["where"],
): () => void {
  const shown = (object: KubeObject) => storage.shown(kind, object);
  let stopped = false;
  const tell = ({ type, object, old }: StoreChange): void => {
    if (stopped) return;
    const before = old && isInside(old, where) ? old : undefined;
    if (!before && type !== "DELETED") handler({ type: "ADDED", object: shown(object) });
    else handler(before ? { type, object: shown(object), old: shown(before) } : { type, object: shown(object) });
  };
  // Most watchers see all of a resource as it is stored: they get the store's own note of a change.
  const plain = !where && !kind.shownAs && !kind.storedAs;
  const waiting: StoreChange[] = [];
  let telling = true;
  const objects = where ? storage.indexed(kind, where.index, where.value) : storage.list(kind);
  const present = objects.slice();
  const stop = storage.watch(
    kind,
    undefined,
    (change) => {
      if (telling) waiting.push(change);
      else if (!plain) tell(change);
      else if (!stopped) handler(change as Change);
    },
    where?.value,
  );
  for (const object of present) tell({ revision: 0, type: "ADDED", object, old: undefined });
  for (let change = waiting.shift(); change; change = waiting.shift()) tell(change);
  telling = false;
  return () => {
    stopped = true;
    stop();
  };
}

function isInside(object: KubeObject, where: WatchOptions["where"]): boolean {
  return !where || (object.spec as { nodeName?: string } | undefined)?.nodeName === where.value;
}
