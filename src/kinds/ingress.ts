import { ageColumn, column, nameColumn } from "./cells.ts";
import type { Kind } from "./define.ts";
import { addressesText } from "./ingress/addresses.ts";
import { describeIngress } from "./ingress/describe.ts";
import type { Ingress } from "./types/network.ts";
import { ingressProblems, ingressProblemsOfCreate } from "./validation/ingress.ts";

const classAnnotation = "kubernetes.io/ingress.class";

/** Which host and path of the outside leads to which Service, for an ingress controller to read. */
export const ingress: Kind<Ingress> = {
  kind: "Ingress",
  plural: "ingresses",
  group: "networking.k8s.io",
  version: "v1",
  namespaced: true,
  short: ["ing"],
  subresources: [{ name: "status", kind: "Ingress", verbs: ["get", "patch", "update"] }],
  countsGenerations: true,
  defaults(object) {
    object.spec ??= {};
    object.status ??= { loadBalancer: {} };
  },
  prepareForCreate(object) {
    object.status = { loadBalancer: {} };
  },
  problems: ingressProblems,
  problemsOfCreate: ingressProblemsOfCreate,
  warnings: ({ metadata }) =>
    metadata.annotations?.[classAnnotation] === undefined
      ? []
      : [`annotation "${classAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`],
  columns: [
    nameColumn,
    column("Class", ({ spec }) => spec?.ingressClassName ?? "<none>"),
    column("Hosts", hostsText),
    column("Address", addressesText),
    column("Ports", ({ spec }) => (spec?.tls?.length ? "80, 443" : "80")),
    ageColumn,
  ],
  describe: describeIngress,
};

/** The first three hosts; "more" counts rules, not hosts (printers formatHosts, 1.35). */
function hostsText({ spec }: Ingress): string {
  const rules = spec?.rules ?? [];
  const hosts: string[] = [];
  let more = false;
  for (const { host } of rules) {
    if (hosts.length === 3) more = true;
    if (!more && host) hosts.push(host);
  }
  if (hosts.length === 0) return "*";
  return more ? `${hosts.join(",")} + ${rules.length - 3} more...` : hosts.join(",");
}
