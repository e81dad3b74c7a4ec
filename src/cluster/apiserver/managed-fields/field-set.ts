import type { JsonObject } from "../../../base/json.ts";

/**
 * A set of paths in an object, as a tree. Steps are written as in fieldsV1: `f:name` a field or key, `k:{"name":"a"}` an
 * element of a list found by its keys, `v:"a"` a value of a set, `i:0` an index. (structured-merge-diff v6, fieldpath)
 */
export interface FieldSet {
  /** The path that ends here is in the set. */
  member: boolean;
  readonly children: Map<string, FieldSet>;
}

export function newSet(): FieldSet {
  return { member: false, children: new Map() };
}

export function isEmptySet(set: FieldSet): boolean {
  return !set.member && set.children.size === 0;
}

/** The set below a step; made where it is missing. */
export function childOf(set: FieldSet, step: string): FieldSet {
  let child = set.children.get(step);
  if (!child) {
    child = newSet();
    set.children.set(step, child);
  }
  return child;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map(a.children);
  for (const [step, child] of b.children) {
    const other = children.get(step);
    children.set(step, other ? union(other, child) : child);
  }
  return { member: a.member || b.member, children };
}

/** The paths of `a` that are not in `b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [step, child] of a.children) {
    const other = b.children.get(step);
    const rest = other ? difference(child, other) : child;
    if (!isEmptySet(rest)) children.set(step, rest);
  }
  return { member: a.member && !b.member, children };
}

/** The paths of `a` that are neither in `b` nor below a path of `b`. */
export function withoutBelow(a: FieldSet, b: FieldSet): FieldSet {
  if (b.member) return newSet();
  const children = new Map<string, FieldSet>();
  for (const [step, child] of a.children) {
    const other = b.children.get(step);
    const rest = other ? withoutBelow(child, other) : child;
    if (!isEmptySet(rest)) children.set(step, rest);
  }
  return { member: a.member, children };
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [step, child] of a.children) {
    const other = b.children.get(step);
    const both = other && intersection(child, other);
    if (both && !isEmptySet(both)) children.set(step, both);
  }
  return { member: a.member && b.member, children };
}

export function sameSet(a: FieldSet, b: FieldSet): boolean {
  if (a.member !== b.member || a.children.size !== b.children.size) return false;
  for (const [step, child] of a.children) {
    const other = b.children.get(step);
    if (!other || !sameSet(child, other)) return false;
  }
  return true;
}

/** Every path of the set, in order, as steps. */
export function* pathsOf(set: FieldSet, before: readonly string[] = []): Generator<readonly string[]> {
  if (set.member && before.length > 0) yield before;
  for (const step of sortedSteps(set)) yield* pathsOf(set.children.get(step) ?? newSet(), [...before, step]);
}

/** The set as it stands in managedFields. */
export function toFieldsV1(set: FieldSet): JsonObject {
  const fields: Record<string, JsonObject> = {};
  if (set.member && set.children.size > 0) fields["."] = {};
  for (const step of sortedSteps(set)) fields[step] = toFieldsV1(set.children.get(step) ?? newSet());
  return fields;
}

export function fromFieldsV1(fields: Readonly<Record<string, unknown>> | undefined): FieldSet {
  const set = newSet();
  for (const step in fields) {
    if (step === ".") set.member = true;
    else set.children.set(step, memberFrom(fields[step] as Record<string, unknown>));
  }
  return set;
}

function memberFrom(fields: Record<string, unknown>): FieldSet {
  const set = fromFieldsV1(fields);
  if (set.children.size === 0) set.member = true;
  return set;
}

const order = "fkvi";

function sortedSteps({ children }: FieldSet): string[] {
  return [...children.keys()].sort((a, b) => {
    const kind = order.indexOf(a[0] ?? "") - order.indexOf(b[0] ?? "");
    return kind !== 0 ? kind : a < b ? -1 : a > b ? 1 : 0;
  });
}

/** A path as conflicts show it: .spec.template.spec.containers[name="nginx"].image */
export function pathText(path: readonly string[]): string {
  return path.map(stepText).join("");
}

function stepText(step: string): string {
  const text = step.slice(2);
  if (step.startsWith("f:")) return `.${text}`;
  if (step.startsWith("v:")) return `[=${text}]`;
  if (step.startsWith("i:")) return `[${text}]`;
  const keys = JSON.parse(text) as Record<string, unknown>;
  return `[${Object.entries(keys)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(",")}]`;
}
