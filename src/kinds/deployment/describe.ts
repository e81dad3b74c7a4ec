import { compareText } from "../../base/go-text.ts";
import type { DescribeOptions, Describing } from "../define.ts";
import { writeConditions } from "../describe/conditions.ts";
import { writeEvents } from "../describe/events.ts";
import { writeLabelsAndAnnotations, writeName } from "../describe/labels.ts";
import { writePodTemplate } from "../describe/pod-template.ts";
import { eventsOf, listOf } from "../describe/related.ts";
import { dateText } from "../describe/times.ts";
import { Writer } from "../describe/writer.ts";
import { equal } from "../equal.ts";
import { selectorText } from "../label-selector.ts";
import { controllerOf } from "../labels.ts";
import { Status } from "../status.ts";
import type { PodTemplateSpec } from "../types/pod.ts";
import type { Deployment, ReplicaSet } from "../types/workload.ts";

/** The text of `kubectl describe deployment`. */
export function* describeDeployment(object: Deployment, options: DescribeOptions): Describing {
  const { metadata, spec } = object;
  const events = yield* eventsOf(object, options);
  const labelSelector = selectorText(spec.selector);
  const ask = { apiVersion: "apps/v1", resource: "replicasets", labelSelector };
  const sets = yield* listOf<ReplicaSet>(metadata.namespace ? { ...ask, namespace: metadata.namespace } : ask);
  const w = new Writer();
  writeName(w, metadata);
  w.field(0, "CreationTimestamp", dateText(metadata.creationTimestamp));
  writeLabelsAndAnnotations(w, metadata);
  w.field(0, "Selector", labelSelector);
  writeReplicas(w, object);
  writePodTemplate(w, spec.template);
  writeConditions(w, object.status?.conditions);
  if (sets && !(sets instanceof Status)) writeReplicaSets(w, object, sets);
  writeEvents(w, events, options.now);
  return w.text();
}

function writeReplicas(w: Writer, { spec, status = {} }: Deployment): void {
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, unavailableReplicas = 0 } = status;
  const now = `${updatedReplicas} updated | ${replicas} total | ${availableReplicas} available`;
  w.field(0, "Replicas", `${spec.replicas ?? 0} desired | ${now} | ${unavailableReplicas} unavailable`);
  w.field(0, "StrategyType", spec.strategy?.type ?? "");
  w.field(0, "MinReadySeconds", spec.minReadySeconds ?? 0);
  if (!spec.strategy?.rollingUpdate) return;
  const { maxUnavailable, maxSurge } = spec.strategy.rollingUpdate;
  w.field(0, "RollingUpdateStrategy", `${shareText(maxUnavailable)} max unavailable, ${shareText(maxSurge)} max surge`);
}

function shareText(share: number | string | undefined): string {
  return share === undefined ? "<nil>" : String(share);
}

/** The set with the deployment's own template is the new one; the oldest counts where several have it. */
function writeReplicaSets(w: Writer, { metadata, spec }: Deployment, sets: readonly ReplicaSet[]): void {
  const mine = sets.filter((set) => controllerOf(set)?.uid === metadata.uid).sort(byAge);
  if (mine.length === 0) return;
  const current = mine.find((set) => equal(withoutHash(set.spec.template), withoutHash(spec.template)));
  w.field(0, "OldReplicaSets", setsText(mine.filter((set) => set !== current)));
  w.field(0, "NewReplicaSet", setsText(current ? [current] : []));
}

function byAge(a: ReplicaSet, b: ReplicaSet): number {
  const [first, second] = [a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? ""];
  return compareText(first, second) || compareText(a.metadata.name, b.metadata.name);
}

function withoutHash({ metadata, ...template }: PodTemplateSpec): PodTemplateSpec {
  const { "pod-template-hash": _hash, ...labels } = metadata?.labels ?? {};
  return { ...template, metadata: { ...metadata, labels } };
}

function setsText(sets: readonly ReplicaSet[]): string {
  const texts = sets.map(
    ({ metadata, spec, status }) =>
      `${metadata.name} (${status?.replicas ?? 0}/${spec.replicas ?? 0} replicas created)`,
  );
  return texts.join(", ") || "<none>";
}
