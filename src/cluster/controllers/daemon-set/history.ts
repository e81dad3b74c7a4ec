import { equal } from "../../../kinds/equal.ts";
import type { Pod, PodTemplateSpec } from "../../../kinds/types/pod.ts";
import type { ControllerRevision, DaemonSet } from "../../../kinds/types/workload.ts";
import type { Api } from "../../apiserver/define.ts";
import { claim } from "../claim.ts";
import type { Orphans } from "../orphans.ts";
import { makeRevision, revisionData } from "../revisions.ts";

export const HASH = "controller-revision-hash";
export const kind = { group: "apps", version: "v1", kind: "DaemonSet" };

/** The revisions of a DaemonSet's template: the one in force, and the others. */
export interface History {
  readonly current: ControllerRevision;
  readonly old: readonly ControllerRevision[];
}

export const hashOf = ({ metadata }: ControllerRevision): string => metadata.labels?.[HASH] ?? "";

/**
 * Finds or makes the revision of the template; one that was in force before becomes the newest again. Gives undefined
 * when another object has its name: the DaemonSet's collisionCount was raised then.
 */
export function historyOf(api: Api, ds: DaemonSet, orphans: Orphans<ControllerRevision>): History | undefined {
  const claimer = { owner: ds, kind, selector: ds.spec.selector };
  const all = claim<ControllerRevision>(api, "controllerrevisions.apps", claimer, orphans);
  const same = all.filter((revision) => isOf(revision, ds)).sort((a, b) => b.revision - a.revision);
  const [found] = same;
  const old = all.filter((revision) => revision !== found);
  const newest = Math.max(0, ...old.map(({ revision }) => revision));
  if (!found) {
    const made = makeRevision(api, ds, kind, { revision: newest + 1, label: HASH, emptyStatus });
    return made && { current: made, old };
  }
  if (found.revision > newest) return { current: found, old };
  const raised = api.modify<ControllerRevision>(found, (now) => ({ ...now, revision: newest + 1 }));
  return { current: raised ?? found, old };
}

/** The template that a revision's data were last found to be of: neither ever changes. */
const matched = new WeakMap<object, PodTemplateSpec>();

/** Whether a revision keeps the template that a DaemonSet has now. */
function isOf({ data }: ControllerRevision, ds: DaemonSet): boolean {
  const { template } = ds.spec;
  if (typeof data !== "object" || data === null) return equal(data, revisionData(ds));
  if (matched.get(data) === template) return true;
  const same = equal(data, revisionData(ds));
  if (same) matched.set(data, template);
  return same;
}

/** The fields that a DaemonSet's status must have. */
const emptyStatus = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };

/** Deletes revisions beyond revisionHistoryLimit that no pod is of, the oldest first. */
export function forgetOld(api: Api, ds: DaemonSet, { old }: History, pods: readonly Pod[]): void {
  const surplus = old.length - (ds.spec.revisionHistoryLimit ?? 10);
  if (surplus <= 0) return;
  const alive = new Set(pods.map(({ metadata }) => metadata.labels?.[HASH]));
  const dead = old.filter((revision) => !alive.has(hashOf(revision))).sort((a, b) => a.revision - b.revision);
  for (const revision of dead.slice(0, surplus)) api.delete(revision);
}
