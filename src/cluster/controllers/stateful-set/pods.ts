import { isPodReady, ownerReference } from "../../../kinds/labels.ts";
import { Status } from "../../../kinds/status.ts";
import type { Pod, PodTemplateSpec, Volume } from "../../../kinds/types/pod.ts";
import type { StatefulSet } from "../../../kinds/types/workload.ts";
import type { Api } from "../../apiserver/define.ts";
import { isNamespaceEnding, podOf } from "../pod-control.ts";
import { isAvailable } from "../pod-state.ts";
import { claimName, createClaims, ownClaims } from "./claims.ts";
import { type History, kind, REVISION, templateOf } from "./history.ts";

const POD_NAME = "statefulset.kubernetes.io/pod-name";
const POD_INDEX = "apps.kubernetes.io/pod-index";

/** The number at the end of a pod's name, where the rest is the set's; undefined for pods of others. */
export function ordinalOf(set: StatefulSet, name: string): number | undefined {
  const prefix = `${set.metadata.name}-`;
  if (!name.startsWith(prefix) || !/^\d+$/.test(name.slice(prefix.length))) return undefined;
  return Number(name.slice(prefix.length));
}

/** The first of the numbers that the set's pods have. */
export function startOf({ spec }: StatefulSet): number {
  return spec.ordinals?.start ?? 0;
}

export function revisionOf({ metadata }: Pod): string {
  return metadata.labels?.[REVISION] ?? "";
}

export function isRunningAndReady(pod: Pod): boolean {
  return pod.status?.phase === "Running" && isPodReady(pod);
}

/** Whether a pod cannot be counted on: missing, ending, not ready, or not ready for long enough. */
export function isUnavailable(pod: Pod | undefined, set: StatefulSet, now: number): boolean {
  if (!pod || pod.metadata.deletionTimestamp || !isRunningAndReady(pod)) return true;
  return !isAvailable(pod, set.spec.minReadySeconds ?? 0, now);
}

/** Whether a new pod with this number is of the old revision: below the partition, or not yet reached by the update. */
function isOfCurrent(set: StatefulSet, ordinal: number): boolean {
  const { type, rollingUpdate } = set.spec.updateStrategy ?? {};
  if (rollingUpdate) return ordinal < startOf(set) + (rollingUpdate.partition ?? 0);
  return type === "RollingUpdate" && ordinal < startOf(set) + (set.status?.currentReplicas ?? 0);
}

/** A pod with the name, labels and volumes of its number (stateful_set_utils.go newVersionedStatefulSetPod, 1.35). */
function podAt(set: StatefulSet, ordinal: number, { current, update }: History): Pod {
  const revision = isOfCurrent(set, ordinal) ? current : update;
  const template: PodTemplateSpec = templateOf(revision);
  const name = `${set.metadata.name}-${ordinal}`;
  const { metadata } = podOf(template, set, ownerReference(set, kind));
  const labels = {
    ...metadata.labels,
    [POD_NAME]: name,
    [POD_INDEX]: String(ordinal),
    [REVISION]: revision.metadata.name,
  };
  const { serviceName } = set.spec;
  const spec = {
    ...template.spec,
    hostname: name,
    ...(serviceName ? { subdomain: serviceName } : {}),
    volumes: volumesAt(set, template, ordinal),
  };
  return { apiVersion: "v1", kind: "Pod", metadata: { ...metadata, name, labels }, spec };
}

/** A volume for each claim, and those of the template with other names. */
function volumesAt(set: StatefulSet, { spec }: PodTemplateSpec, ordinal: number): Volume[] {
  const names = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
  const claims = names.map((name) => ({
    name,
    persistentVolumeClaim: { claimName: claimName(set, name, ordinal) },
  }));
  return [...claims, ...(spec.volumes ?? []).filter(({ name }) => !names.includes(name))];
}

/** Creates the claims of a number and then its pod. */
export function createAt(api: Api, set: StatefulSet, ordinal: number, history: History): void {
  const pod = podAt(set, ordinal, history);
  try {
    createClaims(api, set, pod.metadata.name, ordinal);
    const made = api.create(pod);
    ownClaims(api, set, made, ordinal, true);
    say(api, set, "create", pod);
  } catch (error) {
    if (!(error instanceof Status)) throw error;
    if (isNamespaceEnding(error)) return;
    if (error.reason !== "AlreadyExists") say(api, set, "create", pod, error);
    throw error;
  }
}

export function deleteOne(api: Api, set: StatefulSet, pod: Pod): void {
  try {
    api.delete(pod);
    say(api, set, "delete", pod);
  } catch (error) {
    if (!(error instanceof Status)) throw error;
    say(api, set, "delete", pod, error);
    throw error;
  }
}

/** A pod whose label does not tell its name gets that back, and its number (stateful_set_utils.go identityMatches, 1.35). */
export function restoreIdentity(api: Api, set: StatefulSet, pod: Pod, ordinal: number): void {
  const { name, labels } = pod.metadata;
  if (labels?.[POD_NAME] === name) return;
  const own = { [POD_NAME]: name, [POD_INDEX]: String(ordinal) };
  api.modify<Pod>(pod, (now) => ({
    ...now,
    metadata: { ...now.metadata, labels: { ...now.metadata.labels, ...own } },
  }));
  say(api, set, "update", pod);
}

/** What was done to a pod, as an event of the set (stateful_pod_control.go recordPodEvent, 1.35). */
function say(api: Api, set: StatefulSet, verb: "create" | "delete" | "update", pod: Pod, error?: Status): void {
  const reason = `${error ? "Failed" : "Successful"}${verb.charAt(0).toUpperCase()}${verb.slice(1)}`;
  const outcome = error ? `failed error: ${error.message}` : "successful";
  const message = `${verb} Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} ${outcome}`;
  api.event(set, { type: error ? "Warning" : "Normal", reason, message });
}
