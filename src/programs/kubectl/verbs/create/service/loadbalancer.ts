import type { Verb } from "../../../define.ts";
import { generatedService, tcpFlag } from "../../../generate-service.ts";
import { createGenerated, generatorFlags, nameProblem } from "../../../generator.ts";

const flags = { ...generatorFlags, tcp: tcpFlag };

/** Makes a Service that asks for a load balancer. */
export const loadbalancer: Verb<typeof flags> = {
  path: ["create", "service", "loadbalancer"],
  usage: "create service loadbalancer NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
  short: "Create a LoadBalancer service",
  examples: ["kubectl create service loadbalancer my-lbs --tcp=5678:8080"],
  flags,
  config: "whole",
  check: ({ args, dash, flags: { tcp } }) =>
    nameProblem(args, dash) ?? (tcp.length === 0 ? "at least one tcp port specifier must be provided" : undefined),
  *run(context, { args: [name = ""], flags: { tcp, ...values } }) {
    yield* createGenerated(context, values, generatedService(context, name, { type: "LoadBalancer", tcp }));
  },
};
