import type { Verb } from "../../define.ts";
import { boolFlag, int32Flag, textFlag } from "../../flag-types.ts";
import { createGenerated, generatorFlags, nameProblem } from "../../generator.ts";

const flags = {
  ...generatorFlags,
  description: textFlag("When this priority class is to be used."),
  "global-default": boolFlag("Whether pods without a class get this one."),
  "preemption-policy": textFlag("Whether its pods drive out others: PreemptLowerPriority or Never.", {
    initial: "PreemptLowerPriority",
  }),
  value: int32Flag("The priority that its pods get."),
};

/** Makes a priority class. */
export const priorityclass: Verb<typeof flags> = {
  path: ["create", "priorityclass"],
  aliases: ["pc"],
  usage: "create priorityclass NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]",
  short: "Create a priority class with the specified name",
  examples: [
    'kubectl create priorityclass high-priority --value=1000 --description="high priority"',
    "kubectl create priorityclass default-priority --value=1000 --global-default=true",
    "kubectl create priorityclass low --value=-10 --preemption-policy=Never",
  ],
  flags,
  config: "whole",
  check: ({ args, dash }) => nameProblem(args, dash),
  *run(context, { args: [name = ""], flags: values }) {
    const object = {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name },
      value: values.value,
      globalDefault: values["global-default"],
      description: values.description,
      preemptionPolicy: values["preemption-policy"],
    };
    const failed = "failed to create priorityclass: ";
    yield* createGenerated(context, values, { object, plural: "priorityclasses", namespaced: false, failed });
  },
};
