import { ageColumn, column, nameColumn } from "./cells.ts";
import type { Kind } from "./define.ts";
import { selectorText } from "./label-selector.ts";
import { describeNetworkPolicy } from "./network-policy/describe.ts";
import type { NetworkPolicy } from "./types/network.ts";
import { networkPolicyProblems, policyWarnings } from "./validation/network-policy.ts";

/** Who may talk to a namespace's pods, and to whom they may. */
export const networkPolicy: Kind<NetworkPolicy> = {
  kind: "NetworkPolicy",
  plural: "networkpolicies",
  group: "networking.k8s.io",
  version: "v1",
  namespaced: true,
  short: ["netpol"],
  countsGenerations: true,
  defaults,
  problems: networkPolicyProblems,
  warnings: policyWarnings,
  columns: [nameColumn, column("Pod-Selector", ({ spec }) => selectorText(spec.podSelector) || "<none>"), ageColumn],
  describe: describeNetworkPolicy,
};

/** TCP where no protocol is named; egress is meant only where rules for it are given (networking/v1 defaults, 1.35). */
function defaults(object: NetworkPolicy): void {
  object.spec ??= {} as NetworkPolicy["spec"];
  const { spec } = object;
  spec.podSelector ??= {};
  for (const { ports } of [...(spec.ingress ?? []), ...(spec.egress ?? [])])
    for (const port of ports ?? []) port.protocol ??= "TCP";
  if (!spec.policyTypes?.length) spec.policyTypes = spec.egress?.length ? ["Ingress", "Egress"] : ["Ingress"];
}
