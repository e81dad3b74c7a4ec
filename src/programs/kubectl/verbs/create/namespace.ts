import type { Verb } from "../../define.ts";
import { createGenerated, generatorFlags, nameProblem } from "../../generator.ts";

const flags = generatorFlags;

/** Makes a namespace. */
export const namespace: Verb<typeof flags> = {
  path: ["create", "namespace"],
  aliases: ["ns"],
  usage: "create namespace NAME [--dry-run=server|client|none]",
  short: "Create a namespace with the specified name",
  examples: ["kubectl create namespace my-namespace"],
  flags,
  config: "whole",
  check: ({ args, dash }) => nameProblem(args, dash),
  *run(context, { args: [name = ""], flags: values }) {
    const object = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
    yield* createGenerated(context, values, { object, plural: "namespaces", namespaced: false });
  },
};
