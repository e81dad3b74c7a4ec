import { SECOND } from "../../../base/clock.ts";
import { equal } from "../../../kinds/equal.ts";
import { matchesSelector } from "../../../kinds/label-selector.ts";
import { conditionOf, controllerOf } from "../../../kinds/labels.ts";
import type { Condition, KubeObject } from "../../../kinds/types/meta.ts";
import type { Deployment, ReplicaSet } from "../../../kinds/types/workload.ts";
import type { Api, Change } from "../../apiserver/define.ts";
import { claim } from "../claim.ts";
import type { Again, Controller, ControllerTools, Key, Sentence } from "../define.ts";
import { Orphans } from "../orphans.ts";
import { isNamespaceEnding } from "../pod-control.ts";
import { REVISION } from "./annotations.ts";
import { boundsOf } from "./bounds.ts";
import {
  type DeploymentStatus,
  deadline,
  deadlineOf,
  isComplete,
  said,
  withCondition,
  withPause,
  withProgress,
} from "./conditions.ts";
import { createCurrent, familyOf, forgetOld, kind, newestRevision, refreshCurrent } from "./replica-sets.ts";
import { endOld, oldPodsRun, rollOn } from "./rollout.ts";
import { all, type Family, isScaling, scale, scaleTo, sizeOf, sum } from "./scaling.ts";

/** Moves pods from the ReplicaSet of one template to that of the next (kubernetes pkg/controller/deployment, 1.35). */
export const deployment: Controller = {
  name: "deployment-controller",
  begin() {
    const orphans = new Orphans<ReplicaSet>();
    const sentence: Sentence<Deployment> = {
      for: "deployments.apps",
      owns: ["replicasets.apps"],
      watches: [
        {
          resource: "replicasets.apps",
          keys: (rs, api, old, type) => (orphans.note(rs as ReplicaSet, old, type) ? adopters(api, rs) : []),
        },
        { resource: "pods", keys: (pod, api, _old, type) => recreating(api, pod, type) },
      ],
      reconcile: (api, object, _key, tools) => (object ? new Look(api, object, orphans, tools).reconcile() : undefined),
    };
    return [sentence];
  },
};

function adopters(api: Api, { metadata }: KubeObject): readonly Key[] {
  const { namespace = "", labels } = metadata;
  return api
    .list<Deployment>("deployments.apps", namespace)
    .filter(({ spec }) => matchesSelector(spec.selector, labels))
    .map((object) => ({ namespace, name: object.metadata.name }));
}

/** A Deployment that recreates its pods waits for the last old one to go. */
function recreating(api: Api, pod: KubeObject, type: Change["type"]): readonly Key[] {
  if (type !== "DELETED") return [];
  const { namespace = "" } = pod.metadata;
  const owner = controllerOf(pod);
  if (owner?.kind !== "ReplicaSet") return [];
  const rs = api.get<ReplicaSet>("replicasets.apps", namespace, owner.name);
  const name = rs && controllerOf(rs)?.name;
  const object = name && api.get<Deployment>("deployments.apps", namespace, name);
  return object && object.spec.strategy?.type === "Recreate" ? [{ namespace, name }] : [];
}

/** One look at a Deployment: what it finds, does, and reports. */
class Look {
  private readonly api: Api;
  private readonly object: Deployment;
  private readonly tools: ControllerTools;
  private readonly family: Family;
  private conditions: readonly Condition[];
  private collisionCount: number | undefined;

  constructor(api: Api, object: Deployment, orphans: Orphans<ReplicaSet>, tools: ControllerTools) {
    this.api = api;
    this.object = object;
    this.tools = tools;
    const claimer = { owner: object, kind, selector: object.spec.selector };
    this.family = familyOf(object, claim<ReplicaSet>(api, "replicasets.apps", claimer, orphans));
    this.conditions = object.status?.conditions ?? [];
    this.collisionCount = object.status?.collisionCount;
  }

  reconcile(): Again | undefined {
    const { api, object, family, tools } = this;
    if (object.metadata.deletionTimestamp) return this.report(false);
    this.conditions = withPause(object, this.conditions, tools.clock.now);
    if (object.spec.paused || isScaling(family)) {
      this.refresh();
      scale(api, family);
      if (object.spec.paused) forgetOld(api, family);
      return this.report(false);
    }
    const recreate = object.spec.strategy?.type === "Recreate";
    if (recreate && !family.current && (endOld(api, family) || oldPodsRun(api, family))) return this.report(true);
    this.refresh();
    if (!family.current && !this.create()) return this.report(false);
    const moved = recreate ? this.recreate() : rollOn(api, family);
    if (!moved && isComplete(object, object.status ?? {})) forgetOld(api, family);
    return this.report(true);
  }

  private recreate(): boolean {
    const { api, family, object } = this;
    if (endOld(api, family)) return true;
    if (oldPodsRun(api, family) || !family.current) return true;
    return scaleTo(api, family, family.current, object.spec.replicas ?? 0);
  }

