import type { JsonObject } from "../../../base/json.ts";
import { parseRfc3339 } from "../../../base/time.ts";
import type { Kind } from "../../../kinds/define.ts";
import type { Event } from "../../../kinds/types/core.ts";
import type { KubeObject, ManagedFields } from "../../../kinds/types/meta.ts";
import { timeText } from "../time-text.ts";
import { compare } from "./compare.ts";
import { difference, fromFieldsV1, isEmptySet, union, withoutBelow } from "./field-set.ts";
import { isSame, type Manager, readManagers, writeManagers } from "./managers.ts";
import { emptyObject, shapeOf } from "./shape.ts";
import { type Step, type Trail, trailOf } from "./track.ts";

const statusOnly = fromFieldsV1({ "f:status": {} });

/** The object with its metadata.managedFields, worked out from the writes since they were last true. */
export function complete(kindOf: (object: KubeObject) => Kind | undefined, object: KubeObject): KubeObject {
  const trail = trailOf(object) ?? trailOfEvent(object);
  if (!trail) return object;
  if (trail.whole) return trail.whole;
  const kind = kindOf(object);
  if (!kind) return object;
  const managedFields = managedFieldsOf(kind, trail.base, trail.steps);
  const { managedFields: _, ...metadata } = object.metadata;
  const whole = { ...object, metadata: managedFields.length > 0 ? { ...metadata, managedFields } : metadata };
  trail.whole = whole;
  return whole;
}

/** Recorded events are not tracked one by one: their recorder owns all of them. */
function trailOfEvent(object: KubeObject): Trail | undefined {
  if (object.kind !== "Event" || object.apiVersion !== "v1" || object.metadata.managedFields) return undefined;
  const { source, reportingComponent, lastTimestamp, eventTime } = object as Event;
  const name = source?.component || reportingComponent || "";
  const apiVersion = source?.component ? "v1" : "events.k8s.io/v1";
  const time = parseRfc3339(lastTimestamp ?? eventTime ?? "");
  if (time === undefined || name === "") return undefined;
  const manager = { name, apiVersion, subresource: undefined };
  return { base: undefined, steps: [{ manager, before: undefined, after: object, time }] };
}

/** The entries after some writes. */
export function managedFieldsOf(
  kind: Kind,
  base: readonly ManagedFields[] | undefined,
  steps: readonly Step[],
): ManagedFields[] {
  let managers = readManagers(base);
  for (const step of steps) managers = afterUpdate(kind, managers, step);
  return writeManagers(managers);
}

/** What a write by Update makes of the managers (merge/update.go Update). */
function afterUpdate(kind: Kind, managers: readonly Manager[], { manager, before, after, time }: Step): Manager[] {
  const left = before ? (before as unknown as JsonObject) : emptyObject(kind);
  const changes = compare(left, after as unknown as JsonObject, shapeOf(kind));
  const self = {
    name: manager.name,
    operation: "Update" as const,
    apiVersion: manager.apiVersion,
    subresource: manager.subresource,
  };
  const taken = union(changes.modified, changes.added);
  const lost = union(taken, changes.removed);
  const result: Manager[] = [];
  let own: Manager | undefined;
  for (const other of managers) {
    if (isSame(other, self)) own = other;
    else result.push({ ...other, set: difference(other.set, lost) });
  }
  // A status that a new object brings along is not taken, so nobody comes to own it.
  const isStatus = manager.subresource === undefined && kind.subresources?.some(({ name }) => name === "status");
  const gained = isStatus ? withoutBelow(taken, statusOnly) : taken;
  const set = union(own ? difference(own.set, changes.removed) : { member: false, children: new Map() }, gained);
  const changed = !isEmptySet(gained) || !isEmptySet(changes.removed);
  result.push({ ...self, time: changed || !own ? timeText(time) : own.time, set });
  return result.filter(({ set }) => !isEmptySet(set));
}
