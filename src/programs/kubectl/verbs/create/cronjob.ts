import type { Verb } from "../../define.ts";
import { textFlag } from "../../flag-types.ts";
import { createGenerated, generatedMetadata, generatorFlags, nameProblem } from "../../generator.ts";

const flags = {
  ...generatorFlags,
  image: textFlag("The image of the container."),
  restart: textFlag("The restart policy of the job's pods: OnFailure or Never."),
  schedule: textFlag("When it runs, in cron's format."),
};

/** Makes a cron job. */
export const cronjob: Verb<typeof flags> = {
  path: ["create", "cronjob"],
  aliases: ["cj"],
  usage: "create cronjob NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags]",
  short: "Create a cron job with the specified name",
  examples: [
    'kubectl create cronjob my-job --image=busybox --schedule="*/1 * * * *"',
    'kubectl create cronjob my-job --image=busybox --schedule="*/1 * * * *" -- date',
  ],
  flags,
  config: "whole",
  required: ["image", "schedule"],
  check: ({ args, dash }) => nameProblem(args, dash),
  *run(context, { args: [name = "", ...command], flags: { image, restart, schedule, ...values } }) {
    const container = { name, image, ...(command.length > 0 ? { command } : {}) };
    const template = { spec: { containers: [container], restartPolicy: restart === "" ? "OnFailure" : restart } };
    const object = {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: generatedMetadata(context, name),
      spec: { schedule, jobTemplate: { metadata: { name }, spec: { template } } },
    };
    yield* createGenerated(context, values, { object, plural: "cronjobs", failed: "failed to create cronjob: " });
  },
};
