import { type Micros, SECOND } from "../../../base/clock.ts";
import { parseRfc3339 } from "../../../base/time.ts";
import { ownerReference } from "../../../kinds/labels.ts";
import type { Job } from "../../../kinds/types/batch.ts";
import type { Container, Pod, PodTemplateSpec } from "../../../kinds/types/pod.ts";
import type { Api } from "../../apiserver/define.ts";
import { podOf } from "../pod-control.ts";

export const kind = { group: "batch", version: "v1", kind: "Job" };
/** Holds a pod until its job has counted it. */
export const TRACKING = "batch.kubernetes.io/job-tracking";
const INDEX = "batch.kubernetes.io/job-completion-index";
const FAILURES = "batch.kubernetes.io/job-index-failure-count";
const IGNORED_FAILURES = "batch.kubernetes.io/job-index-ignored-failure-count";
/** What a generated name's prefix may have (apiserver names.MaxGeneratedNameLength, 1.35). */
const LONGEST_PREFIX = 58;

export function isTracked({ metadata }: Pod): boolean {
  return metadata.finalizers?.includes(TRACKING) ?? false;
}

/** Lets go of a pod that is counted. */
export function untrack(api: Api, pod: Pod): void {
  api.modify<Pod>(pod, (now) => {
    const { finalizers = [], ...rest } = now.metadata;
    if (!finalizers.includes(TRACKING)) return now;
    const left = finalizers.filter((name) => name !== TRACKING);
    return { ...now, metadata: left.length > 0 ? { ...rest, finalizers: left } : rest };
  });
}

export function isIndexed({ spec }: Job): boolean {
  return spec.completionMode === "Indexed";
}

/** The index of a pod among those its job completes; undefined where it has none that counts. */
export function indexOf({ metadata }: Pod, { spec }: Job): number | undefined {
  const text = metadata.annotations?.[INDEX] ?? "";
  return /^\d+$/.test(text) && Number(text) < (spec.completions ?? 0) ? Number(text) : undefined;
}

/** Whether a pod counts as failed: also one that is deleted, unless only failed pods are replaced. */
export function isFailed({ metadata, status }: Pod, { spec }: Job): boolean {
  if (status?.phase === "Failed") return true;
  if (spec.podReplacementPolicy === "Failed") return false;
  return metadata.deletionTimestamp !== undefined && status?.phase !== "Succeeded";
}

/** When a pod's containers ended, or what comes closest to it (backoff_utils.go getFinishedTime, 1.35). */
export function endedAt({ metadata, status }: Pod): Micros {
  const { containerStatuses = [], initContainerStatuses = [] } = status ?? {};
  // Sidecars end after the others.
  const all = containerStatuses.length > 0 ? [...containerStatuses, ...initContainerStatuses] : [];
  const ends = all.map(({ state }) => parseRfc3339(state?.terminated?.finishedAt ?? ""));
  if (ends.length > 0 && ends.every((at) => at !== undefined)) return Math.max(...(ends as Micros[]));
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status === "False" && ready.lastTransitionTime) return parseRfc3339(ready.lastTransitionTime) ?? 0;
  const grace = (metadata.deletionGracePeriodSeconds ?? 0) * SECOND;
  if (metadata.deletionTimestamp) return (parseRfc3339(metadata.deletionTimestamp) ?? 0) - grace;
  return parseRfc3339(metadata.creationTimestamp ?? "") ?? 0;
}

function countAt({ metadata }: Pod, key: string): number {
  return Number(metadata.annotations?.[key] ?? 0) || 0;
}

/** How often an index had failed before this pod, and how often that was not counted. */
export function failuresBefore(pod: Pod): { readonly counted: number; readonly ignored: number } {
  return { counted: countAt(pod, FAILURES), ignored: countAt(pod, IGNORED_FAILURES) };
}

/** What a new pod is to know of its index. */
export interface IndexStart {
  readonly index: number;
  readonly failures?: { readonly counted: number; readonly ignored: number };
}

/** A pod of a job; one with an index has it in its name, host name, labels and environment. */
export function newPod(job: Job, start?: IndexStart): Pod {
  const { template } = job.spec;
  const finalizers = [...(template.metadata?.finalizers ?? []).filter((name) => name !== TRACKING), TRACKING];
  const metadata = { ...template.metadata, finalizers };
  const reference = ownerReference(job, kind);
  if (!start) return podOf({ metadata, spec: template.spec }, job, reference);
  const { name } = job.metadata;
  const index = String(start.index);
  const annotations: Record<string, string> = { ...metadata.annotations, [INDEX]: index };
  if (start.failures) annotations[FAILURES] = String(start.failures.counted);
  if (start.failures?.ignored) annotations[IGNORED_FAILURES] = String(start.failures.ignored);
  const labels = { ...metadata.labels, [INDEX]: index };
  const spec = { ...withIndexVariable(template), hostname: `${name}-${index}` };
  const pod = podOf({ metadata: { ...metadata, labels, annotations }, spec }, job, reference);
  pod.metadata.generateName = `${name.slice(0, LONGEST_PREFIX - index.length - 2)}-${index}-`;
  return pod;
}

function withIndexVariable({ spec }: PodTemplateSpec): PodTemplateSpec["spec"] {
  const variable = {
    name: "JOB_COMPLETION_INDEX",
    valueFrom: { fieldRef: { fieldPath: `metadata.labels['${INDEX}']` } },
  };
  const knowing = (container: Container): Container => {
    const { env = [] } = container;
    return env.some(({ name }) => name === variable.name) ? container : { ...container, env: [...env, variable] };
  };
  const { containers, initContainers } = spec;
  const all = { ...spec, containers: containers.map(knowing) };
  return initContainers ? { ...all, initContainers: initContainers.map(knowing) } : all;
}
