import type { JsonObject } from "../../base/json.ts";
import { Status } from "../../kinds/status.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { CommandFault, untitled } from "./faults.ts";
import { eachFound, findObjects } from "./find-objects.ts";
import { checkRegistered } from "./kind-of.ts";
import type { PrintOptions } from "./printers/object-printer.ts";
import { resultPrinter } from "./printers/result-printer.ts";
import { qualifiedName } from "./resource.ts";
import { tellNothing } from "./rollouts.ts";
import type { Found, Selection } from "./selection.ts";
import { typedObject } from "./typed-object.ts";

/** What a rollout command does to each object: the patch, or what is said after its name where it cannot be done. */
export interface RolloutChange {
  /** paused, resumed, restarted */
  readonly operation: string;
  readonly fieldManager: string;
  change(found: Found): JsonObject | string;
}

/** Patches every object that was meant, and says so (cmd/rollout, 1.33). */
export function* patchRollouts(
  context: Context,
  selection: Selection,
  { operation, fieldManager, change }: RolloutChange,
  options: PrintOptions,
): Task {
  const finding = yield* findObjects(context, selection);
  tellNothing(context, finding);
  // Faults of files are told without `error: `.
  if (finding.failure && finding.found.length === 0) throw untitled(finding.failure);
  yield* eachFound(finding, function* (found) {
    const patch = change(found);
    if (typeof patch === "string") checkRegistered(found.resource);
    if (typeof patch === "string")
      throw new CommandFault(`error: ${qualifiedName(found.resource)} ${JSON.stringify(found.name)} ${patch}`);
    try {
      const object = yield* context.client.patch(found, "strategic", patch, { fieldManager });
      resultPrinter(context, { ...options, operation }).print(typedObject(object), true);
    } catch (fault) {
      throw fault instanceof Status ? new CommandFault(`failed to patch: ${fault.message}`) : fault;
    }
  });
}

/** Whether the path of a kind's pause, spec.paused, is set. */
export function isPaused({ object }: Found): boolean {
  return (object.spec as { readonly paused?: boolean } | undefined)?.paused === true;
}
