/** A value that may be changed at every level: what is frozen is copied, what is fresh stays. */
export function thawed<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const list: unknown[] = Object.isFrozen(value) ? value.slice() : value;
    for (let i = 0; i < list.length; i++) {
      const item = list[i];
      if (typeof item === "object" && item !== null) list[i] = thawed(item);
    }
    return list as T;
  }
  const object = (Object.isFrozen(value) ? { ...value } : value) as Record<string, unknown>;
  for (const key in object) {
    const item = object[key];
    if (typeof item === "object" && item !== null) object[key] = thawed(item);
  }
  return object as T;
}

/**
 * `next` with every part that equals the old one replaced by the old one. So versions share what did not change, and
 * "changed" is a comparison of identity. Missing and undefined are the same.
 */
export function grafted<T>(next: T, old: unknown): T {
  if (next === old) return next;
  if (typeof next !== "object" || next === null || typeof old !== "object" || old === null) return next;
  if (Array.isArray(next)) return Array.isArray(old) ? (graftedList(next, old) as T) : next;
  if (Array.isArray(old)) return next;
  return graftedObject(next as Record<string, unknown>, old as Record<string, unknown>) as T;
}

function graftedList(next: unknown[], old: readonly unknown[]): readonly unknown[] {
  let same = next.length === old.length;
  const fixed = Object.isFrozen(next);
  for (let i = 0; i < next.length; i++) {
    const item = next[i];
    const part = grafted(item, old[i]);
    if (part !== old[i]) same = false;
    if (part !== item && !fixed) next[i] = part;
  }
  return same ? old : next;
}

function graftedObject(next: Record<string, unknown>, old: Record<string, unknown>): Record<string, unknown> {
  let same = true;
  const fixed = Object.isFrozen(next);
  for (const key in next) {
    const item = next[key];
    const part = grafted(item, old[key]);
    if (part !== old[key]) same = false;
    if (part !== item && !fixed) next[key] = part;
  }
  if (same) for (const key in old) if (old[key] !== undefined && next[key] === undefined) return next;
  return same ? old : next;
}
