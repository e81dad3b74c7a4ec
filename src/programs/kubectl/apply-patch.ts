import { type JsonObject, toJson } from "../../base/json.ts";
import { isObject } from "../../base/json-object.ts";
import { threeWayMergePatch } from "../../base/patch/merge-patch.ts";
import { threeWayStrategicPatch } from "../../base/patch/strategic-diff.ts";
import { Status } from "../../kinds/status.ts";
import type { Task } from "../../machine/define.ts";
import { mergeSchemaOf } from "../../schema/merge-schema.ts";
import type { PatchType, Query } from "./client.ts";
import type { Context } from "./context.ts";
import { CommandFault } from "./faults.ts";
import { lastApplied } from "./last-applied.ts";
import { groupVersion } from "./resource.ts";
import type { Found } from "./selection.ts";
import { withSource } from "./source-fault.ts";
import { goTypeOf } from "./typed-object.ts";

/** A patch of kubectl apply, and the patch type it is sent as. */
interface ApplyPatch {
  readonly type: PatchType;
  readonly body: JsonObject;
}

/** How often a patch is tried again when another writer was quicker (apply/patcher.go maxPatchRetry, 1.33). */
const RETRIES = 5;

/** The patch from what was last applied, what is to be, and what is there: strategic for the types kubectl knows. */
export function applyPatchOf(live: JsonObject, modified: JsonObject): ApplyPatch {
  const original = lastApplied(live) ?? {};
  const type = goTypeOf(modified);
  const body = type
    ? threeWayStrategicPatch(original, modified, live, mergeSchemaOf(type))
    : threeWayMergePatch(original, modified, live);
  const metadata = isObject(body.metadata) ? body.metadata : {};
  if (body.apiVersion !== undefined || body.kind !== undefined || metadata.name !== undefined)
    throw new CommandFault("At least one of apiVersion, kind and name was changed");
  return { type: type ? "strategic" : "merge", body };
}

/** Patches a live object into what a file says; `changed` is false where there was nothing to do. */
export function* patchToApplied(
  context: Context,
  found: Found,
  live: JsonObject,
  modified: JsonObject,
  query: Query,
): Task<{ readonly object: JsonObject; readonly changed: boolean }> {
  let current = live;
  for (let left = RETRIES; ; left--) {
    const patch = made(found, current, modified);
    if (Object.keys(patch.body).length === 0) return { object: current, changed: false };
    try {
      return { object: yield* context.client.patch(found, patch.type, patch.body, query), changed: true };
    } catch (fault) {
      const again = fault instanceof Status && fault.reason === "Conflict" && left > 0;
      if (!again)
        throw withSource(
          `applying patch:\n${toJson(patch.body, { sortKeys: true })}\nto:\n${about(found)}\nfor:`,
          found.source,
          fault,
        );
      current = yield* context.client.get(found);
    }
  }
}

function made(found: Found, live: JsonObject, modified: JsonObject): ApplyPatch {
  try {
    return applyPatchOf(live, modified);
  } catch (fault) {
    throw withSource(`applying patch:\n\nto:\n${about(found)}\nfor:`, found.source, fault);
  }
}

/** An object as kubectl's resource.Info prints itself. */
export function about({ resource, namespace = "", name }: Found): string {
  const version = groupVersion(resource);
  const gv = resource.group === "" ? `/${version}` : version;
  const mapping = `Resource: "${gv}, Resource=${resource.plural}", GroupVersionKind: "${gv}, Kind=${resource.kind}"`;
  return `${mapping}\nName: ${JSON.stringify(name)}, Namespace: ${JSON.stringify(namespace)}`;
}
