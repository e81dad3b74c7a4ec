import { SECOND } from "../../base/clock.ts";
import { rfc3339 } from "../../base/time.ts";
import { tolerationOf } from "../../kinds/tolerations.ts";
import type { Node, Taint } from "../../kinds/types/core.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Api } from "../apiserver/define.ts";
import type { Again, Controller, ControllerTools, Key, Sentence } from "./define.ts";
import { withPodCondition } from "./pod-state.ts";

/** Pods that will be deleted: since when that is known, by their uid. */
type Doomed = Map<string, { readonly since: number; readonly seconds: number }>;

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
      concerns({ spec, metadata }, old, type) {
        if (doomed.has(metadata.uid ?? "")) return true;
        if (type === "DELETED" || tainted.size === 0 || !tainted.has(spec.nodeName ?? "")) return false;
        return !old || old.spec !== spec;
      },
      watches: [{ resource: "nodes", keys: (node, api, _old, type) => retaint(tainted, api, node, type === "DELETED") }],
      reconcile: (api, pod, { namespace, name }, tools) =>
        pod ? attend(api, pod, tainted, doomed, tools) : forget(api, doomed, namespace, name),
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

/** The pod's uid is not known any more; what waits under it would find nothing. */
function forget(api: Api, doomed: Doomed, namespace: string, name: string): undefined {
  if (doomed.size === 0) return undefined;
  const there = new Set(api.list<Pod>("pods", namespace).map(({ metadata }) => metadata.uid));
  for (const uid of doomed.keys()) if (uid.endsWith(`@${namespace}/${name}`) && !there.has(uid)) doomed.delete(uid);
  return undefined;
}

function attend(
  api: Api,
  pod: Pod,
  tainted: ReadonlyMap<string, readonly Taint[]>,
  doomed: Doomed,
  tools: ControllerTools,
): Again | undefined {
  const uid = pod.metadata.uid ?? "";
  if (pod.metadata.deletionTimestamp) {
    doomed.delete(uid);
    return undefined;
  }
  const seconds = patience(pod, tainted.get(pod.spec.nodeName ?? "") ?? []);
  const { now } = tools.clock;
  const known = doomed.get(uid);
  if (seconds === undefined) {
    if (!known) return undefined;
    doomed.delete(uid);
    say(api, pod, `Cancelling deletion of Pod ${pod.metadata.namespace}/${pod.metadata.name}`);
    return undefined;
  }
  const since = known?.since ?? now;
  const at = since + seconds * SECOND;
  if (at > now) {
    doomed.set(uid, { since, seconds });
    return { againIn: (at - now) / SECOND };
  }
  doomed.delete(uid);
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
  say(api, pod, `Marking for deletion Pod ${pod.metadata.namespace}/${pod.metadata.name}`);
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
