import type { JsonObject } from "../../../../base/json.ts";
import { isObject } from "../../../../base/json-object.ts";
import type { Task } from "../../../../machine/define.ts";
import type { Context } from "../../context.ts";
import type { Verb } from "../../define.ts";
import { CommandFault } from "../../faults.ts";
import { findAll } from "../../find-objects.ts";
import { textFlag } from "../../flag-types.ts";
import { createGenerated, generatedMetadata, generatorFlags, nameProblem } from "../../generator.ts";

const flags = {
  ...generatorFlags,
  from: textFlag("The resource to make the job from: cronjob/NAME."),
  image: textFlag("The image of the job's container."),
};

/** Makes a job, from an image or from a cron job. */
export const job: Verb<typeof flags> = {
  path: ["create", "job"],
  usage: "create job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]",
  short: "Create a job with the specified name",
  examples: [
    "kubectl create job my-job --image=busybox",
    "kubectl create job my-job --image=busybox -- date",
    "kubectl create job test-job --from=cronjob/a-cronjob",
  ],
  flags,
  config: "whole",
  check({ args, dash, flags: { from, image } }) {
    const wrong = nameProblem(args, dash);
    if (wrong) return wrong;
    if ((from === "") === (image === "")) return "either --image or --from must be specified";
    return from !== "" && args.length > 1 ? "cannot specify --from and command" : undefined;
  },
  *run(context, { args: [name = "", ...command], flags: values }) {
    const made =
      values.from === ""
        ? { metadata: {}, spec: { template: fromImage(name, values.image, command) } }
        : yield* fromCronJob(context, values.from);
    const metadata = generatedMetadata(context, name, made.metadata);
    const object = { apiVersion: "batch/v1", kind: "Job", metadata, spec: made.spec };
    yield* createGenerated(context, values, { object, plural: "jobs", failed: "failed to create job: " });
  },
};

function fromImage(name: string, image: string, command: readonly string[]): JsonObject {
  const container = { name, image, ...(command.length > 0 ? { command } : {}) };
  return { spec: { containers: [container], restartPolicy: "Never" } };
}

/** What a cron job's own runs look like, started by hand. */
function* fromCronJob(context: Context, from: string): Task<{ metadata: JsonObject; spec: JsonObject }> {
  const [one, ...others] = yield* findAll(context, { args: [from] });
  if (!one || others.length > 0) throw new CommandFault("from must be an existing cronjob");
  const { apiVersion, kind, metadata, spec } = one.object;
  if (kind !== "CronJob") throw new CommandFault(`unknown object type *${one.resource.version}.${kind}`);
  const template = (spec as JsonObject).jobTemplate as JsonObject;
  const inner = isObject(template.metadata) ? template.metadata : {};
  const { name, uid } = metadata as JsonObject;
  return {
    metadata: {
      labels: inner.labels,
      annotations: {
        "cronjob.kubernetes.io/instantiate": "manual",
        ...(isObject(inner.annotations) ? inner.annotations : {}),
      },
      ownerReferences: [{ apiVersion, kind, name, uid, controller: true }],
    },
    spec: template.spec as JsonObject,
  };
}
