import { SECOND } from "../../../base/clock.ts";
import type { JsonObject } from "../../../base/json.ts";
import { Status } from "../../../kinds/status.ts";
import type { Task } from "../../../machine/define.ts";
import type { Context } from "../context.ts";
import { WEEK } from "../delete-objects.ts";
import { namedTargets } from "../delete-targets.ts";
import type { FlagValues, Verb } from "../define.ts";
import { CommandFault, failuresOf, faultsIn } from "../faults.ts";
import { eachFound, findObjects } from "../find-objects.ts";
import { allNamespacesFlag, fieldSelectorFlag, fileFlags, printFlags, printOptions, selectorFlag } from "../flag-groups.ts";
import { boolFlag, durationFlag, textFlag } from "../flag-types.ts";
import { followObject, timedOut } from "../follow-object.ts";
import type { ObjectPrinter } from "../printers/object-printer.ts";
import { resultPrinter } from "../printers/result-printer.ts";
import { qualifiedName } from "../resource.ts";
import type { Finding, Found, Selection } from "../selection.ts";
import { type WaitFor, waitFor } from "../wait-condition.ts";

const flags = {
  ...fileFlags("that name what to wait for"),
  ...printFlags(),
  all: boolFlag("All objects of the given types in the namespace."),
  "all-namespaces": allNamespacesFlag,
  "field-selector": fieldSelectorFlag,
  for: textFlag(
    "What to wait for: create, delete, condition=NAME[=VALUE] (True where nothing is said) or jsonpath='{EXPRESSION}'[=VALUE].",
  ),
  local: boolFlag("Work on files alone, without a server."),
  selector: selectorFlag,
  timeout: durationFlag("How long to wait at most; zero looks once, less than zero waits for a week.", {
    initial: 30 * SECOND,
  }),
};
type Values = FlagValues<typeof flags>;

/** Waits until objects have a condition. */
export const wait: Verb<typeof flags> = {
  path: ["wait"],
  usage:
    "wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]] [options]",
  short: "Experimental: Wait for a specific condition on one or many resources",
  examples: [
    "kubectl wait --for=condition=Ready pod/busybox1",
    "kubectl wait --for=condition=Ready=false pod/busybox1",
    "kubectl wait --for=create pod/busybox1",
    "kubectl wait --for=jsonpath='{.status.phase}'=Running pod/busybox1",
    "kubectl wait --for=delete pod/busybox1 --timeout=60s",
  ],
  flags,
  *run(context, { args, flags: values }) {
    const wanted = waitFor(values.for);
    const printer = resultPrinter(context, { ...printOptions(values), operation: "condition met" });
    const until = context.now + (values.timeout < 0 ? WEEK : values.timeout);
    const selection = selectionOf(args, values);
    if (wanted.kind === "create") yield* untilAllThere(context, selection, until, values.timeout);
    const finding = yield* meant(context, selection, wanted);
    if (finding.found.length === 0 && !finding.failure && wanted.kind !== "delete")
      throw new CommandFault("no matching resources found");
    yield* eachFound(finding, (found) => waitForOne(context, found, wanted, { until, printer, once: values.timeout === 0 }));
  },
};

function selectionOf(args: readonly string[], values: Values): Selection {
  const { filename: filenames, kustomize, recursive, all, local, selector: labelSelector } = values;
  const rest = { fieldSelector: values["field-selector"], allNamespaces: values["all-namespaces"] };
  return { args, filenames, kustomize, recursive, all, local, labelSelector, latest: true, ...rest };
}

/** What is gone already is no fault for who waits for that. */
function* meant(context: Context, selection: Selection, wanted: WaitFor): Task<Finding> {
  const finding = yield* findObjects(context, selection);
  if (wanted.kind !== "delete" || !finding.failure) return finding;
  const left = faultsIn(finding.failure).filter((one) => !isNotFound(one));
  return { ...finding, failure: failuresOf(left) };
}

function isNotFound(fault: unknown): boolean {
  return fault instanceof Status && fault.reason === "NotFound";
}

/** --for=create looks for the objects every second (wait.RunWait, 1.33). */
function* untilAllThere(context: Context, selection: Selection, until: number, timeout: number): Task {
  if (timeout === 0 || selection.filenames?.length) return;
  for (;;) {
    const { found, failure } = yield* findObjects(context, selection);
    if (failure && !isNotFound(failure)) throw failure;
    if (!failure && found.length > 0) return;
    if (context.now >= until) throw new CommandFault(yield* lateText(context, selection));
    yield* context.sleep(Math.min(1, (until - context.now) / SECOND));
  }
}

function* lateText(context: Context, selection: Selection): Task<string> {
  if (selection.labelSelector || selection.all || selection.fieldSelector) return timedOut;
  const { found } = yield* namedTargets(context, selection);
  const [first] = found;
  return first ? `${timedOut} on ${first.resource.plural}/${first.name}` : timedOut;
}

interface Waiting {
  readonly until: number;
  readonly printer: ObjectPrinter;
  /** --timeout=0 */
  readonly once: boolean;
}

function* waitForOne(context: Context, found: Found, wanted: WaitFor, { until, printer, once }: Waiting): Task {
  const { resource, name } = found;
  let last: JsonObject = found.object;
  const isDone = (object: JsonObject | undefined): boolean => {
    if (wanted.kind === "create") return true;
    if (wanted.kind === "delete") return object === undefined || uidOf(object) !== uidOf(found.object);
    if (!object) throw new Status("NotFound", `${qualifiedName(resource)} ${JSON.stringify(name)} not found`);
    last = object;
    return wanted.isMet(object);
  };
  if (once || wanted.kind !== "condition") {
    const object = yield* context.client.find(found);
    if (isDone(object)) return printer.print(last);
    if (once) throw new CommandFault(`condition not met for ${resource.plural}/${name}`);
  }
  try {
    yield* followObject(context, found, until, isDone);
  } catch (fault) {
    if (!(fault instanceof CommandFault) || fault.message !== timedOut) throw fault;
    throw new CommandFault(`${timedOut} on ${resource.plural}/${name}`);
  }
  printer.print(last);
}

function uidOf({ metadata }: JsonObject): unknown {
  return (metadata as { readonly uid?: string } | undefined)?.uid;
}
