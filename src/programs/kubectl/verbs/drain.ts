import { type Micros, SECOND } from "../../../base/clock.ts";
import { FormatError } from "../../../base/format-error.ts";
import type { JsonObject } from "../../../base/json.ts";
import { parseSelector } from "../../../base/parse-selector.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Task } from "../../../machine/define.ts";
import { objectName } from "../completers.ts";
import type { Context } from "../context.ts";
import { cordonFlags, nodesNamed, setCordon } from "../cordoning.ts";
import type { FlagValues, Verb } from "../define.ts";
import { type DrainGroup, drainPlan } from "../drain-filters.ts";
import { dryRunOf } from "../dry-run.ts";
import { evictAll, Refusals } from "../evict-pods.ts";
import { isOrdinary } from "../fault-text.ts";
import { failuresOf, PlainFault, UsageFault } from "../faults.ts";
import type { DryRun } from "../flag-groups.ts";
import { boolFlag, durationFlag, intFlag, textFlag } from "../flag-types.ts";
import { dryRunSuffix } from "../printers/result-printer.ts";
import { kindName } from "../resource.ts";
import type { Found } from "../selection.ts";

const flags = {
  ...cordonFlags,
  "chunk-size": intFlag("How many objects are asked for at once.", { initial: 500 }),
  "delete-emptydir-data": boolFlag("Go on although pods have data on the node that will be lost."),
  "disable-eviction": boolFlag("Delete pods instead of evicting them: disruption budgets do not count."),
  force: boolFlag("Go on although pods have no controller."),
  "grace-period": intFlag("How many seconds pods have to end; -1 leaves it to the pod.", { initial: -1 }),
  "ignore-daemonsets": boolFlag("Leave the pods of daemon sets."),
  "pod-selector": textFlag("Only the pods that this label selector finds."),
  "skip-wait-for-delete-timeout": intFlag("Do not wait for pods that have been going for longer than so many seconds."),
  timeout: durationFlag("How long to go on at most; 0 is for ever."),
};
type Values = FlagValues<typeof flags>;

/** Cordons a node and sends its pods away. */
export const drain: Verb<typeof flags> = {
  path: ["drain"],
  usage: "drain NODE",
  short: "Drain node in preparation for maintenance",
  examples: ["kubectl drain foo --force", "kubectl drain foo --grace-period=900"],
  flags,
  config: "whole",
  complete: objectName("nodes"),
  check({ args, flags: { selector, "pod-selector": podSelector } }) {
    if (args.length === 0 && selector === "") return new UsageFault("USAGE: drain NODE [flags]");
    if (args.length > 0 && selector !== "")
      return new UsageFault("cannot specify both a node name and a --selector option");
    try {
      if (podSelector !== "") parseSelector(podSelector);
    } catch (problem) {
      if (!(problem instanceof FormatError)) throw problem;
      return "--pod-selector=<pod_selector> must be a valid label selector";
    }
    return undefined;
  },
  *run(context, { args, flags: values }) {
    const dryRun = dryRunOf(context, values["dry-run"]);
    const nodes = yield* nodesNamed(context, args, values.selector);
    for (const node of nodes) yield* setCordon(context, node, true, dryRun);
    const until = values.timeout > 0 ? context.now + values.timeout : undefined;
    const drained: string[] = [];
    const faults: Error[] = [];
    for (const node of nodes) {
      try {
        yield* drainOne(context, node, values, dryRun, until);
        drained.push(node.name);
        context.out.line(`${kindName(node.resource)}/${node.name} drained${dryRunSuffix(dryRun)}`);
      } catch (fault) {
        if (!isOrdinary(fault)) throw fault;
        context.err.line(
          `error: unable to drain node "${node.name}" due to error: ${fault.message}, continuing command...`,
        );
        faults.push(fault);
      }
    }
    if (faults.length > 0) sayPending(context, nodes, drained);
    const [first] = faults;
    const alone = faults.length === 1 && first instanceof Refusals;
    // The reasons of one node stand each on a line, those of several nodes on a line for each node.
    const failure = failuresOf(alone ? first.refusals.map((text) => new PlainFault(text)) : faults);
    if (failure) throw failure;
  },
};

function sayPending(context: Context, nodes: readonly Found[], drained: readonly string[]): void {
  context.err.line("There are pending nodes to be drained:");
  for (const { name } of nodes) if (!drained.includes(name)) context.err.line(` ${name}`);
}

const groupText = ({ text, pods }: DrainGroup) => `${text}: ${pods.join(", ")}`;

function* drainOne(context: Context, node: Found, values: Values, dryRun: DryRun, until: Micros | undefined): Task {
  const resource = (yield* context.mapper()).resourceFor("pods");
  const fieldSelector = `spec.nodeName=${node.name}`;
  const list = yield* context.client.list({ resource, fieldSelector, labelSelector: values["pod-selector"] });
  const pods = (list.items ?? []) as readonly JsonObject[] as unknown as readonly Pod[];
  const skip = values["skip-wait-for-delete-timeout"] * SECOND;
  const wishes = {
    force: values.force,
    ignoreDaemonSets: values["ignore-daemonsets"],
    deleteEmptyDir: values["delete-emptydir-data"],
  };
  const plan = drainPlan(pods, wishes, () => true);
  if (plan.faults.length > 0) throw new Refusals(plan.faults.map(groupText));
  if (plan.warnings.length > 0) context.err.line(`Warning: ${plan.warnings.map(groupText).join("; ")}`);
  yield* evictAll(context, resource, plan.evict, {
    node: node.name,
    dryRun,
    evicting: !values["disable-eviction"],
    gracePeriod: values["grace-period"],
    until,
    timeout: values.timeout,
    skip,
  });
}
