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

const podsDecide = new Set(["secrets", "configmaps", "persistentvolumeclaims", "persistentvolumes", "serviceaccounts"]);

/** Whether what a kubelet may do follows from its pods. */
export function dependsOnPods(attributes: Attributes): boolean {
  return "resource" in attributes && podsDecide.has(attributes.resource);
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

/** Fields that name an object of another kind: the name itself, or an object with a name. */
const naming: Readonly<Record<string, string>> = {
  secretName: "secrets",
  secretRef: "secrets",
  secretKeyRef: "secrets",
  secret: "secrets",
  configMap: "configmaps",
  configMapRef: "configmaps",
  configMapKeyRef: "configmaps",
  claimName: "persistentvolumeclaims",
};

function needs({ spec }: Pod, resource: string, name: string): boolean {
  if (resource === "serviceaccounts") return spec.serviceAccountName === name;
  if (resource === "secrets" && spec.imagePullSecrets?.some((secret) => secret.name === name)) return true;
  return mentions(spec, resource, name);
}

/** Whether something in the value, at any depth, names this object. */
function mentions(value: object, resource: string, name: string): boolean {
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object" && item && mentions(item, resource, name)) return true;
    return false;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  for (const key in fields) {
    const item = fields[key];
    if (item === name) {
      if (naming[key] === resource) return true;
    } else if (typeof item === "object" && item !== null) {
      if (naming[key] === resource && (item as Named).name === name) return true;
      if (mentions(item, resource, name)) return true;
    }
  }
  return false;
}
