import { goQuote } from "../../../base/go-text.ts";
import { equal } from "../../../kinds/equal.ts";
import type { Status } from "../../../kinds/status.ts";
import type { Node, PersistentVolumeClaim } from "../../../kinds/types/core.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { AdmissionPlugin, AdmissionRequest, AdmissionTools } from "../define.ts";
import { forbidden, notFound } from "../errors.ts";
import { forbiddenLabels } from "./node-labels.ts";
import { referenceOf } from "./pod-references.ts";
import { nameIn } from "./requests.ts";

const mirror = "kubernetes.io/config.mirror";

/** A kubelet writes about its own node and the pods on it, and nothing else (kubernetes plugin/pkg/admission/noderestriction, 1.35). */
export const nodeRestriction: AdmissionPlugin = {
  name: "NodeRestriction",
  offByDefault: true,
  mutate(request, server) {
    const { user, kind, operation } = request;
    if (!user.groups.includes("system:nodes") || !user.name.startsWith("system:node:") || operation === "CONNECT")
      return;
    const node = user.name.slice("system:node:".length);
    if (node === "") throw refusal(request, `could not determine node from user ${goQuote(user.name)}`);
    const check = checks[kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`];
    check?.(request, node, server);
  },
};

type Check = (request: AdmissionRequest, node: string, server: AdmissionTools) => void;

const checks: Readonly<Record<string, Check>> = {
  pods: checkPod,
  nodes: checkNode,
  persistentvolumeclaims: checkClaim,
  serviceaccounts: checkToken,
  "leases.coordination.k8s.io": checkLease,
  "csinodes.storage.k8s.io"(request, node) {
    if (nameIn(request) !== node)
      throw refusal(request, "can only access CSINode with the same name as the requesting node");
  },
};

function refusal(request: AdmissionRequest, why: string): Status {
  return forbidden(request.kind, nameIn(request), why);
}

function checkPod(request: AdmissionRequest, node: string, server: AdmissionTools): void {
  const { operation, subresource } = request;
  if (subresource === "status") checkPodStatus(request, node);
  else if (subresource === "eviction") checkEviction(request, node, server);
  else if (subresource) {
    const why = `unexpected pod subresource ${goQuote(subresource)}, only 'status' and 'eviction' are allowed`;
    throw refusal(request, why);
  } else if (operation === "CREATE") checkNewPod(request, node, server);
  else checkOldPod(request, node);
}

function checkOldPod(request: AdmissionRequest, node: string): void {
  const { operation, old } = request;
  const who = `node ${goQuote(node)}`;
  if (operation !== "DELETE")
    throw refusal(request, `unexpected operation ${goQuote(operation)}, ${who} can only create and delete mirror pods`);
  if ((old as Pod | undefined)?.spec.nodeName !== node)
    throw refusal(request, `${who} can only delete pods with spec.nodeName set to itself`);
}

function checkNewPod(request: AdmissionRequest, node: string, server: AdmissionTools): void {
  const { metadata, spec } = request.object as Pod;
  const who = `node ${goQuote(node)}`;
  const refuse = (why: string) => refusal(request, why);
  if (metadata.annotations?.[mirror] === undefined)
    throw refuse(`pod does not have ${goQuote(mirror)} annotation, ${who} can only create mirror pods`);
  if (spec.nodeName !== node) throw refuse(`${who} can only create pods with spec.nodeName set to itself`);
  const [owner, ...others] = metadata.ownerReferences ?? [];
  if (others.length > 0) throw refuse(`${who} can only create pods with a single owner reference set to itself`);
  if (owner?.apiVersion !== "v1" || owner.kind !== "Node" || owner.name !== node)
    throw refuse(`${who} can only create pods with an owner reference set to itself`);
  if (!owner.controller) throw refuse(`${who} can only create pods with a controller owner reference set to itself`);
  if (owner.blockOwnerDeletion) throw refuse(`${who} must not set blockOwnerDeletion on an owner reference`);
  const found = server.get<Node>("nodes", undefined, node);
  if (!found) throw notFound({ group: "", plural: "nodes" }, node);
  if (owner.uid !== found.metadata.uid)
    throw refuse(`node ${node} UID mismatch: expected ${owner.uid} got ${found.metadata.uid}`);
  const reference = referenceOf(spec);
  if (reference) throw refuse(`${who} can not create pods that reference ${reference}`);
}

function checkPodStatus(request: AdmissionRequest, node: string): void {
  const [pod, old] = [request.object as Pod | undefined, request.old as Pod | undefined];
  if (request.operation !== "UPDATE") throw refusal(request, `unexpected operation ${goQuote(request.operation)}`);
  if (old?.spec.nodeName !== node)
    throw refusal(
      request,
      `node ${goQuote(node)} can only update pod status for pods with spec.nodeName set to itself`,
    );
  const [now, before] = [pod?.metadata.labels, old.metadata.labels];
  if (now !== before && !equal(now ?? {}, before ?? {}))
    throw refusal(request, `node ${goQuote(node)} cannot update labels through pod status`);
}

function checkEviction(request: AdmissionRequest, node: string, server: AdmissionTools): void {
  const { operation, namespace, name = "" } = request;
  if (operation !== "CREATE") throw refusal(request, `unexpected operation ${operation}`);
  const pod = server.get<Pod>("pods", namespace, name);
  if (!pod) throw notFound({ group: "", plural: "pods" }, name);
  if (pod.spec.nodeName !== node)
    throw refusal(request, `node ${node} can only evict pods with spec.nodeName set to itself`);
}

function checkNode(request: AdmissionRequest, node: string): void {
  const { operation, object, old } = request;
  const asked = nameIn(request);
  const who = `node ${goQuote(node)}`;
  if (asked !== node) throw refusal(request, `${who} is not allowed to modify node ${goQuote(asked)}`);
  const [now, before] = [object as Node | undefined, old as Node | undefined];
  if (operation === "CREATE") {
    const labels = forbiddenLabels(now?.metadata.labels, undefined);
    if (labels.length > 0)
      throw refusal(request, `${who} is not allowed to set the following labels: ${labels.join(", ")}`);
  }
  if (operation !== "UPDATE" || !now || !before) return;
  const [taints, taintsBefore] = [now.spec?.taints ?? [], before.spec?.taints ?? []];
  if (taints !== taintsBefore && !equal(taints, taintsBefore))
    throw refusal(request, `${who} is not allowed to modify taints`);
  const [owners, ownersBefore] = [now.metadata.ownerReferences ?? [], before.metadata.ownerReferences ?? []];
  if (owners !== ownersBefore && !equal(owners, ownersBefore))
    throw refusal(request, `${who} is not allowed to modify ownerReferences`);
  if (now.metadata.labels === before.metadata.labels) return;
  const labels = forbiddenLabels(now.metadata.labels, before.metadata.labels);
  if (labels.length > 0) throw refusal(request, `is not allowed to modify labels: ${labels.join(", ")}`);
}

function checkClaim(request: AdmissionRequest, node: string): void {
  const { operation, subresource, object, old } = request;
  if (subresource !== "status") throw refusal(request, "may only update PVC status");
  if (operation !== "UPDATE") throw refusal(request, `unexpected operation ${goQuote(operation)}`);
  const rest = (claim: KubeObject | undefined) => {
    const { status, metadata, ...others } = (claim ?? {}) as Partial<PersistentVolumeClaim>;
    const { managedFields: _, resourceVersion: __, ...kept } = (metadata ?? {}) as Record<string, unknown>;
    const { capacity, conditions, allocatedResources, allocatedResourceStatuses, ...left } = (status ?? {}) as Record<
      string,
      unknown
    >;
    return { ...others, metadata: kept, status: left };
  };
  if (equal(rest(object), rest(old))) return;
  const why = "is not allowed to update fields other than status.quantity and status.conditions";
  throw refusal(request, `node ${goQuote(node)} ${why}`);
}

function checkToken(request: AdmissionRequest, node: string, server: AdmissionTools): void {
  const { operation, subresource, object, namespace } = request;
  if (operation !== "CREATE" || subresource !== "token") return;
  const { boundObjectRef: bound, audiences = [] } = (object?.spec ?? {}) as {
    boundObjectRef?: { apiVersion?: string; kind?: string; name?: string; uid?: string };
    audiences?: string[];
  };
  if (bound?.apiVersion !== "v1" || bound.kind !== "Pod" || !bound.name)
    throw refusal(request, "node requested token not bound to a pod");
  if (!bound.uid) throw refusal(request, "node requested token with a pod binding without a uid");
  const pod = server.get<Pod>("pods", namespace, bound.name);
  if (!pod) throw notFound({ group: "", plural: "pods" }, bound.name);
  if (pod.metadata.uid !== bound.uid) {
    const why = `the UID in the bound object reference (${bound.uid}) does not match the UID in record`;
    throw refusal(request, `${why}. The object might have been deleted and then recreated`);
  }
  if (pod.spec.nodeName !== node)
    throw refusal(request, "node requested token bound to a pod scheduled on a different node");
  checkAudience(request, pod, audiences, server);
}

/** A token is for whom the pod's volumes name (ServiceAccountNodeAudienceRestriction, on since 1.33). */
function checkAudience(
  request: AdmissionRequest,
  pod: Pod,
  audiences: readonly string[],
  server: AdmissionTools,
): void {
  if (audiences.length > 1) throw refusal(request, "node may only request 0 or 1 audiences");
  const [audience = ""] = audiences;
  const sources = (pod.spec.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? []);
  const isNamed = sources.some(({ serviceAccountToken: token }) => {
    const asked = token as { audience?: string } | undefined;
    return asked !== undefined && (asked.audience ?? "") === audience;
  });
  if (isNamed) return;
  const { user, namespace, name } = request;
  const verb = "request-serviceaccounts-token-audience";
  if (server.decide(user, { verb, group: "", resource: audience, namespace, name }).allowed) return;
  const why = `${user.name} is not authorized to request tokens for this audience`;
  throw refusal(request, `audience ${goQuote(audience)} not found in pod spec volume, ${why}`);
}

function checkLease(request: AdmissionRequest, node: string): void {
  if (request.namespace !== "kube-node-lease")
    throw refusal(request, 'can only access leases in the "kube-node-lease" system namespace');
  if (nameIn(request) !== node)
    throw refusal(request, "can only access node lease with the same name as the requesting node");
}
