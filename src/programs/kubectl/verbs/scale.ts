import { SECOND } from "../../../base/clock.ts";
import type { JsonObject } from "../../../base/json.ts";
import { isObject } from "../../../base/json-object.ts";
import { Status } from "../../../kinds/status.ts";
import type { Task } from "../../../machine/define.ts";
import { typeAndName } from "../completers.ts";
import type { Context } from "../context.ts";
import type { FlagValues, Verb } from "../define.ts";
import { dryRunOf, dryRunQuery } from "../dry-run.ts";
import { CommandFault } from "../faults.ts";
import { findObjects } from "../find-objects.ts";
import { dryRunFlag, fileFlags, printFlags, printOptions, selectorFlag } from "../flag-groups.ts";
import { boolFlag, durationFlag, intFlag, textFlag } from "../flag-types.ts";
import { resultPrinter } from "../printers/result-printer.ts";
import { recordAfter, recordFlag } from "../record.ts";
import { type Found, missingResource } from "../selection.ts";

const flags = {
  ...fileFlags("that name what is to be scaled"),
  ...printFlags(),
  all: boolFlag("All objects of the given types in the namespace."),
  "current-replicas": intFlag("Scale only where there are so many now.", { initial: -1 }),
  "dry-run": dryRunFlag,
  record: recordFlag,
  replicas: intFlag("The new number of replicas."),
  "resource-version": textFlag("Scale only if the object still has this version."),
  selector: selectorFlag,
  timeout: durationFlag("How long to wait until there are so many."),
};
type Values = FlagValues<typeof flags>;

/** Sets the number of replicas of whatever has a scale. */
export const scale: Verb<typeof flags> = {
  path: ["scale"],
  usage: "scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)",
  short: "Set a new size for a deployment, replica set, or replication controller",
  examples: [
    "kubectl scale --replicas=3 rs/foo",
    "kubectl scale --replicas=3 -f foo.yaml",
    "kubectl scale --current-replicas=2 --replicas=3 deployment/mysql",
    "kubectl scale --replicas=5 rc/example1 rc/example2 rc/example3",
  ],
  flags,
  required: ["replicas"],
  complete: typeAndName({ types: ["deployment", "replicaset", "replicationcontroller", "statefulset"] }),
  check({ flags: { replicas } }) {
    return replicas < 0
      ? "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0"
      : undefined;
  },
  *run(context, { args, flags: values }) {
    const { filename: filenames, kustomize, recursive, all, selector } = values;
    if (args.length === 0 && filenames.length === 0 && kustomize === "") throw new CommandFault(missingResource);
    const dryRun = dryRunOf(context, values["dry-run"]);
    const selection = { args, filenames, kustomize, recursive, all, labelSelector: selector, limit: 0 };
    const { found, failure } = yield* findObjects(context, { ...selection, namesBesideAll: true });
    if (values["resource-version"] !== "" && found.length > 1)
      throw new CommandFault("cannot use --resource-version with multiple resources");
    if (found.length === 0) throw nothingToScale(failure);
    // The first that cannot be scaled is the end; what cannot be read is told at last (scale.go, 1.33).
    for (const one of found) {
      const object = dryRun === "client" ? one.object : yield* scaleOne(context, one, values, dryRunQuery(dryRun));
      if (dryRun === "none") yield* recordAfter(context, values.record, one, {});
      resultPrinter(context, { ...printOptions(values), operation: "scaled", dryRun }).print(object);
      if (values.timeout > 0 && dryRun === "none") yield* untilScaled(context, one, values);
    }
    if (failure) throw failure;
  },
};

function nothingToScale(failure: Error | undefined): Error {
  if (failure instanceof Status && failure.reason !== "NotFound") return failure;
  return new CommandFault(`no objects passed to scale${failure ? ` ${failure.message}` : ""}`);
}

/** With a precondition the scale is read and written back, else patched. The object itself is what is shown. */
function* scaleOne(
  context: Context,
  found: Found,
  values: Values,
  query: Readonly<Record<string, string>>,
): Task<JsonObject> {
  const { "current-replicas": current, "resource-version": version, replicas } = values;
  const ask = { ...found, subresource: "scale" };
  if (current < 0 && version === "") {
    yield* context.client.patch(ask, "merge", { spec: { replicas } }, query);
    return found.object;
  }
  const now = yield* context.client.get(ask);
  const spec = isObject(now.spec) ? now.spec : {};
  const metadata = isObject(now.metadata) ? now.metadata : {};
  const had = Number(spec.replicas ?? 0);
  if (current >= 0 && had !== current) throw new CommandFault(`Expected replicas to be ${current}, was ${had}`);
  if (version !== "" && metadata.resourceVersion !== version)
    throw new CommandFault(`Expected resource version to be ${version}, was ${metadata.resourceVersion}`);
  yield* context.client.update(ask, { ...now, spec: { ...spec, replicas } }, query);
  return found.object;
}

/** Waits until as many are there as were asked for (scale.WaitForScaleHasDesiredReplicas, 1.33). */
function* untilScaled(context: Context, found: Found, { replicas, timeout }: Values): Task {
  const until = context.now + timeout;
  for (;;) {
    const now = yield* context.client.get({ ...found, subresource: "scale" });
    const status = isObject(now.status) ? now.status : {};
    if (Number(status.replicas ?? 0) === replicas) return;
    if (context.now >= until) throw new CommandFault("timed out waiting for the condition");
    yield* context.sleep(Math.min(0.5, (until - context.now) / SECOND));
  }
}
