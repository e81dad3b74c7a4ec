import type { Verb } from "../../define.ts";
import { createGenerated, generatedMetadata, generatorFlags, nameProblem } from "../../generator.ts";

const flags = generatorFlags;

/** Makes a service account. */
export const serviceaccount: Verb<typeof flags> = {
  path: ["create", "serviceaccount"],
  aliases: ["sa"],
  usage: "create serviceaccount NAME [--dry-run=server|client|none]",
  short: "Create a service account with the specified name",
  examples: ["kubectl create serviceaccount my-service-account"],
  flags,
  check: ({ args, dash }) => nameProblem(args, dash),
  *run(context, { args: [name = ""], flags: values }) {
    const object = { apiVersion: "v1", kind: "ServiceAccount", metadata: generatedMetadata(context, name) };
    const failed = "failed to create serviceaccount: ";
    yield* createGenerated(context, values, { object, plural: "serviceaccounts", failed });
  },
};
