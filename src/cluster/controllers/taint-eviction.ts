import { SECOND } from "../../base/clock.ts";
import { rfc3339 } from "../../base/time.ts";
import { tolerationOf } from "../../kinds/tolerations.ts";
import type { Node, Taint } from "../../kinds/types/core.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Api } from "../apiserver/define.ts";
import type { Again, Controller, ControllerTools, Key, Sentence } from "./define.ts";
import { withPodCondition } from "./pod-state.ts";

/** Pods that will be deleted, by namespace and name: which they are, and since when that is known. */
type Doomed = Map<string, { readonly uid: string | undefined; readonly since: number }>;

const idOf = ({ metadata }: Pod): string => `${metadata.namespace}/${metadata.name}`;

/** Deletes pods that do not tolerate a NoExecute taint of their node (kubernetes pkg/controller/tainteviction, 1.35). */
export const taintEviction: Controller = {
  name: "taint-eviction-controller",
  account: "node-controller",
  source: "taint-eviction-controller",
  begin() {
    const tainted = new Map<string, readonly Taint[]>();
    const doomed: Doomed = new Map();
    const sentence: Sentence<Pod> = {
      for: "pods",
      concerns(pod, old, type) {
        if (doomed.size > 0 && doomed.has(idOf(pod))) return true;
        if (type === "DELETED" || tainted.size === 0 || !tainted.has(pod.spec.nodeName ?? "")) return false;
        return !old || old.spec !== pod.spec;
      },
      watches: [
        { resource: "nodes", keys: (node, api, _old, type) => retaint(tainted, api, node, type === "DELETED") },
      ],
      reconcile(api, pod, { namespace, name }, tools) {
        if (pod) return attend(api, pod, tainted, doomed, tools);
        doomed.delete(`${namespace}/${name}`);
        return undefined;
      },
    };
    return [sentence];
  },
};

/** Notes a node's NoExecute taints; where they changed, all its pods are looked at. */
function retaint(tainted: Map<string, readonly Taint[]>, api: Api, object: KubeObject, gone: boolean): readonly Key[] {
  const node = object as Node;
  const { name } = node.metadata;
  const taints = gone ? [] : (node.spec.taints ?? []).filter(({ effect }) => effect === "NoExecute");
  const before = tainted.get(name) ?? [];
  if (taints.length === before.length && taints.every((taint, i) => taint === before[i])) return [];
  if (taints.length > 0) tainted.set(name, taints);
  else tainted.delete(name);
  return api
    .indexed<Pod>("pods", "node", name)
    .map(({ metadata }) => ({ namespace: metadata.namespace ?? "", name: metadata.name }));
}

function attend(
  api: Api,
  pod: Pod,
  tainted: ReadonlyMap<string, readonly Taint[]>,
  doomed: Doomed,
  tools: ControllerTools,
): Again | undefined {
  const id = idOf(pod);
  const { uid } = pod.metadata;
  if (pod.metadata.deletionTimestamp) {
    doomed.delete(id);
    return undefined;
  }
  const seconds = patience(pod, tainted.get(pod.spec.nodeName ?? "") ?? []);
  const { now } = tools.clock;
  const waiting = doomed.get(id);
  const known = waiting?.uid === uid ? waiting : undefined;
  if (seconds === undefined) {
    if (!known) return undefined;
    doomed.delete(id);
    say(api, pod, `Cancelling deletion of Pod ${id}`);
    return undefined;
  }
  const since = known?.since ?? now;
  const at = since + seconds * SECOND;
  if (at > now) {
    doomed.set(id, { uid, since });
    return { againIn: (at - now) / SECOND };
  }
  doomed.delete(id);
  evict(api, pod, rfc3339(now));
  return undefined;
}

/** For how many seconds a pod may stay with its node's taints; undefined: for ever. */
function patience(pod: Pod, taints: readonly Taint[]): number | undefined {
  let least: number | undefined;
  for (const taint of taints) {
    const toleration = tolerationOf(pod.spec.tolerations, taint);
    if (!toleration) return 0;
    if (toleration.tolerationSeconds !== undefined)
      least = Math.min(least ?? Number.POSITIVE_INFINITY, Math.max(0, toleration.tolerationSeconds));
  }
  return least;
}

function evict(api: Api, pod: Pod, now: string): void {
  say(api, pod, `Marking for deletion Pod ${idOf(pod)}`);
  const condition = {
    type: "DisruptionTarget",
    ...(pod.metadata.generation ? { observedGeneration: pod.metadata.generation } : {}),
    status: "True" as const,
    reason: "DeletionByTaintManager",
    message: "Taint manager: deleting due to NoExecute taint",
  };
  api.modify<Pod>(pod, (current) => withPodCondition(current, condition, now), "status");
  api.delete(pod, pod.metadata.uid ? { preconditions: { uid: pod.metadata.uid } } : {});
}

function say(api: Api, pod: Pod, message: string): void {
  api.event(pod, { type: "Normal", reason: "TaintManagerEviction", message });
}
