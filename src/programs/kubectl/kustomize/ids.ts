import { compareText } from "../../../base/json.ts";

/** Group, version and kind; empty texts stand for any where it selects. */
export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** What a resource is called in a build (kyaml resid.ResId). */
export interface ResId extends Gvk {
  readonly name: string;
  readonly namespace: string;
  readonly clusterScoped: boolean;
}

/** The namespace that stands for none, of objects that lie in none. */
export const NO_NAMESPACE = "_non_namespaceable_";

/** The kinds that kustomize 5.6 knows to lie in no namespace: it has the API of Kubernetes 1.21. */
const clusterKinds: Readonly<Record<string, readonly string[]>> = {
  "": ["ComponentStatus", "Namespace", "Node", "PersistentVolume"],
  "admissionregistration.k8s.io": ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
  "apiextensions.k8s.io": ["CustomResourceDefinition"],
  "apiregistration.k8s.io": ["APIService"],
  "certificates.k8s.io": ["CertificateSigningRequest"],
  "flowcontrol.apiserver.k8s.io": ["FlowSchema", "PriorityLevelConfiguration"],
  "networking.k8s.io": ["IngressClass"],
  "node.k8s.io": ["RuntimeClass"],
  policy: ["PodSecurityPolicy"],
  "rbac.authorization.k8s.io": ["ClusterRole", "ClusterRoleBinding"],
  "scheduling.k8s.io": ["PriorityClass"],
  "storage.k8s.io": ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"],
};
const onlyBeta: ReadonlySet<string> = new Set(["flowcontrol.apiserver.k8s.io", "policy"]);

/** Whether kustomize is certain that objects of a kind lie in no namespace. */
export function isClusterScoped({ group, version, kind }: Gvk): boolean {
  const known = version === "v1beta1" ? group !== "" : version === "v1" && !onlyBeta.has(group);
  return known && (clusterKinds[group] ?? []).includes(kind);
}

export function gvkOf(apiVersion: string, kind: string): Gvk {
  const slash = apiVersion.indexOf("/");
  if (slash < 0) return { group: "", version: apiVersion, kind };
  return { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1), kind };
}

/** Deployment.v1.apps */
export function gvkText({ group, version, kind }: Gvk): string {
  return `${kind || "[noKind]"}.${version || "[noVer]"}.${group || "[noGrp]"}`;
}

/** Deployment.v1.apps/web.shop */
export function idText(id: ResId): string {
  return `${gvkText(id)}/${id.name || "[noName]"}.${id.namespace || "[noNs]"}`;
}

export function isSelected(gvk: Gvk, by: Gvk): boolean {
  return (
    (by.group === "" || by.group === gvk.group) &&
    (by.version === "" || by.version === gvk.version) &&
    (by.kind === "" || by.kind === gvk.kind)
  );
}

export function sameGvk(a: Gvk, b: Gvk): boolean {
  return a.group === b.group && a.version === b.version && a.kind === b.kind;
}

/** The namespace an object lies in: default where it names none. */
export function effectiveNamespace(id: ResId): string {
  return id.clusterScoped ? NO_NAMESPACE : id.namespace || "default";
}

export function sameNamespace(a: ResId, b: ResId): boolean {
  return effectiveNamespace(a) === effectiveNamespace(b);
}

export function sameId(a: ResId, b: ResId): boolean {
  return sameNamespace(a, b) && a.name === b.name && sameGvk(a, b);
}

const first = [
  "Namespace",
  "ResourceQuota",
  "StorageClass",
  "CustomResourceDefinition",
  "ServiceAccount",
  "PodSecurityPolicy",
  "Role",
  "ClusterRole",
  "RoleBinding",
  "ClusterRoleBinding",
  "ConfigMap",
  "Secret",
  "Endpoints",
  "Service",
  "LimitRange",
  "PriorityClass",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "Deployment",
  "StatefulSet",
  "CronJob",
  "PodDisruptionBudget",
];
const last = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/** Which kinds come first and which last. */
export interface KindOrder {
  readonly first: readonly string[];
  readonly last: readonly string[];
}

/** The order that kustomize calls legacy: what others need comes before them (5.6). */
export const legacyOrder: KindOrder = { first, last };

function rank({ first: early, last: late }: KindOrder, kind: string): number {
  const at = late.lastIndexOf(kind);
  if (at >= 0) return at + 1;
  const before = early.lastIndexOf(kind);
  return before < 0 ? 0 : before - early.length;
}

/** Compares kinds by such an order, then by their names. */
export function compareGvk(a: Gvk, b: Gvk, order: KindOrder = legacyOrder): number {
  const [x, y] = [rank(order, a.kind), rank(order, b.kind)];
  if (x !== y) return x - y;
  const text = ({ group, version, kind }: Gvk) => `${group || "~G"}_${version || "~V"}_${kind || "~K"}`;
  return compareText(text(a), text(b));
}

export function compareIds(a: ResId, b: ResId, order: KindOrder): number {
  if (!sameGvk(a, b)) return compareGvk(a, b, order);
  const text = (id: ResId) => `${id.namespace || "~X"}|${id.name || "~N"}`;
  return compareText(text(a), text(b));
}
