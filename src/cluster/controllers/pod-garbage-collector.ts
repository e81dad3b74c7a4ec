import { SECOND } from "../../base/clock.ts";
import { rfc3339 } from "../../base/time.ts";
import type { Node } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Api } from "../apiserver/define.ts";
import type { Again, Controller, ControllerTools, Key, Sentence } from "./define.ts";
import { isFinished, withPodCondition } from "./pod-state.ts";

/** How long a node must be gone before its pods are (gc_controller.go quarantineTime, 1.35). */
const QUARANTINE = 40;

/** Deletes pods whose node is gone, and finished pods beyond a number (kubernetes pkg/controller/podgc, 1.35). */
export const podGarbageCollector: Controller = {
  name: "pod-garbage-collector-controller",
  account: "pod-garbage-collector",
  begin(_api, tools) {
    const missing = new Map<string, number>();
    const finished = new Map<string, Pod>();
    const most = Number(tools.flags["terminated-pod-gc-threshold"] ?? 12500);
    const orphaned: Sentence = {
      for: "nodes",
      concerns: (_node, _old, type) => type !== "MODIFIED",
      watches: [
        {
          resource: "pods",
          keys(object, api, old, type) {
            const { spec } = object as Pod;
            if (type === "DELETED" || !spec.nodeName || spec.nodeName === (old as Pod | undefined)?.spec.nodeName)
              return [];
            return api.get("nodes", undefined, spec.nodeName) ? [] : [{ namespace: "", name: spec.nodeName }];
          },
        },
      ],
      reconcile(api, node, { name }) {
        if (!node) return collect(api, name, missing, tools);
        missing.delete(name);
        return undefined;
      },
    };
    const terminated: Sentence = {
      watches: [
        {
          resource: "pods",
          keys: (pod, _api, old, type) => count(finished, pod as Pod, old as Pod, type === "DELETED", most),
        },
      ],
      reconcile(api) {
        const surplus = finished.size - most;
        if (surplus <= 0) return undefined;
        const oldest = [...finished.values()].sort((a, b) => (turnOf(a) < turnOf(b) ? -1 : 1));
        for (const pod of oldest.slice(0, surplus)) end(api, pod, tools, undefined);
        return undefined;
      },
    };
    return most > 0 ? [orphaned, outOfService, terminated] : [orphaned, outOfService];
  },
};

const OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

/** Whether somebody has said that a node that is not ready will not come back by itself. */
function isOutOfService({ spec, status }: Node): boolean {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  return ready?.status !== "True" && (spec.taints ?? []).some(({ key }) => key === OUT_OF_SERVICE);
}

/** Pods that are being deleted on nodes out of service go at once (gc_controller.go gcTerminating, 1.35). */
const outOfService: Sentence = {
  watches: [
    {
      resource: "nodes",
      keys: (node, api, _old, type) =>
        type !== "DELETED" && isOutOfService(node as Node)
          ? api.indexed<Pod>("pods", "node", node.metadata.name).filter(isEnding).map(keyOf)
          : [],
    },
    {
      resource: "pods",
      keys(object, api, old, type) {
        const pod = object as Pod;
        if (type === "DELETED" || !isEnding(pod) || (old && isEnding(old as Pod))) return [];
        const node = api.get<Node>("nodes", undefined, pod.spec.nodeName ?? "");
        return node && isOutOfService(node) ? [keyOf(pod)] : [];
      },
    },
  ],
  reconcile(api, object, _key, tools) {
    const pod = object as Pod | undefined;
    const node = pod && isEnding(pod) && api.get<Node>("nodes", undefined, pod.spec.nodeName ?? "");
    if (!pod || !node || !isOutOfService(node)) return undefined;
    end(api, pod, tools, undefined);
    return undefined;
  },
};

function isEnding({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function keyOf({ metadata: { name, namespace = "" } }: Pod): Key {
  return { resource: "pods", namespace, name };
}

/** Pods that a kubelet has evicted go first, then the oldest. */
const turnOf = ({ metadata, status }: Pod) =>
  `${(status as { reason?: string } | undefined)?.reason === "Evicted" ? 0 : 1} ${metadata.creationTimestamp} ${metadata.name}`;

function collect(api: Api, node: string, missing: Map<string, number>, tools: ControllerTools): Again | undefined {
  const pods = api.indexed<Pod>("pods", "node", node).slice();
  if (pods.length === 0) {
    missing.delete(node);
    return undefined;
  }
  const since = missing.get(node) ?? tools.clock.now;
  missing.set(node, since);
  const left = since + QUARANTINE * SECOND - tools.clock.now;
  if (left > 0) return { againIn: left / SECOND };
  for (const pod of pods) end(api, pod, tools, "PodGC: node no longer exists");
  return undefined;
}

/** Marks a pod as failed, as nobody else will, and deletes it at once. */
function end(api: Api, pod: Pod, { clock }: ControllerTools, why: string | undefined): void {
  if (!isFinished(pod)) {
    const condition = why !== undefined && {
      type: "DisruptionTarget",
      ...(pod.metadata.generation ? { observedGeneration: pod.metadata.generation } : {}),
      status: "True" as const,
      reason: "DeletionByPodGC",
      message: why,
    };
    api.modify<Pod>(
      pod,
      (now) => {
        const marked = condition ? withPodCondition(now, condition, rfc3339(clock.now)) : now;
        return { ...marked, status: { ...marked.status, phase: "Failed" } };
      },
      "status",
    );
  }
  api.delete(pod, { gracePeriodSeconds: 0 });
}

function count(
  finished: Map<string, Pod>,
  pod: Pod,
  old: Pod | undefined,
  gone: boolean,
  most: number,
): readonly Key[] {
  const ended = isFinished(pod) && !gone;
  if (!ended && !(old && isFinished(old))) return [];
  const key = pod.metadata.uid ?? "";
  if (ended) finished.set(key, pod);
  else finished.delete(key);
  return finished.size > most ? [{ namespace: "", name: "finished pods" }] : [];
}
