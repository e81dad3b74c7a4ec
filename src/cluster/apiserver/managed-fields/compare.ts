import type { Json } from "../../../base/json.ts";
import { sameJson } from "../../../base/json-object.ts";
import type { ApplyShape } from "../../../schema/apply-shape.ts";
import { childOf, type FieldSet, newSet } from "./field-set.ts";
import { isBlank, type Part, partsOf } from "./shape.ts";

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** Every path that a value owns (typed/tofieldset.go). */
export function setOf(value: Json, shape: ApplyShape): FieldSet {
  const set = newSet();
  collect(set, value, shape);
  return set;
}

function collect(set: FieldSet, value: Json, shape: ApplyShape): void {
  const parts = partsOf(value, shape);
  if (!parts) {
    // A list or struct that is null owns nothing by itself; whoever holds it says so.
    if (value !== null || shape.kind === "atomic") set.member = true;
    return;
  }
  for (const [step, part] of parts) {
    const child = childOf(set, step);
    collect(child, part.value, part.shape);
    if (!part.named || isBlankMap(part.value)) child.member = true;
    if (!child.member && child.children.size === 0) set.children.delete(step);
  }
}

function isBlankMap(value: Json): boolean {
  return value === null || (typeof value === "object" && !Array.isArray(value) && isBlank(value));
}

/** What differs between two values (typed/compare.go). */
export function compare(before: Json | undefined, after: Json | undefined, shape: ApplyShape): Comparison {
  const result = { added: newSet(), modified: newSet(), removed: newSet() };
  walk(before, after, shape, { added: result.added, modified: result.modified, removed: result.removed });
  prune(result.added);
  prune(result.modified);
  prune(result.removed);
  return result;
}

function walk(before: Json | undefined, after: Json | undefined, shape: ApplyShape, into: Comparison): void {
  // What versions share was not changed; that is most of an object.
  if (before === after) return;
  const left = partsOf(before, shape);
  const right = partsOf(after, shape);
  const asWhole =
    (!left && !right) ||
    (isBlank(before) && isBlank(after)) ||
    (!left && !isBlank(before)) ||
    (!right && !isBlank(after));
  if (asWhole) {
    if (before === undefined) into.added.member = true;
    else if (after === undefined) into.removed.member = true;
    else if (!sameJson(before, after)) into.modified.member = true;
    return;
  }
  if (left) for (const [step, part] of left) step_(step, part, right?.get(step), into);
  if (right) for (const [step, part] of right) if (!left?.has(step)) step_(step, undefined, part, into);
  if (before === undefined) into.added.member = true;
  if (after === undefined) into.removed.member = true;
}

function step_(step: string, before: Part | undefined, after: Part | undefined, into: Comparison): void {
  const shape = (after ?? before)?.shape;
  if (!shape || (before && after && before.value === after.value)) return;
  walk(before?.value, after?.value, shape, {
    added: childOf(into.added, step),
    modified: childOf(into.modified, step),
    removed: childOf(into.removed, step),
  });
}

/** Takes out branches that hold nothing. */
function prune(set: FieldSet): void {
  for (const [step, child] of set.children) {
    prune(child);
    if (!child.member && child.children.size === 0) set.children.delete(step);
  }
}
