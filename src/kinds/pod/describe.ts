import { ageOf } from "../cells.ts";
import type { DescribeOptions, Describing } from "../define.ts";
import { type ContainersOf, writeContainers, writeResources, writeSeccompProfile } from "../describe/containers.ts";
import { writeEvents } from "../describe/events.ts";
import { writeLabels, writeLabelsAndAnnotations, writeName } from "../describe/labels.ts";
import { eventsAbout } from "../describe/related.ts";
import { writeSpread, writeTolerations } from "../describe/scheduling.ts";
import { dateText } from "../describe/times.ts";
import { writeVolumes } from "../describe/volumes.ts";
import { Writer } from "../describe/writer.ts";
import { controllerOf } from "../labels.ts";
import { qosClassOf } from "../pod-resources.ts";
import type { Pod } from "../types/pod.ts";

/** The text of `kubectl describe pod`. */
export function* describePod(object: Pod, options: DescribeOptions): Describing {
  const { metadata, spec, status } = object;
  const { name, namespace, annotations } = metadata;
  // The kubelet reports about a static pod by the uid it has given it.
  const uid = annotations?.["kubernetes.io/config.mirror"] ?? metadata.uid;
  const events = yield* eventsAbout({ name, namespace, uid }, options);
  const w = new Writer();
  writePlace(w, object);
  writeLabelsAndAnnotations(w, metadata);
  writeLife(w, object, options);
  writeAllContainers(w, object);
  writeGatesAndConditions(w, object);
  writeVolumes(w, spec.volumes, "");
  w.field(0, "QoS Class", status?.qosClass || qosClassOf(object));
  writeLabels(w, "Node-Selectors", spec.nodeSelector);
  writeTolerations(w, "Tolerations", spec.tolerations);
  writeSpread(w, spec, "");
  writeEvents(w, events, options.now);
  return w.text();
}

function writePlace(w: Writer, { metadata, spec, status }: Pod): void {
  writeName(w, metadata);
  if (spec.priority !== undefined) w.field(0, "Priority", spec.priority);
  if (spec.priorityClassName) w.field(0, "Priority Class Name", spec.priorityClassName);
  if (spec.runtimeClassName) w.field(0, "Runtime Class Name", spec.runtimeClassName);
  if (spec.serviceAccountName) w.field(0, "Service Account", spec.serviceAccountName);
  w.field(0, "Node", spec.nodeName ? `${spec.nodeName}/${status?.hostIP ?? ""}` : "<none>");
  if (status?.startTime) w.field(0, "Start Time", dateText(status.startTime));
}

function writeLife(w: Writer, object: Pod, { now }: DescribeOptions): void {
  const { metadata, spec, status = {} } = object;
  const { phase = "" } = status;
  if (metadata.deletionTimestamp !== undefined && phase !== "Failed" && phase !== "Succeeded") {
    w.field(0, "Status", `Terminating (lasts ${ageOf(metadata.deletionTimestamp, now)})`);
    w.field(0, "Termination Grace Period", `${metadata.deletionGracePeriodSeconds ?? 0}s`);
  } else w.field(0, "Status", phase);
  if (status.reason) w.field(0, "Reason", status.reason);
  if (status.message) w.field(0, "Message", status.message);
  writeSeccompProfile(w, spec.securityContext, 0, 0);
  w.field(0, "IP", status.podIP ?? "");
  const addresses = status.podIPs ?? [];
  w.line(0, addresses.length === 0 ? "IPs:\t<none>" : "IPs:");
  for (const { ip } of addresses) w.field(1, "IP", ip);
  const owner = controllerOf(object);
  if (owner) w.field(0, "Controlled By", `${owner.kind}/${owner.name}`);
  if (status.nominatedNodeName) w.field(0, "NominatedNodeName", status.nominatedNodeName);
}

function writeAllContainers(w: Writer, { metadata, spec, status }: Pod): void {
  const of = (title: string, statuses: ContainersOf["statuses"]): ContainersOf => ({
    title,
    indent: "",
    statuses: statuses ?? [],
    owner: metadata,
  });
  const { initContainers = [], ephemeralContainers = [], resources } = spec;
  if (resources) w.line(0, "Resources:");
  writeResources(w, resources, 1);
  if (initContainers.length > 0)
    writeContainers(w, initContainers, of("Init Containers", status?.initContainerStatuses));
  writeContainers(w, spec.containers, of("Containers", status?.containerStatuses));
  if (ephemeralContainers.length > 0)
    writeContainers(w, ephemeralContainers, of("Ephemeral Containers", status?.ephemeralContainerStatuses));
}

function writeGatesAndConditions(w: Writer, { spec, status }: Pod): void {
  const conditions = status?.conditions ?? [];
  const gates = spec.readinessGates ?? [];
  if (gates.length > 0) w.add(0, "Readiness Gates:\n  Type\tStatus\n");
  for (const { conditionType } of gates) {
    const met = conditions.find(({ type }) => type === conditionType);
    w.line(1, `${conditionType} \t${met?.status ?? "<none>"} `);
  }
  if (conditions.length > 0) w.add(0, "Conditions:\n  Type\tStatus\n");
  for (const condition of conditions) w.line(1, `${condition.type} \t${condition.status} `);
}
