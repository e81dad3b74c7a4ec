import type { Micros } from "../../../base/clock.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";

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

/**
 * The steps since the metadata.managedFields of an object were true. Most objects are never asked for them, so they are
 * worked out when they are.
 */
const trails = new WeakMap<KubeObject, readonly Step[]>();

export function trailOf(object: KubeObject): readonly Step[] | undefined {
  return trails.get(object);
}

export function trackCreate(object: KubeObject, manager: FieldManager, time: Micros): void {
  trails.set(object, [{ manager, before: undefined, after: object, time }]);
}

/** A change by `manager`; without one, nobody comes to own what changed. */
export function trackUpdate(
  object: KubeObject,
  old: KubeObject,
  manager: FieldManager | undefined,
  time: Micros,
): void {
  const steps = trails.get(old) ?? [];
  if (!manager) {
    if (steps.length > 0) trails.set(object, steps);
    return;
  }
  const last = steps[steps.length - 1];
  const next: Step = { manager, before: old, after: object, time };
  if (last && last.after === old && sameManager(last.manager, manager)) {
    trails.set(object, [...steps.slice(0, -1), { ...next, before: last.before }]);
  } else trails.set(object, [...steps, next]);
}

export function sameManager(a: FieldManager, b: FieldManager): boolean {
  return a.name === b.name && a.subresource === b.subresource && a.apiVersion === b.apiVersion;
}