  private refresh(): void {
    const { object, family, tools } = this;
    refreshCurrent(this.api, family);
    if (!family.current || deadlineOf(object) === undefined || conditionOf(object, "Progressing")) return;
    const message = `Found new replica set "${family.current.metadata.name}"`;
    this.say(said("Progressing", "True", "FoundNewReplicaSet", message, tools.clock.now));
  }

  private say(condition: Condition): void {
    this.conditions = withCondition(this.conditions, condition);
  }

  /** Makes the ReplicaSet of the template; false when it could not be made. */
  private create(): boolean {
    const { api, family, object, tools } = this;
    const made = createCurrent(api, family);
    const patient = deadlineOf(object) !== undefined;
    const { now } = tools.clock;
    if ("rs" in made) {
      family.current = made.rs;
      const message = `Created new replica set "${made.rs.metadata.name}"`;
      if (made.fresh && patient) this.say(said("Progressing", "True", "NewReplicaSetCreated", message, now));
      return true;
    }
    if ("collision" in made) {
      this.collisionCount = (this.collisionCount ?? 0) + 1;
      return false;
    }
    if (isNamespaceEnding(made.failed)) return false;
    const reason = "ReplicaSetCreateError";
    const message = `Failed to create new replica set "${made.name}": ${made.failed.message}`;
    if (patient) this.say(said("Progressing", "False", reason, message, now));
    api.event(object, { type: "Warning", reason, message });
    this.report(false);
    throw made.failed;
  }

  /** The status as it is now; says when to look again whether the rollout still moves. */
  private report(rolling: boolean): Again | undefined {
    const { api, object, family, tools } = this;
    const { now } = tools.clock;
    let status = this.status();
    if (rolling) {
      status = { ...status, conditions: withProgress(object, status, family.current?.metadata.name, now) };
      status = { ...status, conditions: this.withFailures(status.conditions ?? []) };
    }
    if (status.conditions?.length === 0) delete status.conditions;
    const revision = family.current?.metadata.annotations?.[REVISION] ?? (family.current && newestRevision(family) + 1);
    const annotations = { ...object.metadata.annotations };
    if (revision !== undefined) annotations[REVISION] = String(revision);
    if (!equal(status, object.status) || !equal(annotations, object.metadata.annotations ?? {}))
      api.modify<Deployment>(
        object,
        (current) => ({ ...current, metadata: { ...current.metadata, annotations }, status }),
        "status",
      );
    const progressing = status.conditions?.find(({ type }) => type === "Progressing");
    const over = ["ProgressDeadlineExceeded", "NewReplicaSetAvailable"].includes(progressing?.reason ?? "");
    if (!rolling || over || isComplete(object, status)) return undefined;
    const at = deadline(object, progressing);
    return at === undefined ? undefined : { againIn: Math.max(1, (at - now) / SECOND + 1) };
  }

  private status(): DeploymentStatus {
    const { object, family, tools } = this;
    const sets = all(family);
    const { current } = family;
    const replicas = sum(sets, (rs) => rs.status?.replicas ?? 0);
    const updated = current?.status?.replicas ?? 0;
    const ready = sum(sets, (rs) => rs.status?.readyReplicas ?? 0);
    const available = sum(sets, (rs) => rs.status?.availableReplicas ?? 0);
    const unavailable = Math.max(0, sum(sets, sizeOf) - available);
    const least = (object.spec.replicas ?? 0) - boundsOf(object).unavailable;
    const enough = available >= least;
    const { now } = tools.clock;
    const conditions = withCondition(
      this.conditions,
      enough
        ? said("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now)
        : said(
            "Available",
            "False",
            "MinimumReplicasUnavailable",
            "Deployment does not have minimum availability.",
            now,
          ),
    );
    const status: DeploymentStatus = {};
    if (object.metadata.generation) status.observedGeneration = object.metadata.generation;
    if (replicas) status.replicas = replicas;
    if (updated) status.updatedReplicas = updated;
    if (ready) status.readyReplicas = ready;
    if (available) status.availableReplicas = available;
    if (unavailable) status.unavailableReplicas = unavailable;
    status.terminatingReplicas = sum(sets, (rs) => rs.status?.terminatingReplicas ?? 0);
    if (this.collisionCount !== undefined) status.collisionCount = this.collisionCount;
    status.conditions = conditions;
    return status;
  }

  /** What hinders a ReplicaSet, the newest first, is said of the Deployment as well. */
  private withFailures(conditions: readonly Condition[]): Condition[] {
    const { current, old } = this.family;
    for (const rs of current ? [current, ...old] : old) {
      const failed = conditionOf(rs, "ReplicaFailure");
      if (!failed) continue;
      const { status, reason = "", message = "", lastTransitionTime = null } = failed;
      const copied = { ...said("ReplicaFailure", status, reason, message, this.tools.clock.now), lastTransitionTime };
      return withCondition(conditions, { ...copied, lastUpdateTime: lastTransitionTime });
    }
    return conditions.filter(({ type }) => type !== "ReplicaFailure");
  }
}
