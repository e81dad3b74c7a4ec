import { type Json, type JsonObject, toJson } from "../../base/json.ts";
import { isObject, sameJson } from "../../base/json-object.ts";
import { threeWayMergePatch, twoWayMergePatch } from "../../base/patch/merge-patch.ts";
import { PatchError } from "../../base/patch/patch-error.ts";
import { threeWayStrategicPatch } from "../../base/patch/strategic-diff.ts";
import { toYaml } from "../../base/yaml-out.ts";
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
export function applyPatchOf(live: JsonObject, modified: JsonObject, overwrite = true): ApplyPatch {
  const original = lastApplied(live) ?? {};
  const type = goTypeOf(modified);
  if (!overwrite) refuseConflicts(original, live, modified);
  const body = type
    ? threeWayStrategicPatch(original, modified, live, mergeSchemaOf(type))
    : threeWayMergePatch(original, modified, live);
  const metadata = isObject(body.metadata) ? body.metadata : {};
  if (body.apiVersion !== undefined || body.kind !== undefined || metadata.name !== undefined)
    throw new CommandFault("At least one of apiVersion, kind and name was changed");
  return { type: type ? "strategic" : "merge", body };
}

/** --overwrite=false: what others changed since the last apply is not to be changed back (mergepatch.HasConflicts). */
function refuseConflicts(original: JsonObject, live: JsonObject, modified: JsonObject): void {
  const wanted = twoWayMergePatch(live, { ...live, ...modified });
  const happened = twoWayMergePatch(original, live);
  if (!disagree(wanted, happened)) return;
  const shown = (patch: JsonObject) => toYaml(patch);
  throw new CommandFault(
    `patch:\n${shown(wanted)}\nconflicts with changes made from original to current:\n${shown(happened)}\n`,
  );
}

/** Whether two merge patches give one field different values. */
function disagree(a: Json, b: Json): boolean {
  if (!isObject(a) || !isObject(b)) return !sameJson(a, b);
  return Object.keys(a).some((key) => key in b && disagree(a[key] ?? null, b[key] ?? null));
}

/** Patches a live object into what a file says; `changed` is false where there was nothing to do. */
export function* patchToApplied(
  context: Context,
  found: Found,
  live: JsonObject,
  modified: JsonObject,
  query: Query,
  overwrite = true,
): Task<{ readonly object: JsonObject; readonly changed: boolean }> {
  let current = live;
  for (let left = RETRIES; ; left--) {
    const patch = made(context, found, current, modified, overwrite);
    if (Object.keys(patch.body).length === 0) return { object: current, changed: false };
    try {
      return { object: yield* context.client.patch(found, patch.type, patch.body, query), changed: true };
    } catch (fault) {
      const again = fault instanceof Status && fault.reason === "Conflict" && left > 0;
      const inner = withSource("patching", found.source, fault);
      if (!again)
        throw withSource(
          `applying patch:\n${toJson(patch.body, { sortKeys: true })}\nto:\n${about(found)}\nfor:`,
          found.source,
          inner,
        );
      current = yield* context.client.get(found);
    }
  }
}

function made(context: Context, found: Found, live: JsonObject, modified: JsonObject, overwrite: boolean): ApplyPatch {
  try {
    return applyPatchOf(live, modified, overwrite);
  } catch (problem) {
    const fault = problem instanceof PatchError ? unmade(context, found, live, modified, problem) : problem;
    throw withSource(`applying patch:\n\nto:\n${about(found)}\nfor:`, found.source, fault);
  }
}

/** Objects between which no patch can be made: a list's element without the key it goes by (createPatchErrFormat, 1.33). */
function unmade(
  context: Context,
  { source }: Found,
  live: JsonObject,
  modified: JsonObject,
  { message }: PatchError,
): CommandFault {
  context.err.line(`warning: error calculating patch from openapi v3 spec: ${message}`);
  const shown = (object: JsonObject) => `${toJson(object, { sortKeys: true })}\n`;
  const texts = `original:\n${shown(lastApplied(live) ?? {})}\nmodified:\n${shown(modified)}\ncurrent:\n${shown(live)}`;
  return new CommandFault(
    `error when patching ${JSON.stringify(source)}: creating patch with:\n${texts}\nfor:: ${message}`,
  );
}

/** An object as kubectl's resource.Info prints itself. */
export function about({ resource, namespace = "", name }: Found): string {
  const version = groupVersion(resource);
  const gv = resource.group === "" ? `/${version}` : version;
  const mapping = `Resource: "${gv}, Resource=${resource.plural}", GroupVersionKind: "${gv}, Kind=${resource.kind}"`;
  return `${mapping}\nName: ${JSON.stringify(name)}, Namespace: ${JSON.stringify(namespace)}`;
}
