import type { Micros } from "../../../base/clock.ts";
import type { KubeObject, ManagedFields } from "../../../kinds/types/meta.ts";

/** Who manages the fields of a write: one entry of metadata.managedFields. */
export interface FieldManager {
  readonly name: string;
  readonly apiVersion: string;
  readonly subresource: string | undefined;
}

/** Writes of a manager that were not put into metadata.managedFields yet: what it found and what it left. */
export interface Step {
  readonly manager: FieldManager;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject;
  readonly time: Micros;
}

/** What metadata.managedFields once were, and the writes since. */
export interface Trail {
  readonly base: readonly ManagedFields[] | undefined;
  readonly steps: readonly Step[];
}

/** Longer trails keep too many old versions alive: they are worked out when they get so long. */
const longest = 6;

/**
 * The writes since the metadata.managedFields of an object were true. Most objects are never asked for them, so they are
 * worked out when they are.
 */
const trails = new WeakMap<KubeObject, Trail>();

export function trailOf(object: KubeObject): Trail | undefined {
  return trails.get(object);
}

export function trackCreate(object: KubeObject, manager: FieldManager, time: Micros): void {
  trails.set(object, { base: undefined, steps: [{ manager, before: undefined, after: object, time }] });
}

/** A change by `manager`; without one, nobody comes to own what changed. */
export function trackUpdate(
  object: KubeObject,
  old: KubeObject,
  manager: FieldManager | undefined,
  time: Micros,
  resolve: (trail: Trail) => ManagedFields[],
): void {
  const trail = trails.get(old) ?? { base: old.metadata.managedFields, steps: [] };
  if (!manager) {
    if (trail.steps.length > 0) trails.set(object, trail);
    return;
  }
  const { base, steps } = trail;
  const last = steps[steps.length - 1];
  const next: Step = { manager, before: old, after: object, time };
  if (last && last.after === old && sameManager(last.manager, manager)) {
    trails.set(object, { base, steps: [...steps.slice(0, -1), { ...next, before: last.before }] });
  } else if (steps.length < longest) trails.set(object, { base, steps: [...steps, next] });
  else trails.set(object, { base: resolve(trail), steps: [next] });
}

/** A change of an object whose client says itself what the managedFields were before it. */
export function trackFrom(
  object: KubeObject,
  old: KubeObject,
  base: readonly ManagedFields[],
  manager: FieldManager,
  time: Micros,
): void {
  trails.set(object, { base, steps: [{ manager, before: old, after: object, time }] });
}

function sameManager(a: FieldManager, b: FieldManager): boolean {
  return a.name === b.name && a.subresource === b.subresource && a.apiVersion === b.apiVersion;
}
