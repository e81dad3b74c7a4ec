import type { Json, JsonObject } from "../../../base/json.ts";
import { isList, isObject } from "../../../base/json-object.ts";
import { type ApplyShape, deduced } from "../../../schema/apply-shape.ts";
import type { FieldSet } from "./field-set.ts";
import { stepOf } from "./shape.ts";

/** The live value with an applied one laid over it (typed/merge.go). */
export function merged(live: Json | undefined, applied: Json, shape: ApplyShape): Json {
  if (shape.kind === "atomic" || live === undefined || live === null || applied === null) return applied;
  if (isObject(live) && isObject(applied) && (shape.kind === "map" || shape.kind === "fields")) {
    return mergedMap(live, applied, shape);
  }
  if (isList(live) && isList(applied) && (shape.kind === "set" || shape.kind === "keyed")) {
    return mergedList(live, applied, shape);
  }
  return applied;
}

function mergedMap(live: JsonObject, applied: JsonObject, shape: ApplyShape & { kind: "map" | "fields" }): JsonObject {
  const result: Record<string, Json | undefined> = { ...live };
  for (const name in applied) {
    const value = applied[name];
    if (value === undefined) continue;
    const inner = shape.kind === "map" ? shape.item : (shape.field(name) ?? deduced);
    result[name] = merged(live[name], value, inner);
  }
  return result;
}

/** Elements that both have keep the applied order; what only the live one has stays where it stood among them. */
function mergedList(
  live: readonly Json[],
  applied: readonly Json[],
  shape: ApplyShape & { kind: "set" | "keyed" },
): Json[] {
  const item: ApplyShape = shape.kind === "keyed" ? shape.item : { kind: "atomic" };
  const liveSteps = live.map((value, i) => stepOf(value, i, shape));
  const wanted = new Map(applied.map((value, i) => [stepOf(value, i, shape), value]));
  const liveValues = new Map(live.map((value, i) => [liveSteps[i] ?? "", value]));
  const result: Json[] = [];
  const done = new Set<string>();
  const take = (step: string, value: Json): void => {
    if (done.has(step)) return;
    done.add(step);
    const had = liveValues.get(step);
    result.push(had === undefined ? value : merged(had, value, item));
  };
  let next = 0;
  for (const [step, value] of wanted) {
    if (liveValues.has(step)) {
      // What stands before it and nobody applies comes first.
      for (; next < live.length && liveSteps[next] !== step; next++) {
        const other = liveSteps[next] ?? "";
        if (!wanted.has(other) && !done.has(other)) take(other, live[next] as Json);
        else if (!done.has(other)) break;
      }
      if (liveSteps[next] === step) next++;
    }
    take(step, value);
  }
  live.forEach((value, i) => {
    const step = liveSteps[i] ?? "";
    if (!wanted.has(step)) take(step, value);
  });
  return result;
}

/** The value without what stands at the paths of the set, and without what is below (typed/remove.go). */
export function withoutPaths(value: Json, gone: FieldSet, shape: ApplyShape): Json {
  if (gone.children.size === 0) return value;
  if (isObject(value) && (shape.kind === "map" || shape.kind === "fields")) {
    const result: Record<string, Json | undefined> = {};
    for (const name in value) {
      const part = value[name];
      if (part === undefined) continue;
      const below = gone.children.get(`f:${name}`);
      if (below?.member) continue;
      const inner = shape.kind === "map" ? shape.item : (shape.field(name) ?? deduced);
      result[name] = below ? withoutPaths(part, below, inner) : part;
    }
    return result;
  }
  if (isList(value) && (shape.kind === "set" || shape.kind === "keyed")) {
    const item: ApplyShape = shape.kind === "keyed" ? shape.item : { kind: "atomic" };
    return value.flatMap((part, i) => {
      const below = gone.children.get(stepOf(part, i, shape));
      if (below?.member) return [];
      return [below ? withoutPaths(part, below, item) : part];
    });
  }
  return value;
}
