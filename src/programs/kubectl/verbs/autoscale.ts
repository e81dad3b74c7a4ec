import type { JsonObject } from "../../../base/json.ts";
import { typeAndName } from "../completers.ts";
import type { FlagValues, Verb } from "../define.ts";
import { dryRunOf, dryRunQuery } from "../dry-run.ts";
import { CommandFault } from "../faults.ts";
import { eachFound, findObjects } from "../find-objects.ts";
import { dryRunFlag, fieldManagerFlag, fileFlags, printFlags, printOptions } from "../flag-groups.ts";
import { int32Flag, textFlag } from "../flag-types.ts";
import { generatedResource, saveConfigFlag } from "../generator.ts";
import { withLastApplied } from "../last-applied.ts";
import { resultPrinter } from "../printers/result-printer.ts";
import { recorded, recordFlag } from "../record.ts";
import { groupVersion } from "../resource.ts";
import type { Found } from "../selection.ts";
import { typedObject } from "../typed-object.ts";

const flags = {
  ...fileFlags("that name what is to be scaled"),
  ...printFlags(),
  "cpu-percent": int32Flag("The average CPU use over all pods that is aimed at, in percent of the request.", {
    initial: -1,
  }),
  "dry-run": dryRunFlag,
  "field-manager": fieldManagerFlag("kubectl-autoscale"),
  max: int32Flag("The upper limit of replicas.", { initial: -1 }),
  min: int32Flag("The lower limit of replicas.", { initial: -1 }),
  name: textFlag("The name of the autoscaler."),
  record: recordFlag,
  "save-config": saveConfigFlag,
};
type Values = FlagValues<typeof flags>;

/** Makes a horizontal pod autoscaler for what has a scale. */
export const autoscale: Verb<typeof flags> = {
  path: ["autoscale"],
  usage: "autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu-percent=CPU]",
  short: "Auto-scale a deployment, replica set, stateful set, or replication controller",
  examples: ["kubectl autoscale deployment foo --min=2 --max=10", "kubectl autoscale rc foo --max=5 --cpu-percent=80"],
  flags,
  config: "whole",
  required: ["max"],
  complete: typeAndName({ types: ["deployment", "replicaset", "replicationcontroller", "statefulset"] }),
  check({ flags: { max, min } }) {
    if (max < 1) return `--max=MAXPODS is required and must be at least 1, max: ${max}`;
    return max < min ? `--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}` : undefined;
  },
  *run(context, { args, flags: values }) {
    const { filename: filenames, kustomize, recursive } = values;
    const dryRun = dryRunOf(context, values["dry-run"]);
    const operation = dryRun === "client" ? "created" : "autoscaled";
    const printer = resultPrinter(context, { ...printOptions(values), operation, dryRun });
    const finding = yield* findObjects(context, { args, filenames, kustomize, recursive, latest: false });
    yield* eachFound(finding, function* (found) {
      const { resource, namespace } = found;
      if (!resource.subresources.some(({ name }) => name === "scale"))
        throw new CommandFault(
          `cannot autoscale a ${resource.kind}: could not find scale subresource for ${resource.group}/${resource.version}, Resource=${resource.plural} in discovery information`,
        );
      let object = typedObject(recorded(context, values.record, autoscalerFor(found, values)));
      if (values["save-config"]) object = typedObject(withLastApplied(object, true));
      if (dryRun !== "client") {
        const target = generatedResource({ object, plural: "horizontalpodautoscalers" });
        const query = { fieldManager: values["field-manager"], ...dryRunQuery(dryRun) };
        object = typedObject(yield* context.client.create(target, namespace ?? context.namespace, object, query));
      }
      printer.print(object, true);
    });
    if (finding.found.length === 0) throw new CommandFault("no objects passed to autoscale");
  },
};

function autoscalerFor({ resource, name }: Found, values: Values): JsonObject {
  const { min, max, "cpu-percent": percent } = values;
  const target = { type: "Utilization", averageUtilization: percent };
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: values.name || name },
    spec: {
      scaleTargetRef: { kind: resource.kind, name, apiVersion: groupVersion(resource) },
      ...(min > 0 ? { minReplicas: min } : {}),
      maxReplicas: max,
      metrics: percent >= 0 ? [{ type: "Resource", resource: { name: "cpu", target } }] : [],
    },
  };
}
