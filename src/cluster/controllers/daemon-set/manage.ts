import { type Micros, SECOND } from "../../../base/clock.ts";
import { isPodReady } from "../../../kinds/labels.ts";
import type { Node } from "../../../kinds/types/core.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { DaemonSet } from "../../../kinds/types/workload.ts";
import type { Api } from "../../apiserver/define.ts";
import { isAvailable, isFinished } from "../pod-state.ts";
import type { FailedPods } from "./failed-pods.ts";
import { HASH } from "./history.ts";
import type { Placement } from "./placement.ts";
import { boundsOf, type Work } from "./update.ts";

/** What one look at a DaemonSet goes by. */
export interface Scene {
  readonly api: Api;
  readonly ds: DaemonSet;
  readonly place: Placement;
  readonly nodes: readonly Node[];
  /** The pods of each node, the oldest first. */
  readonly byNode: ReadonlyMap<string, readonly Pod[]>;
  readonly hash: string;
  readonly failures: FailedPods;
  readonly now: Micros;
}

/** What is to be done, and in how many seconds to look again because failed pods have to stay for now. */
interface Managed extends Work {
  againIn?: number;
}

/** Which nodes lack their pod, and which pods are where they should not be (daemon_controller.go manage, 1.35). */
export function manage(scene: Scene): Managed {
  const { nodes, byNode, place } = scene;
  const work: Managed = { create: [], delete: [] };
  const known = new Set<string>();
  for (const node of nodes) {
    const { name } = node.metadata;
    known.add(name);
    const verdict = place.verdict(node);
    const pods = byNode.get(name);
    if (!pods) {
      if (verdict === "runs") work.create.push(name);
    } else if (verdict === "goes") work.delete.push(...pods.filter(isStaying));
    else tend(scene, name, pods, work, verdict === "runs");
  }
  for (const [name, pods] of byNode)
    if (!known.has(name)) work.delete.push(...pods.filter((pod) => isStaying(pod) && !pod.spec.nodeName));
  return work;
}

function isStaying({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp === undefined;
}

/** Sees to a node where a daemon may stay (podsShouldBeOnNode, 1.35). */
function tend(scene: Scene, node: string, pods: readonly Pod[], work: Managed, runs: boolean): void {
  const staying = pods.filter(isStaying);
  for (const pod of staying) if (isFinished(pod)) clear(scene, node, pod, work);
  const running = staying.filter((pod) => !isFinished(pod));
  if (boundsOf(scene.ds, 1).surge === 0) work.delete.push(...running.slice(1));
  else if (running.length > 1) work.delete.push(...surplus(scene, running));
  // With a surge a node has a pod that is not ending at any time.
  else if (running.length === 0 && runs) work.create.push(node);
}

/** A pod that has ended, which a daemon never should, makes room for another. */
function clear({ api, ds, failures, now }: Scene, node: string, pod: Pod, work: Managed): void {
  const name = `${pod.metadata.namespace}/${pod.metadata.name}`;
  if (pod.status?.phase === "Failed") {
    const wait = failures.waitOn(node, now);
    if (wait !== undefined) {
      work.againIn = Math.min(work.againIn ?? wait / SECOND, wait / SECOND);
      return;
    }
    failures.note(node, now);
    const message = `Found failed daemon pod ${name} on node ${node}, will try to kill it`;
    api.event(ds, { type: "Warning", reason: "FailedDaemonPod", message });
  } else {
    const message = `Found succeeded daemon pod ${name} on node ${node}, will try to delete it`;
    api.event(ds, { type: "Normal", reason: "SucceededDaemonPod", message });
  }
  work.delete.push(pod);
}

/** With a surge the oldest pod of the template in force and the oldest of earlier ones may stand side by side, while the latter serves and the former does not yet. */
function surplus({ ds, hash, now }: Scene, running: readonly Pod[]): Pod[] {
  const isNew = ({ metadata }: Pod) => metadata.labels?.[HASH] === hash;
  const fresh = running.find(isNew);
  const old = running.find((pod) => !isNew(pod));
  const gone = running.filter((pod) => pod !== fresh && pod !== old);
  if (fresh && old && (!isPodReady(old) || isAvailable(fresh, ds.spec.minReadySeconds ?? 0, now))) gone.push(old);
  return gone;
}
