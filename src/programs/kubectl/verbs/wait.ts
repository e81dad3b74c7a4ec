import { type Micros, SECOND } from "../../../base/clock.ts";
import { Status } from "../../../kinds/status.ts";
import type { Task } from "../../../machine/define.ts";
import type { Context } from "../context.ts";
import type { FlagValues, Verb } from "../define.ts";
import { untilOneGone, WEEK } from "../delete-objects.ts";
import { isOrdinary } from "../fault-text.ts";
import { CommandFault, failuresOf } from "../faults.ts";
import { findObjects } from "../find-objects.ts";
import {
  allNamespacesFlag,
  fieldSelectorFlag,
  fileFlags,
  printFlags,
  printOptions,
  recursiveByDefault,
  selectorFlag,
} from "../flag-groups.ts";
import { boolFlag, durationFlag, textFlag } from "../flag-types.ts";
import { followObject, timedOut } from "../follow-object.ts";
import { metadataSelection } from "../metadata-flags.ts";
import { namedObjects } from "../named-objects.ts";
import { resultPrinter } from "../printers/result-printer.ts";
import { type Finding, type Found, missingResource, type Selection } from "../selection.ts";
import { readWaitCondition, type WaitCondition } from "../wait-condition.ts";

const { kustomize: _, ...files } = fileFlags("that name what is waited for");
const flags = {
  ...files,
  recursive: recursiveByDefault,
  ...printFlags(),
  all: boolFlag("All objects of the given types in the namespace."),
  "all-namespaces": allNamespacesFlag,
  "field-selector": fieldSelectorFlag,
  for: textFlag("What to wait for: create, delete, condition=NAME[=VALUE], jsonpath='{EXPRESSION}'[=VALUE]."),
  local: boolFlag("Work on files alone, without a server."),
  selector: selectorFlag,
  timeout: durationFlag("How long to wait; 0 looks once, less than 0 waits for a week.", { initial: 30 * SECOND }),
};
type Values = FlagValues<typeof flags>;

/** Waits until objects are there, gone, or as they shall be. */
export const wait: Verb<typeof flags> = {
  path: ["wait"],
  usage:
    "wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
  short: "Wait for a specific condition on one or many resources",
  examples: [
    "kubectl wait --for=condition=Ready pod/busybox1",
    "kubectl wait --for=jsonpath='{.status.phase}'=Running pod/busybox1",
    "kubectl wait --for=delete pod/busybox1 --timeout=60s",
  ],
  flags,
  config: "whole",
  *run(context, { args, flags: values }) {
    const condition = readWaitCondition(values.for);
    if (args.length === 0 && values.filename.length === 0) throw new CommandFault(missingResource);
    const until = context.now + (values.timeout < 0 ? WEEK : values.timeout);
    const selection = selectionOf(args, values);
    if (condition.what === "create") yield* untilThere(context, selection, until, values.timeout);
    const finding = yield* look(context, selection, condition);
    if (condition.what === "create" && finding.failure) throw finding.failure;
    if (finding.found.length === 0 && !finding.failure) {
      if (condition.what === "delete") return;
      throw new CommandFault("no matching resources found");
    }
    const faults: Error[] = finding.failure ? [finding.failure] : [];
    for (const found of finding.found) {
      try {
        yield* waitForOne(context, found, condition, until, values);
        resultPrinter(context, { ...printOptions(values), operation: "condition met" }).print(found.object);
      } catch (fault) {
        if (!isOrdinary(fault)) throw fault;
        faults.push(fault);
      }
    }
    const failure = failuresOf(faults);
    if (failure) throw failure;
  },
};

function selectionOf(args: readonly string[], values: Values): Selection {
  return { ...metadataSelection(args, { ...values, kustomize: "" }), latest: true };
}

/** What is gone already is what --for=delete waits for. */
function* look(context: Context, selection: Selection, condition: WaitCondition): Task<Finding> {
  const finding = yield* findObjects(context, selection);
  const { failure } = finding;
  if (condition.what !== "delete" || !failure) return finding;
  const isMissing = (fault: Error) => fault instanceof Status && fault.reason === "NotFound";
  const faults = "faults" in failure ? (failure.faults as readonly Error[]) : [failure];
  return { ...finding, failure: failuresOf(faults.filter((fault) => !isMissing(fault))) };
}

/** --for=create: looks again and again, for names and for selectors alike; for what files name, once (wait.go, 1.33). */
function* untilThere(context: Context, selection: Selection, until: Micros, timeout: Micros): Task {
  const { args = [], filenames = [], labelSelector, fieldSelector, all } = selection;
  if (filenames.length > 0) return;
  const named = args.length > 0 && namedObjects(args);
  const bulk = labelSelector || fieldSelector || all || (named && !named.combined && named.names.length === 0);
  for (;;) {
    const { found, failure } = yield* findObjects(context, selection);
    if (failure && !(failure instanceof Status && failure.reason === "NotFound")) throw failure;
    if (!failure && (found.length > 0 || !bulk)) return;
    if (timeout === 0 || context.now >= until) throw new CommandFault(timedOut);
    yield* context.sleep(0.5);
  }
}

function* waitForOne(
  context: Context,
  found: Found,
  condition: WaitCondition,
  until: Micros,
  { timeout, local }: Values,
): Task {
  const name = `${found.resource.plural}/${found.name}`;
  if (condition.what === "create") return;
  // One deadline for all: when it has passed nothing is looked at any more (wait.go, 1.33).
  if (timeout !== 0 && !local && context.now >= until) throw new CommandFault(`${timedOut} on ${name}`);
  if (condition.what === "delete") {
    const uid = (found.object.metadata as { uid?: string } | undefined)?.uid;
    if (timeout === 0) throw new CommandFault(`condition not met for ${name}`);
    yield* untilOneGone(context, found, uid, until);
    return;
  }
  if (condition.met(found.object)) return;
  if (timeout === 0 || local) throw new CommandFault(`condition not met for ${name}`);
  try {
    yield* followObject(context, found, until, (object) => object !== undefined && condition.met(object));
  } catch (fault) {
    if (!(fault instanceof CommandFault) || fault.message !== timedOut) throw fault;
    throw new CommandFault(`${timedOut} on ${name}`);
  }
}
