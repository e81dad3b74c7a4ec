import type { Verb } from "../../../define.ts";
import { textFlag } from "../../../flag-types.ts";
import { generatedService, tcpFlag } from "../../../generate-service.ts";
import { createGenerated, generatorFlags, nameProblem } from "../../../generator.ts";

const flags = {
  ...generatorFlags,
  clusterip: textFlag("The cluster IP to take; None for a headless service."),
  tcp: tcpFlag,
};

/** Makes a Service with an address inside the cluster. */
export const clusterip: Verb<typeof flags> = {
  path: ["create", "service", "clusterip"],
  usage: "create service clusterip NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]",
  short: "Create a ClusterIP service",
  examples: [
    "kubectl create service clusterip my-cs --tcp=5678:8080",
    'kubectl create service clusterip my-cs --clusterip="None"',
  ],
  flags,
  config: "whole",
  check({ args, dash, flags: values }) {
    const wrong = nameProblem(args, dash);
    if (wrong) return wrong;
    return values.tcp.length === 0 && values.clusterip !== "None"
      ? "at least one tcp port specifier must be provided"
      : undefined;
  },
  *run(context, { args: [name = ""], flags: { clusterip: clusterIP, tcp, ...values } }) {
    const more = { clusterIP };
    yield* createGenerated(context, values, generatedService(context, name, { type: "ClusterIP", tcp, more }));
  },
};
