import type { Micros } from "../../../base/clock.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { DaemonSet } from "../../../kinds/types/workload.ts";
import { isAvailable } from "../pod-state.ts";
import { shareOf } from "../share.ts";
import { HASH } from "./history.ts";

/** What is to be done to the pods of a DaemonSet. */
export interface Work {
  /** Nodes that get a pod. */
  readonly create: string[];
  readonly delete: Pod[];
}

/** Whether a pod is of the template in force. */
export function isUpdated(ds: DaemonSet, pod: Pod, hash: string): boolean {
  const generation = ds.metadata.annotations?.["deprecated.daemonset.template.generation"];
  const { labels } = pod.metadata;
  return labels?.[HASH] === hash || (generation !== undefined && labels?.["pod-template-generation"] === generation);
}

/** The bounds of a rolling update: both rounded up, not both zero (daemon/update.go, 1.35). */
export function boundsOf({ spec }: DaemonSet, desired: number): { surge: number; unavailable: number } {
  if (spec.updateStrategy?.type !== "RollingUpdate") return { surge: 0, unavailable: 0 };
  const { maxSurge, maxUnavailable } = spec.updateStrategy.rollingUpdate ?? {};
  const surge = shareOf(maxSurge, desired, "up");
  const unavailable = shareOf(maxUnavailable, desired, "up");
  return desired > 0 && surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

interface Pair {
  readonly node: string;
  readonly fresh: Pod | undefined;
  readonly old: Pod | undefined;
}

/** The new and the old pod of each node; nodes with more than one of either wait until that is put right. */
function pairs(ds: DaemonSet, byNode: ReadonlyMap<string, readonly Pod[]>, hash: string): (Pair | string)[] {
  return [...byNode].map(([node, pods]) => {
    const live = pods.filter(({ metadata }) => !metadata.deletionTimestamp);
    const fresh = live.filter((pod) => isUpdated(ds, pod, hash));
    const old = live.filter((pod) => !isUpdated(ds, pod, hash));
    return fresh.length > 1 || old.length > 1 ? node : { node, fresh: fresh[0], old: old[0] };
  });
}

/** Where a DaemonSet has pods, and where it should. */
interface Site {
  readonly byNode: ReadonlyMap<string, readonly Pod[]>;
  readonly runs: ReadonlySet<string>;
}

/** One step of a rolling update (daemon/update.go rollingUpdate, 1.35). */
export function rollOn(ds: DaemonSet, site: Site, hash: string, now: Micros): Work {
  const { surge, unavailable } = boundsOf(ds, site.runs.size);
  const works = (pod: Pod) => isAvailable(pod, ds.spec.minReadySeconds ?? 0, now);
  const all = pairs(ds, site.byNode, hash);
  return surge > 0 ? withSurge(all, surge, site.runs, works) : inPlace(all, unavailable, works);
}

function inPlace(all: readonly (Pair | string)[], most: number, works: (pod: Pod) => boolean): Work {
  let missing = 0;
  const broken: Pod[] = [];
  const candidates: Pod[] = [];
  for (const pair of all) {
    if (typeof pair === "string" || Boolean(pair.fresh) === Boolean(pair.old)) missing++;
    else if (pair.fresh) missing += works(pair.fresh) ? 0 : 1;
    else if (pair.old && !works(pair.old)) {
      broken.push(pair.old);
      missing++;
    } else if (pair.old && missing < most) candidates.push(pair.old);
  }
  return { create: [], delete: [...broken, ...candidates.slice(0, Math.max(0, most - missing))] };
}

function withSurge(
  all: readonly (Pair | string)[],
  most: number,
  runs: ReadonlySet<string>,
  works: (pod: Pod) => boolean,
): Work {
  let [extra, serving] = [0, 0];
  const work: Work = { create: [], delete: [] };
  const candidates: string[] = [];
  const misplaced: Pod[] = [];
  for (const pair of all) {
    if (typeof pair === "string") {
      extra++;
      continue;
    }
    const { node, old, fresh } = pair;
    const counting = old ?? fresh;
    if (counting && works(counting)) serving++;
    if (!old) continue;
    if (fresh) {
      if (works(fresh)) work.delete.push(old);
      else extra++;
    } else if (!works(old)) {
      if (runs.has(node)) work.create.push(node);
      else work.delete.push(old);
    } else if (!runs.has(node)) misplaced.push(old);
    else if (extra < most) candidates.push(node);
  }
  // A pod on a node it no longer belongs to goes when others serve in its stead.
  work.delete.push(...misplaced.slice(0, Math.max(0, serving - runs.size)));
  work.create.push(...candidates.slice(0, Math.max(0, most - extra)));
  return work;
}
