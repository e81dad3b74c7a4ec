import type { Verb } from "../../../define.ts";
import { textFlag } from "../../../flag-types.ts";
import { generatedService, tcpFlag } from "../../../generate-service.ts";
import { createGenerated, generatorFlags, nameProblem } from "../../../generator.ts";

const flags = {
  ...generatorFlags,
  "external-name": textFlag("The name outside the cluster that the service stands for."),
  tcp: tcpFlag,
};

/** Makes a Service that is another name for a host outside. */
export const externalname: Verb<typeof flags> = {
  path: ["create", "service", "externalname"],
  usage: "create service externalname NAME --external-name external.name [--dry-run=server|client|none]",
  short: "Create an ExternalName service",
  examples: ["kubectl create service externalname my-ns --external-name bar.com"],
  flags,
  config: "whole",
  required: ["external-name"],
  check: ({ args, dash }) => nameProblem(args, dash),
  *run(context, { args: [name = ""], flags: { "external-name": externalName, tcp, ...values } }) {
    const more = { externalName };
    yield* createGenerated(context, values, generatedService(context, name, { type: "ExternalName", tcp, more }));
  },
};
