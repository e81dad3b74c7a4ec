import { compareText } from "../../base/go-text.ts";
import type { Answer, Ask, DescribeOptions, Describing } from "../define.ts";
import { writeTimedConditions } from "../describe/conditions.ts";
import { writeEvents } from "../describe/events.ts";
import { writeItems, writeLabelsAndAnnotations } from "../describe/labels.ts";
import { eventsAbout, listOf } from "../describe/related.ts";
import { dateText } from "../describe/times.ts";
import { Writer } from "../describe/writer.ts";
import { Status } from "../status.ts";
import type { Event, Lease, Node, Taint } from "../types/core.ts";
import type { Pod } from "../types/pod.ts";
import { writeAllocated } from "./allocated.ts";

/** The text of `kubectl describe node`. `roles`: as the column shows them. */
export function* describeNode(object: Node, roles: string, options: DescribeOptions): Describing {
  const { metadata, spec, status } = object;
  const { name } = metadata;
  const fieldSelector = `spec.nodeName=${name},status.phase!=Succeeded,status.phase!=Failed`;
  const pods = yield* listOf<Pod>({ apiVersion: "v1", resource: "pods", fieldSelector });
  if (pods instanceof Status && pods.reason !== "Forbidden") throw pods;
  const events = yield* eventsOfNode(object, options);
  const namespace = "kube-node-lease";
  const lease = yield { apiVersion: "coordination.k8s.io/v1", resource: "leases", namespace, name };
  const w = new Writer();
  w.field(0, "Name", name);
  w.field(0, "Roles", roles);
  writeLabelsAndAnnotations(w, metadata);
  w.field(0, "CreationTimestamp", dateText(metadata.creationTimestamp));
  writeItems(w, "Taints", (spec.taints ?? []).toSorted(byEffectAndKey).map(taintText));
  w.field(0, "Unschedulable", spec.unschedulable ?? false);
  writeLease(w, lease, name);
  writeTimedConditions(w, status?.conditions, "lastHeartbeatTime");
  writeMachine(w, object);
  if (pods instanceof Status || !pods) w.field(0, "Pods", "not authorized");
  else writeAllocated(w, object, pods, options.now);
  writeEvents(w, events, options.now);
  return w.text();
}

/** Controllers report about a node by its uid, the kubelet by its name. */
function* eventsOfNode(
  { metadata: { name, uid } }: Node,
  options: DescribeOptions,
): Generator<Ask, readonly Event[] | undefined, Answer> {
  const byUid = yield* eventsAbout({ kind: "Node", name, uid }, options);
  const byName = yield* eventsAbout({ kind: "Node", name, uid: name }, options);
  return byUid && [...byUid, ...(byName ?? [])];
}

function byEffectAndKey(a: Taint, b: Taint): number {
  return compareText(`${a.effect},${a.key}`, `${b.effect},${b.key}`);
}

function taintText({ key, value, effect }: Taint): string {
  const what = value ? `${key}=${value}` : key;
  return effect ? `${what}:${effect}` : value ? `${what}:` : what;
}

/** The heartbeat of the kubelet. */
function writeLease(w: Writer, answer: Answer, name: string): void {
  if (answer === undefined || answer instanceof Status) {
    const why = answer?.message ?? `leases.coordination.k8s.io "${name}" not found`;
    w.field(0, "Lease", `Failed to get lease: ${why}`);
    return;
  }
  const { holderIdentity, acquireTime, renewTime } = (answer as Lease).spec ?? {};
  w.line(0, "Lease:");
  w.field(1, "HolderIdentity", holderIdentity ?? "<unset>");
  w.field(1, "AcquireTime", acquireTime ? dateText(acquireTime) : "<unset>");
  w.field(1, "RenewTime", renewTime ? dateText(renewTime) : "<unset>");
}

const systemInfo: readonly (readonly [title: string, field: string])[] = [
  ["Machine ID", "machineID"],
  ["System UUID", "systemUUID"],
  ["Boot ID", "bootID"],
  ["Kernel Version", "kernelVersion"],
  ["OS Image", "osImage"],
  ["Operating System", "operatingSystem"],
  ["Architecture", "architecture"],
  ["Container Runtime Version", "containerRuntimeVersion"],
  ["Kubelet Version", "kubeletVersion"],
  ["Kube-Proxy Version", "kubeProxyVersion"],
];

function writeMachine(w: Writer, { spec, status }: Node): void {
  w.line(0, "Addresses:");
  for (const { type, address } of status?.addresses ?? []) w.field(1, type, address);
  writeAmounts(w, "Capacity", status?.capacity);
  writeAmounts(w, "Allocatable", status?.allocatable);
  w.line(0, "System Info:");
  for (const [title, field] of systemInfo) w.field(1, title, String(status?.nodeInfo?.[field] ?? ""));
  if (spec.podCIDR) w.field(0, "PodCIDR", spec.podCIDR);
  if (spec.podCIDRs?.length) w.field(0, "PodCIDRs", spec.podCIDRs.join(","));
  if (spec.providerID) w.field(0, "ProviderID", spec.providerID);
}

function writeAmounts(w: Writer, title: string, amounts: Readonly<Record<string, string>> = {}): void {
  const names = Object.keys(amounts).sort(compareText);
  if (names.length > 0) w.line(0, `${title}:`);
  for (const name of names) w.field(1, name, amounts[name] ?? "");
}
