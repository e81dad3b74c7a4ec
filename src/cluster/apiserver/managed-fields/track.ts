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
  /** The object with its managedFields, once they were worked out. */
  whole?: KubeObject;
}

/** Gives its subclasses an object that is there already, so that they can put a private field on it. */
function existing(object: object): object {
  return object;
}
const Existing = existing as unknown as new (object: object) => object;

/**
 * Keeps the trail of an object on the object itself, frozen as it is, where nothing else sees it and no copy takes it
 * along. (A WeakMap of all objects of a large cluster costs half of the time in garbage collection.)
 */
class Tracked extends Existing {
  #trail: Trail;

  constructor(object: KubeObject, trail: Trail) {
    super(object);
    this.#trail = trail;
  }

  static put(object: KubeObject, trail: Trail): void {
    if (#trail in object) (object as unknown as Tracked).#trail = trail;
    else new Tracked(object, trail);
  }

  static of(object: KubeObject): Trail | undefined {
    return #trail in object ? (object as unknown as Tracked).#trail : undefined;
  }
}

/** Longer trails keep too many old versions alive: they are worked out when they get so long. */
const longest = 6;

/** The writes since the metadata.managedFields of an object were true; they are worked out when somebody asks. */
export function trailOf(object: KubeObject): Trail | undefined {
  return Tracked.of(object);
}

export function trackCreate(object: KubeObject, manager: FieldManager, time: Micros): void {
  Tracked.put(object, { base: undefined, steps: [{ manager, before: undefined, after: object, time }] });
}

/** A change by `manager`; without one, nobody comes to own what changed. */
export function trackUpdate(
  object: KubeObject,
  old: KubeObject,
  manager: FieldManager | undefined,
  time: Micros,
  resolve: (trail: Trail) => ManagedFields[],
): void {
  const trail = Tracked.of(old) ?? { base: old.metadata.managedFields, steps: [] };
  if (!manager) {
    if (trail.steps.length > 0) Tracked.put(object, { base: trail.base, steps: trail.steps });
    return;
  }
  const { base, steps } = trail;
  const last = steps[steps.length - 1];
  const next: Step = { manager, before: old, after: object, time };
  if (last && last.after === old && sameManager(last.manager, manager)) {
    const longer: Step = { manager, before: last.before, after: object, time };
    Tracked.put(object, { base, steps: [...steps.slice(0, -1), longer] });
  } else if (steps.length < longest) Tracked.put(object, { base, steps: [...steps, next] });
  else Tracked.put(object, { base: resolve(trail), steps: [next] });
}

/** A change of an object whose client says itself what the managedFields were before it. */
export function trackFrom(
  object: KubeObject,
  old: KubeObject,
  base: readonly ManagedFields[],
  manager: FieldManager,
  time: Micros,
): void {
  Tracked.put(object, { base, steps: [{ manager, before: old, after: object, time }] });
}

function sameManager(a: FieldManager, b: FieldManager): boolean {
  return a.name === b.name && a.subresource === b.subresource && a.apiVersion === b.apiVersion;
}
