import type { JsonObject } from "../../base/json.ts";
import { isObject } from "../../base/json-object.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { dryRunQuery } from "./dry-run.ts";
import { CommandFault } from "./faults.ts";
import { findObjects } from "./find-objects.ts";
import { type DryRun, dryRunFlag, selectorFlag } from "./flag-groups.ts";
import { dryRunSuffix } from "./printers/result-printer.ts";
import { kindName } from "./resource.ts";
import type { Found } from "./selection.ts";

export const cordonFlags = { "dry-run": dryRunFlag, selector: selectorFlag };

/** The nodes that a command names: by name, node/NAME, or selector. */
export function* nodesNamed(context: Context, args: readonly string[], selector: string): Task<readonly Found[]> {
  const labelSelector = selector;
  const pairs = args.map((arg) => (arg.includes("/") ? arg : `nodes/${arg}`));
  const selection = selector === "" ? { args: pairs } : { args: ["nodes"], labelSelector, limit: 0 };
  const { found, failure } = yield* findObjects(context, selection);
  if (failure) throw failure;
  return found;
}

/** Whether a node takes no new pods. */
export function isCordoned({ object }: Found): boolean {
  return isObject(object.spec) && object.spec.unschedulable === true;
}

/** Cordons or uncordons a node, and says so (drain.RunCordonOrUncordon, 1.33). */
export function* setCordon(context: Context, found: Found, desired: boolean, dryRun: DryRun): Task {
  const word = desired ? "cordoned" : "uncordoned";
  const name = `${kindName(found.resource)}/${found.name}`;
  if (found.resource.namespaced || found.object.spec === undefined)
    throw new CommandFault(`error: unable to ${word} ${name}`);
  if (isCordoned(found) === desired) {
    context.out.line(`${name} already ${word}${dryRunSuffix(dryRun)}`);
    return;
  }
  if (dryRun !== "client") {
    const patch: JsonObject = { spec: { unschedulable: desired ? true : null } };
    yield* context.client.patch(found, "strategic", patch, dryRunQuery(dryRun));
  }
  context.out.line(`${name} ${word}${dryRunSuffix(dryRun)}`);
}
