import type { Json, JsonObject } from "../../../../base/json.ts";
import { isObject } from "../../../../base/json-object.ts";
import { Status } from "../../../../kinds/status.ts";
import type { Task } from "../../../../machine/define.ts";
import { applyPatchOf } from "../../apply-patch.ts";
import type { Context } from "../../context.ts";
import { withoutLastApplied } from "../../last-applied.ts";
import { logLine } from "../../log-line.ts";
import { groupVersion } from "../../resource.ts";
import type { Found } from "../../selection.ts";

/** An object as it is, and as an apply would leave it. */
interface LiveAndMerged {
  readonly live: JsonObject | undefined;
  readonly merged: JsonObject;
}

/** How the apply is to be done that is only tried. */
interface Trial {
  readonly serverSide: boolean;
  readonly forceConflicts: boolean;
  readonly fieldManager: string;
}

/** How often a conflict is tried again (cmd/diff maxRetries, 1.33). */
const RETRIES = 4;

/** Lets the server try an apply of one object, again where another writer was quicker. */
export function* liveAndMerged(context: Context, found: Found, trial: Trial): Task<LiveAndMerged> {
  for (let turn = 1; ; turn++) {
    if (turn === RETRIES) context.err.line(logLine(context.proc, "W", "diff.go:723", withoutLock(found)));
    try {
      return yield* tried(context, found, trial);
    } catch (fault) {
      if (turn === RETRIES || !(fault instanceof Status && fault.reason === "Conflict")) throw fault;
    }
  }
}

function withoutLock({ resource, name }: Found): string {
  const version = `${resource.group === "" ? "/" : ""}${groupVersion(resource)}`;
  return `Object (${version}, Kind=${resource.kind}: ${name}) keeps changing, diffing without lock`;
}

/** One try (InfoObject.Merged): the annotation of the last apply is left as it is. */
function* tried(context: Context, found: Found, trial: Trial): Task<LiveAndMerged> {
  const { client } = context;
  const live = yield* client.find(found);
  const query = { fieldManager: trial.fieldManager, dryRun: "All" };
  if (trial.serverSide) {
    const force = String(trial.forceConflicts);
    return { live, merged: yield* client.patch(found, "apply", found.object, { ...query, force }) };
  }
  if (!live) return { live, merged: yield* client.create(found.resource, found.namespace, found.object, query) };
  const { type, body } = applyPatchOf(live, withoutLastApplied(found.object));
  if (Object.keys(body).length === 0) return { live, merged: live };
  return { live, merged: yield* client.patch(found, type, body, query) };
}

/** What a difference shows of both: without managedFields, and of a confidential map only which values differ. */
export function shownIn(
  { live, merged }: LiveAndMerged,
  withManagers: boolean,
  confidential: string | undefined,
): LiveAndMerged {
  const bare = withManagers ? (object: JsonObject) => object : withoutManagers;
  const shown = { live: live && bare(live), merged: bare(merged) };
  return confidential === undefined ? shown : masked(shown, confidential);
}

function withoutManagers(object: JsonObject): JsonObject {
  const { metadata } = object;
  return isObject(metadata) ? { ...object, metadata: { ...metadata, managedFields: undefined } } : object;
}

/** cmd/diff Masker, 1.33 */
function masked({ live, merged }: LiveAndMerged, field: string): LiveAndMerged {
  const [from, to] = [mapIn(live, field), mapIn(merged, field)];
  const hidden = (own: JsonObject, other: JsonObject, word: string) =>
    Object.fromEntries(
      Object.entries(own).map(([key, value]) => [key, key in other && other[key] !== value ? `*** (${word})` : "***"]),
    );
  return {
    live: live && withMap(live, field, hidden(from, to, "before")),
    merged: withMap(merged, field, hidden(to, from, "after")),
  };
}

function mapIn(object: JsonObject | undefined, field: string): JsonObject {
  const map = object?.[field];
  return isObject(map) ? map : {};
}

function withMap(object: JsonObject, field: string, map: Readonly<Record<string, Json>>): JsonObject {
  return isObject(object[field]) ? { ...object, [field]: map } : object;
}
