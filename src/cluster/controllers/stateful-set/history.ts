import { equal } from "../../../kinds/equal.ts";
import type { Pod, PodTemplateSpec } from "../../../kinds/types/pod.ts";
import type { ControllerRevision, StatefulSet } from "../../../kinds/types/workload.ts";
import type { Api } from "../../apiserver/define.ts";
import { claim } from "../claim.ts";
import type { Orphans } from "../orphans.ts";
import { makeRevision, revisionData } from "../revisions.ts";

export const kind = { group: "apps", version: "v1", kind: "StatefulSet" };
/** The label by which a pod names its revision. */
export const REVISION = "controller-revision-hash";

/** The revisions of a StatefulSet's template: what its pods were, what they shall be, and all there are, oldest first. */
export interface History {
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
  readonly all: readonly ControllerRevision[];
}

/** The template that a revision keeps. */
export function templateOf({ data }: ControllerRevision): PodTemplateSpec {
  const { $patch: _, ...template } = (data as { spec: { template: PodTemplateSpec & { $patch?: string } } }).spec
    .template;
  return template;
}

/**
 * Finds or makes the revision of the template in force; an old one becomes the newest again (stateful_set_control.go
 * getStatefulSetRevisions, 1.35). Gives undefined when another object has its name: collisionCount was raised then.
 */
export function historyOf(api: Api, set: StatefulSet, orphans: Orphans<ControllerRevision>): History | undefined {
  const claimer = { owner: set, kind, selector: set.spec.selector };
  const all = [...claim<ControllerRevision>(api, "controllerrevisions.apps", claimer, orphans)];
  all.sort((a, b) => a.revision - b.revision);
  const data = revisionData(set);
  const found = all.findLast((revision) => equal(revision.data, data));
  const newest = all.at(-1);
  let update = found;
  if (!found)
    update = makeRevision(api, set, kind, {
      revision: (newest?.revision ?? 0) + 1,
      label: "controller.kubernetes.io/hash",
      emptyStatus: { replicas: 0, availableReplicas: 0 },
    });
  else if (found !== newest && newest)
    update = api.modify<ControllerRevision>(found, (now) => ({ ...now, revision: newest.revision + 1 }));
  if (!update) return undefined;
  const current = all.find(({ metadata }) => metadata.name === set.status?.currentRevision);
  const others = all.filter((revision) => revision !== found);
  return { current: current ?? update, update, all: [...others, update] };
}

/** Deletes revisions beyond revisionHistoryLimit that neither a pod nor the set is of, the oldest first. */
export function forgetOld(api: Api, set: StatefulSet, history: History, pods: readonly Pod[]): void {
  const alive = new Set(pods.map(({ metadata }) => metadata.labels?.[REVISION]));
  alive.add(history.current.metadata.name).add(history.update.metadata.name);
  const dead = history.all.filter(({ metadata }) => !alive.has(metadata.name));
  const surplus = dead.length - (set.spec.revisionHistoryLimit ?? 10);
  for (const revision of dead.slice(0, Math.max(0, surplus))) api.delete(revision);
}
