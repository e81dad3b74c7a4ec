import { ipText, nthAddress, parseCidr } from "../../../base/cidr.ts";
import { apiVersionOf, type Kind } from "../../../kinds/define.ts";
import type { KubeObject, ObjectMeta } from "../../../kinds/types/meta.ts";
import type { Context } from "../context.ts";
import type { UserInfo } from "../define.ts";
import { trackCreate } from "../managed-fields/track.ts";
import { createObject } from "../registry/create.ts";
import { updateObject } from "../registry/update.ts";
import type { Writing } from "../registry/writing.ts";
import { timeText } from "../time-text.ts";
import { localApiServices } from "./api-services.ts";
import { aggregated, clusterRoleBindings, clusterRoles } from "./cluster-roles.ts";
import { controllerRoles } from "./controller-roles.ts";
import { namespaceRoles } from "./namespace-roles.ts";
import { rulesOf } from "./rules.ts";

const self: UserInfo = { name: "system:apiserver", groups: ["system:masters"] };
const rbac = "rbac.authorization.k8s.io";

/** What kube-apiserver makes sure of each time it starts (its post-start hooks, 1.35). */
export function bootstrap(context: Context, address: string): void {
  for (const name of ["kube-system", "kube-public", "kube-node-lease", "default"]) {
    ensure(context, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  for (const service of localApiServices(context.kinds.all)) ensure(context, service);
  ensurePriorityClasses(context);
  ensureRoles(context);
  ensureKubernetesService(context, address);
}

function ensurePriorityClasses(context: Context): void {
  const ensureClass = (name: string, value: number, description: string) =>
    ensure(context, {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name },
      value,
      description,
      preemptionPolicy: "PreemptLowerPriority",
    });
  ensureClass(
    "system-node-critical",
    2_000_001_000,
    "Used for system critical pods that must not be moved from their current node.",
  );
  ensureClass(
    "system-cluster-critical",
    2_000_000_000,
    "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
  );
}

function ensureRoles(context: Context): void {
  for (const name in clusterRoles) {
    const part = /^system:aggregate-to-(.*)$/.exec(name)?.[1] ?? aggregated[name];
    const labels: Record<string, string> = part ? { [`${rbac}/aggregate-to-${part}`]: "true" } : {};
    const selector = { matchLabels: { [`${rbac}/aggregate-to-${name}`]: "true" } };
    const aggregation = name in aggregated ? { aggregationRule: { clusterRoleSelectors: [selector] } } : {};
    putDefault(context, "ClusterRole", { name }, { ...aggregation, rules: rulesOf(clusterRoles[name] ?? "") }, labels);
  }
  for (const name in clusterRoleBindings) {
    putBinding(context, { name }, "ClusterRole", name, clusterRoleBindings[name] ?? []);
  }
  for (const controller in controllerRoles) {
    const name = `system:controller:${controller}`;
    putDefault(context, "ClusterRole", { name }, { rules: rulesOf(controllerRoles[controller] ?? "") });
    putBinding(context, { name }, "ClusterRole", name, [`ServiceAccount ${controller}`]);
  }
  for (const { namespace, name, rules, binding, subjects } of namespaceRoles) {
    putDefault(context, "Role", { name, namespace }, { rules: rulesOf(rules) });
    putBinding(context, { name: binding, namespace }, "Role", name, subjects);
  }
}

interface Place {
  readonly name: string;
  readonly namespace?: string;
}

function putBinding(context: Context, place: Place, kind: string, role: string, subjects: readonly string[]): void {
  const list = subjects.map((subject) => {
    const [kind = "", name = ""] = subject.split(" ");
    return kind === "ServiceAccount" ? { kind, name, namespace: "kube-system" } : { apiGroup: rbac, kind, name };
  });
  const body = { roleRef: { apiGroup: rbac, kind, name: role }, ...(list.length > 0 ? { subjects: list } : {}) };
  putDefault(context, place.namespace ? "RoleBinding" : "ClusterRoleBinding", place, body);
}

/** Writes one of the default roles or bindings, unless it is there. They are known to be right, so nothing is checked. */
function putDefault(context: Context, kindName: string, place: Place, body: object, labels: object = {}): void {
  const kind = context.kinds.byApiVersionKind(`${rbac}/v1`, kindName);
  if (!kind || context.storage.get(kind, place.namespace, place.name)) return;
  const { clock, random, storage } = context;
  const metadata: ObjectMeta = { name: place.name };
  if (place.namespace !== undefined) metadata.namespace = place.namespace;
  metadata.uid = random.uuid();
  metadata.creationTimestamp = timeText(clock.now);
  metadata.labels = { "kubernetes.io/bootstrapping": "rbac-defaults", ...labels };
  metadata.annotations = { "rbac.authorization.kubernetes.io/autoupdate": "true" };
  const object: KubeObject = { apiVersion: `${rbac}/v1`, kind: kindName, metadata, ...body };
  trackCreate(storage.put(kind, object), writingOf(kind, place.namespace).manager, clock.now);
}

/** The Service kubernetes in default, and the endpoint that is this server (pkg/controlplane/reconcilers, 1.35). */
function ensureKubernetesService(context: Context, address: string): void {
  const range = (context.flags["service-cluster-ip-range"] ?? "10.96.0.0/12").split(",")[0] ?? "";
  const first = nthAddress(parseCidr(range), 1);
  const port = Number(context.flags["secure-port"] ?? 6443);
  const metadata = { name: "kubernetes", namespace: "default" };
  ensure(context, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { ...metadata, labels: { component: "apiserver", provider: "kubernetes" } },
    spec: {
      clusterIP: first ? ipText(first) : "",
      ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: port }],
      sessionAffinity: "None",
      type: "ClusterIP",
    },
  });
  if (address === "") return;
  const ports = [{ name: "https", port, protocol: "TCP" }];
  ensure(
    context,
    {
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: { ...metadata, labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } },
      subsets: [{ addresses: [{ ip: address }], ports }],
    },
    (old) => ({ ...old, subsets: [{ addresses: [{ ip: address }], ports }] }),
  );
  const endpoints = [{ addresses: [address], conditions: { ready: true } }];
  ensure(
    context,
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { ...metadata, labels: { "kubernetes.io/service-name": "kubernetes" } },
      addressType: "IPv4",
      endpoints,
      ports,
    },
    (old) => ({ ...old, endpoints, ports }),
  );
}

/** Creates what is not there; `change` is for what has to be so at every start. Kinds that are not served are left out. */
function ensure(context: Context, object: KubeObject, change?: (old: KubeObject) => KubeObject): void {
  const kind = context.kinds.byApiVersionKind(object.apiVersion, object.kind);
  if (!kind) return;
  const { name, namespace } = object.metadata;
  const writing = writingOf(kind, namespace);
  if (!context.storage.get(kind, namespace, name)) createObject(context, writing, object);
  else if (change) updateObject(context, writing, name, change);
}

function writingOf(kind: Kind, namespace: string | undefined): Writing {
  return {
    kind,
    attributes: { user: self, namespace, subresource: undefined, dryRun: false },
    manager: { name: "kube-apiserver", apiVersion: apiVersionOf(kind), subresource: undefined },
  };
}
