import { head, type Part } from "./parts.ts";

const RBAC = "rbac.authorization.k8s.io/v1";

/** A rule of a role: groups, resources, verbs, and the names of the objects. */
type Rule = readonly [group: string, resources: string, verbs: string, names?: string];

function role(kind: "Role" | "ClusterRole", name: string, part: Part, rules: readonly Rule[]): string {
  const list = (key: string, words: string) =>
    `  ${key}:\n${words
      .split(" ")
      .map((word) => `  - ${word}\n`)
      .join("")}`;
  const texts = rules.map(([group, resources, verbs, names]) => {
    const parts = `${names === undefined ? "" : list("resourceNames", names)}${list("resources", resources)}${list("verbs", verbs)}`;
    return `- apiGroups:\n  - ${group === "" ? '""' : group}\n${parts}`;
  });
  return `${head({ api: RBAC, kind, name, part, namespaced: kind === "Role" })}rules:\n${texts.join("")}`;
}

function binding(kind: "Role" | "ClusterRole", name: string, part: Part): string {
  const top = head({ api: RBAC, kind: `${kind}Binding`, name, part, namespaced: kind === "Role" });
  return `${top}roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ${kind}
  name: ${name}
subjects:
- kind: ServiceAccount
  name: ${name}
  namespace: ingress-nginx
`;
}

const reading: readonly Rule[] = [
  ["networking.k8s.io", "ingresses", "get list watch"],
  ["networking.k8s.io", "ingresses/status", "update"],
  ["networking.k8s.io", "ingressclasses", "get list watch"],
];

/** Who may do what: the controller, and what makes its webhook's certificate. */
export const access = () =>
  role("Role", "ingress-nginx", "controller", [
    ["", "namespaces", "get"],
    ["", "configmaps pods secrets endpoints", "get list watch"],
    ["", "services", "get list watch"],
    ...reading,
    ["coordination.k8s.io", "leases", "get update", "ingress-nginx-leader"],
    ["coordination.k8s.io", "leases", "create"],
    ["", "events", "create patch"],
    ["discovery.k8s.io", "endpointslices", "list watch get"],
  ]) +
  role("Role", "ingress-nginx-admission", "admission", [["", "secrets", "get create"]]) +
  role("ClusterRole", "ingress-nginx", undefined, [
    ["", "configmaps endpoints nodes pods secrets namespaces", "list watch"],
    ["coordination.k8s.io", "leases", "list watch"],
    ["", "nodes", "get"],
    ["", "services", "get list watch"],
    ["networking.k8s.io", "ingresses", "get list watch"],
    ["", "events", "create patch"],
    ["networking.k8s.io", "ingresses/status", "update"],
    ["networking.k8s.io", "ingressclasses", "get list watch"],
    ["discovery.k8s.io", "endpointslices", "list watch get"],
  ]) +
  role("ClusterRole", "ingress-nginx-admission", "admission", [
    ["admissionregistration.k8s.io", "validatingwebhookconfigurations", "get update"],
  ]) +
  binding("Role", "ingress-nginx", "controller") +
  binding("Role", "ingress-nginx-admission", "admission") +
  binding("ClusterRole", "ingress-nginx", undefined) +
  binding("ClusterRole", "ingress-nginx-admission", "admission");
