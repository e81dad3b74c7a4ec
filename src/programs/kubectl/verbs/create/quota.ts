import type { Verb } from "../../define.ts";
import { textFlag } from "../../flag-types.ts";
import { createGenerated, generatedMetadata, generatorFlags, nameProblem } from "../../generator.ts";
import { resourceAmounts } from "../../resource-amounts.ts";

const flags = {
  ...generatorFlags,
  hard: textFlag("Resources and their limits, with commas between them: cpu=1,pods=2."),
  scopes: textFlag("The scopes that the quota counts, with commas between them."),
};

/** Makes a resource quota. */
export const quota: Verb<typeof flags> = {
  path: ["create", "quota"],
  aliases: ["resourcequota"],
  usage: "create quota NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]",
  short: "Create a quota with the specified name",
  examples: [
    "kubectl create quota my-quota --hard=cpu=1,memory=1G,pods=2,services=3,replicationcontrollers=2",
    "kubectl create quota best-effort --hard=pods=100 --scopes=BestEffort",
  ],
  flags,
  config: "whole",
  check: ({ args, dash }) => nameProblem(args, dash),
  *run(context, { args: [name = ""], flags: values }) {
    const hard = resourceAmounts(values.hard);
    const scopes = values.scopes === "" ? undefined : values.scopes.split(",");
    const object = {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: generatedMetadata(context, name),
      spec: { hard, scopes },
    };
    yield* createGenerated(context, values, { object, plural: "resourcequotas", failed: "failed to create quota: " });
  },
};
