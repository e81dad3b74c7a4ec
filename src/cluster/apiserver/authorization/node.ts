import type { PolicyRule } from "../../../kinds/types/core.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Store } from "../../store/define.ts";
import { clusterRoles } from "../bootstrap/cluster-roles.ts";
import { rulesOf } from "../bootstrap/rules.ts";
import type { UserInfo } from "../define.ts";
import type { Attributes, Authorizer, Decision } from "./authorizer.ts";
import { needs } from "./pod-needs.ts";
import { rulesAllow } from "./rules.ts";

const prefix = "system:node:";
const no: Decision = { allowed: false, reason: "" };
const yes: Decision = { allowed: true, reason: "" };
const because = (reason: string): Decision => ({ allowed: false, reason });

/** What kubelets may do at all (bootstrappolicy NodeRules, 1.35): the rules of the role system:node. */
let nodeRules: readonly PolicyRule[] | undefined;

const podsDecide = new Set([
  "pods",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "persistentvolumes",
  "serviceaccounts",
  "volumeattachments",
  "resourceclaims",
]);

/** Whether what a kubelet may do follows from its pods. */
export function dependsOnPods(attributes: Attributes): boolean {
  return "resource" in attributes && podsDecide.has(attributes.resource);
}

type About = Exclude<Attributes, { path: string }>;
type Rule = (authorizer: NodeAuthorizer, node: string, about: About) => Decision;

/** What is asked of single resources, by group and plural (plugin/pkg/auth/authorizer/node/node_authorizer.go, 1.35). */
const subdivided: Readonly<Record<string, Rule>> = {
  "/secrets": readNamespaced,
  "/configmaps": readNamespaced,
  "/persistentvolumeclaims"(authorizer, node, about) {
    if (about.subresource !== "status") return getRelated(authorizer, node, about);
    if (about.verb !== "update" && about.verb !== "patch") return because("can only get/update/patch this type");
    return authorizer.related(node, about);
  },
  "/persistentvolumes": getRelated,
  "storage.k8s.io/volumeattachments": getRelated,
  "resource.k8s.io/resourceclaims": getRelated,
  "/serviceaccounts"(authorizer, node, about) {
    if (about.verb !== "create" || !about.name)
      return because("can only create tokens for individual service accounts");
    if (about.subresource !== "token") return because("can only create token subresource of serviceaccount");
    return authorizer.related(node, about);
  },
  "coordination.k8s.io/leases"(_, node, { verb, namespace, name }) {
    if (!["get", "create", "update", "patch", "delete"].includes(verb))
      return because("can only get, create, update, patch, or delete a node lease");
    if (namespace !== "kube-node-lease")
      return because('can only access leases in the "kube-node-lease" system namespace');
    if (verb === "create" || name === node) return yes;
    return because("can only access node lease with the same name as the requesting node");
  },
  "storage.k8s.io/csinodes"(_, node, { verb, name, subresource }) {
    if (!["get", "create", "update", "patch", "delete"].includes(verb))
      return because("can only get, create, update, patch, or delete a CSINode");
    if (subresource) return because("cannot authorize CSINode subresources");
    if (verb === "create" || name === node) return yes;
    return because("can only access CSINode with the same name as the requesting node");
  },
  "/nodes": ownNode,
  "/pods": ownPods,
};

function getRelated(authorizer: NodeAuthorizer, node: string, about: About): Decision {
  if (about.verb !== "get") return because("can only get individual resources of this type");
  return about.subresource ? because("cannot get subresource") : authorizer.related(node, about);
}

function readNamespaced(authorizer: NodeAuthorizer, node: string, about: About): Decision {
  if (!["get", "list", "watch"].includes(about.verb)) return because("can only read resources of this type");
  if (about.subresource) return because("cannot read subresource");
  return about.namespace ? authorizer.related(node, about) : because("can only read namespaced object of this type");
}

function ownNode(_: NodeAuthorizer, node: string, { verb, name, subresource }: About): Decision {
  if (subresource === "status") return verb === "update" || verb === "patch" ? yes : no;
  if (subresource) return no;
  if (["create", "update", "patch"].includes(verb)) return yes;
  if (!["get", "list", "watch"].includes(verb)) return no;
  if (name === node) return yes;
  return because(`node '${node}' cannot read ${name ? `'${name}'` : "all nodes"}, only its own Node object`);
}

function ownPods(authorizer: NodeAuthorizer, node: string, about: About): Decision {
  const { verb, subresource, selected } = about;
  if (subresource === "status") return verb === "update" || verb === "patch" ? yes : no;
  if (subresource === "eviction") return verb === "create" ? yes : no;
  if (subresource) return no;
  if (verb === "create" || verb === "delete") return yes;
  if (verb === "get") return authorizer.related(node, about);
  if (verb !== "list" && verb !== "watch") return no;
  if (selected?.["spec.nodeName"] === node) return yes;
  if (about.name) return authorizer.related(node, about);
  return because("can only list/watch pods with spec.nodeName field selector");
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

  /** Whether somebody is a kubelet. */
  knows({ name, groups }: UserInfo): boolean {
    return groups.includes("system:nodes") && name.startsWith(prefix);
  }

  decide(user: UserInfo, attributes: Attributes): Decision {
    if (!this.knows(user)) return no;
    const node = user.name.slice(prefix.length);
    if (node === "") return because(`unknown node for user "${user.name}"`);
    if ("resource" in attributes) {
      const rule = subdivided[`${attributes.group}/${attributes.resource}`];
      if (rule) return rule(this, node, attributes);
    }
    nodeRules ??= rulesOf(clusterRoles["system:node"] ?? "");
    return rulesAllow(nodeRules, attributes) ? yes : no;
  }

  /** Whether something that a pod on the node names is asked for. */
  related(node: string, { resource, namespace, name }: About): Decision {
    if (!name) return because("No Object name found");
    if (this.isNeeded(node, resource, namespace, name)) return yes;
    return because(`no relationship found between node '${node}' and this object`);
  }

  private isNeeded(node: string, resource: string, namespace: string | undefined, name: string): boolean {
    if (resource === "volumeattachments") {
      const attachment = this.store.get("volumeattachments.storage.k8s.io", undefined, name);
      return (attachment as { spec?: { nodeName?: string } } | undefined)?.spec?.nodeName === node;
    }
    const pods = this.store.indexed("pods", "node", node) as readonly Pod[];
    if (resource === "pods")
      return pods.some(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
    if (resource === "persistentvolumes") {
      const volume = this.store.get(resource, undefined, name) as KubeObject & {
        spec?: { claimRef?: { namespace?: string; name?: string } };
      };
      const claim = volume?.spec?.claimRef;
      return claim !== undefined && this.isNeeded(node, "persistentvolumeclaims", claim.namespace, claim.name ?? "");
    }
    return pods.some((pod) => pod.metadata.namespace === namespace && needs(pod, resource, name));
  }
}
