import type { JsonObject } from "../../../base/json.ts";
import type { Condition } from "../../../kinds/types/meta.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Context } from "../context.ts";
import { conflict, invalid, notFound } from "../errors.ts";
import { trackUpdate } from "../managed-fields/track.ts";
import type { Writing } from "../registry/writing.ts";
import { timeText } from "../time-text.ts";
import { success } from "./success.ts";

/** Binds a pod to a node (kubernetes pkg/registry/core/pod/storage assignPod, 1.35). */
export function bindPod(context: Context, writing: Writing, name: string, body: JsonObject): JsonObject {
  const { storage, clock } = context;
  const { namespace, dryRun } = writing.attributes;
  const pod = storage.get(writing.kind, namespace, name) as Pod | undefined;
  if (!pod) throw notFound(writing.kind, name);
  const node = targetOf(name, body);
  const refused = whyNot(pod);
  if (refused) throw conflict({ group: "", plural: "pods/binding" }, name, refused);
  const bound: Pod = {
    ...pod,
    metadata: withLabels(pod.metadata, body),
    spec: { ...pod.spec, nodeName: node },
    status: { ...statusOf(pod), conditions: scheduled(pod, timeText(clock.now)) },
  };
  if (!dryRun) trackUpdate(storage.put(writing.kind, bound), pod, undefined, clock.now, () => []);
  return success(201);
}

/** A binding's labels become the pod's (assignPod; PodTopologyLabels, 1.35). */
function withLabels(metadata: Pod["metadata"], { metadata: own }: JsonObject): Pod["metadata"] {
  const labels = (own as { labels?: Record<string, string> } | undefined)?.labels;
  return labels ? { ...metadata, labels: { ...metadata.labels, ...labels } } : { ...metadata };
}

/** What was promised is fulfilled (ClearingNominatedNodeNameAfterBinding, on since 1.35). */
function statusOf({ status }: Pod): Pod["status"] {
  if (status?.nominatedNodeName === undefined) return status;
  const { nominatedNodeName: _, ...rest } = status;
  return rest;
}

function targetOf(name: string, body: JsonObject): string {
  const target = body.target as { kind?: string; name?: string } | undefined;
  const kind = { kind: "Binding", group: "" };
  if (target?.kind && target.kind !== "Node") {
    throw invalid(kind, name, [
      { type: "NotSupported", path: "target.kind", value: target.kind, supported: ["Node", "<empty>"] },
    ]);
  }
  if (!target?.name) throw invalid(kind, name, [{ type: "Required", path: "target.name" }]);
  return target.name;
}

function whyNot({ metadata, spec }: Pod): string | undefined {
  if (metadata.deletionTimestamp) return `pod ${metadata.name} is being deleted, cannot be assigned to a host`;
  if (spec.nodeName) return `pod ${metadata.name} is already assigned to node "${spec.nodeName}"`;
  return spec.schedulingGates?.length ? `pod ${metadata.name} has non-empty .spec.schedulingGates` : undefined;
}

function scheduled({ metadata, status }: Pod, now: string): Condition[] {
  const conditions = status?.conditions ?? [];
  const old = conditions.find(({ type }) => type === "PodScheduled");
  const condition: Condition = {
    type: "PodScheduled",
    ...(metadata.generation ? { observedGeneration: metadata.generation } : {}),
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: old?.status === "True" ? (old.lastTransitionTime ?? now) : now,
  };
  return old ? conditions.map((other) => (other === old ? condition : other)) : [...conditions, condition];
}
