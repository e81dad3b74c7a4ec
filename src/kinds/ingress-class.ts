import { ageColumn, column, nameColumn } from "./cells.ts";
import type { Kind } from "./define.ts";
import { describeIngressClass } from "./ingress-class/describe.ts";
import { immutable } from "./problem.ts";
import type { IngressClass } from "./types/network.ts";
import { ingressClassProblems } from "./validation/ingress.ts";

const defaultMark = "ingressclass.kubernetes.io/is-default-class";

/** Which controller serves the ingresses that name this class. */
export const ingressClass: Kind<IngressClass> = {
  kind: "IngressClass",
  plural: "ingressclasses",
  group: "networking.k8s.io",
  version: "v1",
  namespaced: false,
  countsGenerations: true,
  defaults(object) {
    object.spec ??= {};
    if (object.spec.parameters) object.spec.parameters.scope ??= "Cluster";
  },
  problems: ingressClassProblems,
  problemsOfUpdate: (object, old) =>
    object.spec?.controller === old.spec?.controller ? [] : [immutable("spec.controller", object.spec?.controller)],
  columns: [
    {
      ...nameColumn,
      // Since 1.35 (printers printIngressClass).
      cell: ({ metadata }) =>
        metadata.annotations?.[defaultMark] === "true" ? `${metadata.name} (default)` : metadata.name,
    },
    column("Controller", ({ spec }) => spec?.controller ?? ""),
    column("Parameters", parametersText),
    ageColumn,
  ],
  describe: describeIngressClass,
};

function parametersText({ spec }: IngressClass): string {
  if (!spec?.parameters) return "<none>";
  const { apiGroup, kind, name } = spec.parameters;
  return `${apiGroup === undefined ? kind : `${kind}.${apiGroup}`}/${name}`;
}
