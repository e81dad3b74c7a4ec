import { type Micros, SECOND } from "../../base/clock.ts";
import type { JsonObject } from "../../base/json.ts";
import { Status } from "../../kinds/status.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { CommandFault } from "./faults.ts";
import { boolFlag, durationFlag, intFlag, textFlag } from "./flag-types.ts";
import { followObject, timedOut } from "./follow-object.ts";
import type { Found } from "./selection.ts";

/** --cascade, --force, --grace-period, --timeout and --wait of commands that delete. */
export function deletionFlags(wait: boolean) {
  return {
    cascade: textFlag("What becomes of what the objects own: background, foreground or orphan.", {
      initial: "background",
      bare: "background",
    }),
    force: boolFlag("Delete at once, without waiting for what runs to end."),
    "grace-period": intFlag("How many seconds what runs has to end; -1 leaves it to the object.", { initial: -1 }),
    timeout: durationFlag("How long to wait at most."),
    wait: boolFlag("Wait until the objects are gone.", { initial: wait }),
  };
}

/** The propagation policy of --cascade; what is wrong with it is a fault (cmdutil.GetCascadingStrategy, 1.33). */
export function propagationOf(context: Context, cascade: string): string {
  switch (cascade) {
    case "background":
      return "Background";
    case "foreground":
      return "Foreground";
    case "orphan":
      return "Orphan";
    case "true":
      context.err.line(
        "warning: --cascade=true is deprecated (boolean value) and can be replaced with --cascade=background.",
      );
      return "Background";
    case "false":
      context.err.line(
        "warning: --cascade=false is deprecated (boolean value) and can be replaced with --cascade=orphan.",
      );
      return "Orphan";
  }
  throw new CommandFault(cascadeProblem(cascade) ?? "");
}

/** What is wrong with --cascade. */
export function cascadeProblem(cascade: string): string | undefined {
  return ["background", "foreground", "orphan", "true", "false"].includes(cascade)
    ? undefined
    : `invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`;
}

/** What a deletion says to the server. */
export function deleteOptions(propagationPolicy: string, gracePeriod: number): JsonObject {
  return gracePeriod < 0 ? { propagationPolicy } : { gracePeriodSeconds: gracePeriod, propagationPolicy };
}

/** A deleted object, with the uid that is to be gone: another of its name does not count. */
export interface Deleted {
  readonly found: Found;
  readonly uid: string | undefined;
}

/** How long kubectl waits where nobody said: a week. */
export const WEEK: Micros = 7 * 24 * 3600 * SECOND;

/** Waits until every deleted object is gone (wait.IsDeleted, 1.33); who may not look does not wait. */
export function* untilGone(context: Context, all: readonly Deleted[], timeout: Micros): Task {
  const until = context.now + (timeout > 0 ? timeout : WEEK);
  for (const { found, uid } of all) {
    try {
      yield* untilOneGone(context, found, uid, until);
    } catch (fault) {
      if (fault instanceof Status && ["Forbidden", "MethodNotAllowed"].includes(fault.reason)) return;
      throw fault;
    }
  }
}

/** Waits until one object is gone. */
export function* untilOneGone(context: Context, found: Found, uid: string | undefined, until: Micros): Task {
  const isGone = (object: JsonObject | undefined) =>
    object === undefined || (uid !== undefined && (object.metadata as JsonObject).uid !== uid);
  const { resource, namespace, name } = found;
  if (isGone(yield* context.client.find({ resource, namespace, name }))) return;
  try {
    yield* followObject(context, found, until, isGone);
  } catch (fault) {
    if (!(fault instanceof CommandFault) || fault.message !== timedOut) throw fault;
    throw new CommandFault(`${timedOut} on ${resource.plural}/${name}`);
  }
}
