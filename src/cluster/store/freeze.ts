/** Freezes an object and all its levels that are new: what is frozen already is shared with an older version. */
export function freezeNew<T extends object>(value: T): T {
  if (Object.isFrozen(value)) return value;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object" && item !== null) freezeNew(item);
    return Object.freeze(value);
  }
  for (const key in value) {
    const item = value[key];
    if (typeof item === "object" && item !== null) freezeNew(item);
  }
  return Object.freeze(value);
}
