import type { Verb } from "../../../define.ts";
import { intFlag } from "../../../flag-types.ts";
import { generatedService, tcpFlag } from "../../../generate-service.ts";
import { createGenerated, generatorFlags, nameProblem } from "../../../generator.ts";

const flags = {
  ...generatorFlags,
  "node-port": intFlag("The port of the nodes; the server chooses where nothing is said."),
  tcp: tcpFlag,
};

/** Makes a Service with a port of every node. */
export const nodeport: Verb<typeof flags> = {
  path: ["create", "service", "nodeport"],
  usage: "create service nodeport NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
  short: "Create a NodePort service",
  examples: ["kubectl create service nodeport my-ns --tcp=5678:8080"],
  flags,
  config: "whole",
  check: ({ args, dash, flags: { tcp } }) =>
    nameProblem(args, dash) ?? (tcp.length === 0 ? "at least one tcp port specifier must be provided" : undefined),
  *run(context, { args: [name = ""], flags: { "node-port": nodePort, tcp, ...values } }) {
    yield* createGenerated(context, values, generatedService(context, name, { type: "NodePort", tcp, nodePort }));
  },
};
