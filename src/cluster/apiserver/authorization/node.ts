import type { PolicyRule } from "../../../kinds/types/core.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Store } from "../../store/define.ts";
import type { UserInfo } from "../define.ts";
import type { Attributes, Authorizer, Decision } from "./authorizer.ts";
import { rulesAllow } from "./rules.ts";

const prefix = "system:node:";
const no: Decision = { allowed: false, reason: "" };
const yes: Decision = { allowed: true, reason: "" };

/** What kubelets may do at all (kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy NodeRules, 1.35). */
const nodeRules: readonly PolicyRule[] = [
  rule("authentication.k8s.io", ["tokenreviews"], ["create"]),
  rule("authorization.k8s.io", ["subjectaccessreviews", "localsubjectaccessreviews"], ["create"]),
  rule("", ["services"], ["get", "list", "watch"]),
  rule("", ["nodes"], ["create", "get", "list", "watch", "update", "patch"]),
  rule("", ["nodes/status"], ["update", "patch"]),
  rule("", ["events"], ["create", "update", "patch"]),
  rule("", ["pods"], ["get", "list", "watch", "create", "delete"]),
  rule("", ["pods/status"], ["update", "patch"]),
  rule("", ["pods/eviction"], ["create"]),
  rule("", ["persistentvolumes", "persistentvolumeclaims"], ["get"]),
  rule("", ["persistentvolumeclaims/status"], ["get", "update", "patch"]),
  rule("", ["secrets", "configmaps"], ["get", "list", "watch"]),
  rule("", ["endpoints"], ["get"]),
  rule("", ["serviceaccounts"], ["get"]),
  rule("", ["serviceaccounts/token"], ["create"]),
  rule("certificates.k8s.io", ["certificatesigningrequests"], ["create", "get", "list", "watch"]),
  rule("coordination.k8s.io", ["leases"], ["get", "create", "update", "patch", "delete"]),
  rule("storage.k8s.io", ["volumeattachments"], ["get"]),
  rule("storage.k8s.io", ["csidrivers"], ["get", "list", "watch"]),
  rule("storage.k8s.io", ["csinodes"], ["create", "delete", "get", "patch", "update"]),
  rule("node.k8s.io", ["runtimeclasses"], ["get", "list", "watch"]),
];

function rule(group: string, resources: string[], verbs: string[]): PolicyRule {
  return { verbs, apiGroups: [group], resources };
}

/** The Node authorizer: a kubelet may do what its own node and the pods on it need. */
export class NodeAuthorizer implements Authorizer {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  /** What a kubelet may read follows from its pods, so it may change with every one of them. */
  get revision(): number {
    return this.store.revision;
  }

  decide(user: UserInfo, attributes: Attributes): Decision {
    if (!user.groups.includes("system:nodes") || !user.name.startsWith(prefix)) return no;
    if (!rulesAllow(nodeRules, attributes) || "path" in attributes) return no;
    const node = user.name.slice(prefix.length);
    const { resource, name, verb, subresource } = attributes;
    switch (resource) {
      case "secrets":
      case "configmaps":
      case "persistentvolumeclaims":
      case "persistentvolumes":
      case "serviceaccounts":
        return name && this.isNeeded(node, resource, attributes.namespace, name) ? yes : unrelated(node);
      case "leases":
        return attributes.namespace === "kube-node-lease" && (verb === "create" || name === node) ? yes : no;
      case "csinodes":
        return verb === "create" || name === node ? yes : no;
      case "nodes":
        if (subresource || (verb !== "get" && verb !== "list" && verb !== "watch")) return yes;
        // AuthorizeNodeWithSelectors (GA in 1.34): reading other nodes is refused.
        if (name === node) return yes;
        return {
          allowed: false,
          reason: `node '${node}' cannot read ${name ? `'${name}'` : "all nodes"}, only its own Node object`,
        };
      default:
        return yes;
    }
  }

  private isNeeded(node: string, resource: string, namespace: string | undefined, name: string): boolean {
    const pods = this.store.indexed("pods", "node", node) as readonly Pod[];
    if (resource === "persistentvolumes") {
      const claim = (this.store.get(resource, undefined, name) as KubeObject & { spec?: { claimRef?: Named } })?.spec
        ?.claimRef;
      return claim !== undefined && this.isNeeded(node, "persistentvolumeclaims", claim.namespace, claim.name ?? "");
    }
    return pods.some((pod) => pod.metadata.namespace === namespace && needs(pod, resource, name));
  }
}

interface Named {
  readonly namespace?: string;
  readonly name?: string;
}

function unrelated(node: string): Decision {
  return { allowed: false, reason: `no relationship found between node '${node}' and this object` };
}

function needs(pod: Pod, resource: string, name: string): boolean {
  if (resource === "serviceaccounts") return pod.spec.serviceAccountName === name;
  if (resource === "secrets" && pod.spec.imagePullSecrets?.some((secret) => secret.name === name)) return true;
  const fields = {
    secrets: ["secretName", "secretRef", "secretKeyRef", "secret"],
    configmaps: ["configMap", "configMapRef", "configMapKeyRef"],
  };
  if (resource === "persistentvolumeclaims") return mentions(pod.spec.volumes, ["claimName"], name);
  return mentions(pod.spec, fields[resource as keyof typeof fields] ?? [], name);
}

/** Whether one of the fields, anywhere in the value, is the name or an object of that name. */
function mentions(value: unknown, fields: readonly string[], name: string): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => mentions(item, fields, name));
  for (const [key, item] of Object.entries(value)) {
    if (fields.includes(key) && (item === name || (item as Named | undefined)?.name === name)) return true;
    if (mentions(item, fields, name)) return true;
  }
  return false;
}
