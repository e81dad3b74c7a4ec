import { compareText } from "../base/go-text.ts";
import { ageColumn, column, nameColumn, wide } from "./cells.ts";
import { canonicalList } from "./defaults/quantities.ts";
import type { Kind, Problem } from "./define.ts";
import { equal } from "./equal.ts";
import { describeNode } from "./node/describe.ts";
import { forbidden } from "./problem.ts";
import type { Node } from "./types/core.ts";
import { checkNetwork } from "./validation/addresses.ts";
import { checkTaints } from "./validation/tolerations.ts";

/** A machine that runs pods. */
export const node: Kind<Node> = {
  kind: "Node",
  plural: "nodes",
  group: "",
  version: "v1",
  namespaced: false,
  short: ["no"],
  subresources: [
    { name: "proxy", kind: "NodeProxyOptions", verbs: ["create", "delete", "get", "patch", "update"] },
    { name: "status", kind: "Node", verbs: ["get", "patch", "update"] },
  ],
  defaults(object) {
    object.spec ??= {};
    object.status ??= {};
    syncPodNetworks(object.spec);
    const { capacity, allocatable } = object.status;
    canonicalList(capacity);
    if (capacity && !allocatable) object.status.allocatable = { ...capacity };
    else canonicalList(allocatable);
  },
  problems(object) {
    const problems: Problem[] = [];
    if (object.spec.taints) checkTaints(object.spec.taints, "metadata.taints", problems);
    for (const [index, network] of (object.spec.podCIDRs ?? []).entries())
      checkNetwork(network, `spec.podCIDRs[${index}]`, problems);
    return problems;
  },
  problemsOfUpdate,
  selectable: (object) => ({ "spec.unschedulable": String(object.spec.unschedulable ?? false) }),
  columns: [
    nameColumn,
    column("Status", statusText),
    column("Roles", rolesText),
    ageColumn,
    column("Version", (object) => object.status?.nodeInfo?.kubeletVersion ?? ""),
    wide("Internal-IP", (object) => addressOf(object, "InternalIP")),
    wide("External-IP", (object) => addressOf(object, "ExternalIP")),
    wide("OS-Image", (object) => object.status?.nodeInfo?.osImage || "<unknown>"),
    wide("Kernel-Version", (object) => object.status?.nodeInfo?.kernelVersion || "<unknown>"),
    wide("Container-Runtime", (object) => object.status?.nodeInfo?.containerRuntimeVersion || "<unknown>"),
  ],
  describe: (object, options) => describeNode(object, rolesText(object), options),
};

/** The first of podCIDRs is podCIDR; of two that differ the single one counts (core/v1 conversion.go, 1.35). */
function syncPodNetworks(spec: Node["spec"]): void {
  const first = spec.podCIDRs?.[0];
  if (spec.podCIDR && spec.podCIDR !== first) spec.podCIDRs = [spec.podCIDR];
  else if (first !== undefined && !spec.podCIDR) spec.podCIDR = first;
}

/** What a node keeps once it has it (core validation ValidateNodeUpdate, 1.35). */
function problemsOfUpdate({ spec }: Node, { spec: old }: Node): readonly Problem[] {
  const problems: Problem[] = [];
  if (old.podCIDRs?.length && !equal(old.podCIDRs, spec.podCIDRs))
    problems.push(forbidden("spec.podCIDRs", 'node updates may not change podCIDR except from "" to valid'));
  if (old.providerID && old.providerID !== spec.providerID)
    problems.push(forbidden("spec.providerID", 'node updates may not change providerID except from "" to valid'));
  return problems;
}

function statusText(object: Node): string {
  const ready = object.status?.conditions?.find(({ type }) => type === "Ready");
  const word = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
  return object.spec.unschedulable ? `${word},SchedulingDisabled` : word;
}

function rolesText(object: Node): string {
  const roles = new Set<string>();
  const labels = object.metadata.labels ?? {};
  for (const key in labels) {
    const role = key.startsWith("node-role.kubernetes.io/") ? key.slice("node-role.kubernetes.io/".length) : "";
    if (role) roles.add(role);
    if (key === "kubernetes.io/role" && labels[key]) roles.add(labels[key]);
  }
  return [...roles].sort(compareText).join(",") || "<none>";
}

function addressOf(object: Node, type: string): string {
  return object.status?.addresses?.find((address) => address.type === type)?.address ?? "<none>";
}
