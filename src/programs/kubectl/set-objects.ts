import type { JsonObject } from "../../base/json.ts";
import { twoWayMergePatch } from "../../base/patch/merge-patch.ts";
import { twoWayStrategicPatch } from "../../base/patch/strategic-diff.ts";
import { Status } from "../../kinds/status.ts";
import type { Task } from "../../machine/define.ts";
import { mergeSchemaOf } from "../../schema/merge-schema.ts";
import type { Context } from "./context.ts";
import { dryRunOf, dryRunQuery } from "./dry-run.ts";
import { isOrdinary } from "./fault-text.ts";
import { CommandFault, failuresOf } from "./faults.ts";
import { findObjects } from "./find-objects.ts";
import { dryRunFlag, fieldManagerFlag, fileFlags, printFlags, printOptions, selectorFlag } from "./flag-groups.ts";
import { boolFlag } from "./flag-types.ts";
import { resultPrinter } from "./printers/result-printer.ts";
import { recorded } from "./record.ts";
import type { Finding, Found } from "./selection.ts";
import { goTypeOf, typedObject } from "./typed-object.ts";

/** The flags of every `kubectl set`. */
export const setFlags = {
  ...fileFlags("that name what is to be changed"),
  ...printFlags(),
  all: boolFlag("All objects of the given types in the namespace."),
  "dry-run": dryRunFlag,
  "field-manager": fieldManagerFlag("kubectl-set"),
  local: boolFlag("Work on files alone, without a server."),
  selector: selectorFlag,
};

export interface SetValues {
  readonly "allow-missing-template-keys": boolean;
  readonly output: string;
  readonly "show-managed-fields": boolean;
  readonly template: string;
  readonly filename: readonly string[];
  readonly kustomize: string;
  readonly recursive: boolean;
  readonly all: boolean;
  readonly "dry-run": string;
  readonly "field-manager": string;
  readonly local: boolean;
  readonly selector: string;
  readonly record?: boolean;
}

/** What is said of words beside --local (resource.LocalResourceError). */
const localOnly = `you must specify resources by --filename when --local is set.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'`;

/** The objects that a `kubectl set` means. */
export function* setTargets(context: Context, resources: readonly string[], values: SetValues): Task<Finding> {
  const { filename: filenames, kustomize, recursive, all, local, selector } = values;
  if (local && resources.length > 0) throw new CommandFault(localOnly);
  const selection = { args: resources, filenames, kustomize, recursive, all, labelSelector: selector, local, limit: 0 };
  const finding = yield* findObjects(context, { ...selection, namesBesideAll: true, latest: !local });
  if (finding.failure) throw finding.failure;
  return finding;
}

/** How a `kubectl set` changes and reports objects. */
export interface SetWork {
  readonly operation: string;
  /** Before the server's refusal: "failed to patch image update to pod template: ". */
  readonly failed: string;
  /** Whether an object that does not change is reported all the same. */
  readonly reportsUnchanged?: boolean;
  /** What it would become; a fault that hinders nothing is `told`, and comes first. */
  change(found: Found, told: (fault: Error) => void): JsonObject;
}

/** Changes objects by strategic patches, or only shows what they would become (cmd/set, 1.33). */
export function* setObjects(context: Context, found: readonly Found[], values: SetValues, work: SetWork): Task {
  const dryRun = dryRunOf(context, values["dry-run"]);
  const printer = resultPrinter(context, { ...printOptions(values), operation: work.operation, dryRun });
  const faults: Error[] = [];
  const changes = found.map((one) => changeOf(one, work, faults));
  for (const { one, changed } of changes) {
    try {
      const after = recorded(context, values.record, changed());
      const patch = patchOf(one.object, after);
      if (Object.keys(patch).length === 0 && !work.reportsUnchanged) continue;
      if (values.local || dryRun === "client") printer.print(typedObject(after), true);
      else {
        const query = { fieldManager: values["field-manager"], ...dryRunQuery(dryRun) };
        const actual = yield* context.client.patch(one, "strategic", patch, query);
        printer.print(typedObject(actual), true);
      }
    } catch (fault) {
      if (!isOrdinary(fault)) throw fault;
      faults.push(fault instanceof Status ? new CommandFault(work.failed + fault.message) : fault);
    }
  }
  const failure = failuresOf(faults);
  if (failure) throw failure;
}

/** All changes are reckoned before the first is sent. */
function changeOf(one: Found, work: SetWork, faults: Error[]): { one: Found; changed: () => JsonObject } {
  try {
    const after = work.change(one, (fault) => faults.push(fault));
    return { one, changed: () => after };
  } catch (fault) {
    if (!isOrdinary(fault)) throw fault;
    return {
      one,
      changed() {
        throw fault;
      },
    };
  }
}

/** The patch that makes one object into another: strategic where kubectl knows the type. */
export function patchOf(before: JsonObject, after: JsonObject): JsonObject {
  const type = goTypeOf(before);
  return type ? twoWayStrategicPatch(before, after, mergeSchemaOf(type)) : twoWayMergePatch(before, after);
}
