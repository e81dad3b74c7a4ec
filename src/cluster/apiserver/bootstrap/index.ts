import { ipText, nthAddress, parseCidr } from "../../../base/cidr.ts";
import { apiVersionOf, type Kind } from "../../../kinds/define.ts";
import type { ConfigMap } from "../../../kinds/types/core.ts";
import type { KubeObject, ObjectMeta } from "../../../kinds/types/meta.ts";
import type { ServiceCidr } from "../../../kinds/types/service-cidr.ts";
import type { Context } from "../context.ts";
import type { UserInfo } from "../define.ts";
import { EventRecorder } from "../events/recorder.ts";
import { trackCreate } from "../managed-fields/track.ts";
import { createObject } from "../registry/create.ts";
import { updateObject } from "../registry/update.ts";
import type { Writing } from "../registry/writing.ts";
import { timeText } from "../time-text.ts";
import { localApiServices } from "./api-services.ts";
import { authenticationTrust } from "./authentication-trust.ts";
import { aggregated, clusterRoleBindings, clusterRoles } from "./cluster-roles.ts";
import { controllerRoles } from "./controller-roles.ts";
import { flowControlObjects } from "./flow-control.ts";
import { namespaceRoles } from "./namespace-roles.ts";
import { reconciled } from "./reconcile.ts";
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
  ensureTokenTracking(context);
  ensureTrust(context);
  for (const object of flowControlObjects(timeText(context.clock.now)))
    putPlain(context, object, "api-priority-and-fairness-config-producer-v1");
  ensureServiceRange(context);
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

/** Since when the use of tokens in secrets is noted on them (pkg/controlplane/controller/legacytokentracking, 1.35). */
function ensureTokenTracking(context: Context): void {
  ensure(context, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "kube-apiserver-legacy-service-account-token-tracking", namespace: "kube-system" },
    data: { since: timeText(context.clock.now).slice(0, 10) },
  });
}

/** How other API servers know who their clients are. */
function ensureTrust(context: Context): void {
  const { readFile } = context.hooks;
  if (!readFile) return;
  const metadata = { name: "extension-apiserver-authentication", namespace: "kube-system" };
  const dataOf = (old?: KubeObject) =>
    authenticationTrust(context.flags, readFile, (old as ConfigMap | undefined)?.data);
  ensure(context, { apiVersion: "v1", kind: "ConfigMap", metadata, data: dataOf() }, (old) => ({
    ...old,
    data: dataOf(old),
  }));
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

/**
 * Writes one of the default roles or bindings; of one that is there what is missing is added, unless its annotation
 * autoupdate says no (component-helpers auth/rbac/reconciliation, 1.35). They are known to be right, so nothing is checked.
 */
function putDefault(context: Context, kindName: string, place: Place, body: object, labels: object = {}): void {
  const kind = context.kinds.byApiVersionKind(`${rbac}/v1`, kindName);
  const known = kind && context.storage.get(kind, place.namespace, place.name);
  if (known) {
    const whole = reconciled(known, body, { "kubernetes.io/bootstrapping": "rbac-defaults", ...labels });
    if (whole) updateObject(context, writingOf(kind, place.namespace), place.name, () => whole);
    return;
  }
  if (!kind) return;
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

/** The ServiceCIDR kubernetes: the range of the flag (pkg/controlplane/controller/defaultservicecidr, 1.35). */
function ensureServiceRange(context: Context): void {
  const { clock, flags, kinds, storage } = context;
  const cidrs = (flags["service-cluster-ip-range"] ?? "10.96.0.0/12").split(",");
  const kind = kinds.byApiVersionKind("networking.k8s.io/v1", "ServiceCIDR");
  const there = kind && (storage.get(kind, undefined, "kubernetes") as ServiceCidr | undefined);
  if (there) {
    followServiceRange(context, kind, there, cidrs);
    return;
  }
  const condition = {
    lastTransitionTime: timeText(clock.now),
    message: "Kubernetes default Service CIDR is ready",
    reason: "",
    status: "True",
    type: "Ready",
  };
  const object = {
    apiVersion: "networking.k8s.io/v1",
    kind: "ServiceCIDR",
    metadata: { name: "kubernetes" },
    spec: { cidrs },
    status: { conditions: [condition] },
  };
  putPlain(context, object, "kube-apiserver");
}

/** Another range in the flag than in the cluster: a second family is taken over, all else is only said. */
function followServiceRange(context: Context, kind: Kind, there: ServiceCidr, cidrs: readonly string[]): void {
  const known = there.spec.cidrs ?? [];
  if (there.metadata.deletionTimestamp || known.join() === cidrs.join()) return;
  if (cidrs.length === 2 && known.length === 1 && known[0] === cidrs[0]) {
    const grown = (old: KubeObject) => ({ ...old, spec: { cidrs: [...cidrs] } });
    updateObject(context, writingOf(kind, undefined), there.metadata.name, grown);
    return;
  }
  const events = context.kinds.byApiVersionKind("v1", "Event");
  if (!events) return;
  const message = `The default ServiceCIDR [${known.join(" ")}] does not match the controller flag configurations [${cidrs.join(" ")}]`;
  const recorder = new EventRecorder("kubernetes-service-cidr-controller");
  recorder.record(context, writingOf(events, "default"), there, {
    type: "Warning",
    reason: "KubernetesDefaultServiceCIDRInconsistent",
    message,
  });
}

/** Writes an object of the server's own, unless it is there. It is known to be right, so nothing is checked. */
function putPlain(context: Context, object: KubeObject, manager: string): void {
  const kind = context.kinds.byApiVersionKind(object.apiVersion, object.kind);
  const { clock, random, storage } = context;
  if (!kind || storage.get(kind, undefined, object.metadata.name)) return;
  const metadata = { ...object.metadata, uid: random.uuid(), creationTimestamp: timeText(clock.now) };
  const stored = storage.put(kind, { ...object, metadata });
  trackCreate(stored, { ...writingOf(kind, undefined).manager, name: manager }, clock.now);
}

/** The Service kubernetes in default, and the endpoint that is this server (pkg/controlplane/reconcilers, 1.35). */
export function ensureKubernetesService(context: Context, address: string): void {
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
