import { rfc3339 } from "../../../base/time.ts";
import { endOf } from "../../../kinds/job-conditions.ts";
import { matchesSelector } from "../../../kinds/label-selector.ts";
import { controllerOf, isPodReady } from "../../../kinds/labels.ts";
import type { Status } from "../../../kinds/status.ts";
import type { Job } from "../../../kinds/types/batch.ts";
import type { Condition, KubeObject } from "../../../kinds/types/meta.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Api } from "../../apiserver/define.ts";
import { claim } from "../claim.ts";
import type { Again, Controller, ControllerTools, Key, Sentence } from "../define.ts";
import { Orphans } from "../orphans.ts";
import { deletePod, slowStart } from "../pod-control.ts";
import { mattersToOwner } from "../pod-state.ts";
import { type BackOff, noBackOff } from "./back-off.ts";
import { verdictOn } from "./decide.ts";
import { conditionNow, deadlineIn, type Look, lookAt } from "./look.ts";
import { type Managed, managePods } from "./manage.ts";
import { isTracked, kind, TRACKING, untrack } from "./pods.ts";
import { track } from "./track.ts";

/** Changes of pods are gathered for a second (job_controller.go SyncJobBatchPeriod, 1.35). */
const GATHERING = 1;

interface Memory {
  readonly orphans: Orphans<Pod>;
  /** By uid of the job. */
  readonly backOffs: Map<string, BackOff>;
}

/** Runs the pods of a Job until enough have succeeded or too many have failed (kubernetes pkg/controller/job, 1.35). */
export const job: Controller = {
  name: "job-controller",
  begin() {
    const memory: Memory = { orphans: new Orphans(), backOffs: new Map() };
    const jobs: Sentence<Job> = {
      for: "jobs.batch",
      owns: ["pods"],
      gathersFor: GATHERING,
      concernsOwner: (object, old, type) =>
        mattersToOwner(object, old, type) || (object as Pod).status !== (old as Pod).status,
      watches: [
        {
          resource: "pods",
          keys: (pod, api, old, type) => (memory.orphans.note(pod as Pod, old, type) ? adopters(api, pod) : []),
        },
      ],
      concerns: (object, old, type) =>
        type !== "MODIFIED" ||
        object.spec !== old?.spec ||
        object.metadata.deletionTimestamp !== old.metadata.deletionTimestamp,
      reconcile: (api, object, _key, tools) => (object ? reconcile(api, object, memory, tools) : undefined),
    };
    return [jobs as Sentence, abandoned as Sentence];
  },
};

function adopters(api: Api, { metadata }: KubeObject): readonly Key[] {
  return api
    .list<Job>("jobs.batch", metadata.namespace)
    .filter(({ spec }) => matchesSelector(spec.selector, metadata.labels))
    .map(({ metadata: { name, namespace = "" } }) => ({ namespace, name }));
}

/** Pods whose job is gone: nobody counts them any more, so they must not be held. */
const abandoned: Sentence<Pod> = {
  watches: [
    {
      resource: "pods",
      keys: (pod, api, _old, type) =>
        type !== "DELETED" && isTracked(pod as Pod) && isAbandoned(api, pod) ? [keyOf(pod)] : [],
    },
    {
      resource: "jobs.batch",
      keys: ({ metadata }, api, _old, type) =>
        type === "DELETED"
          ? api
              .indexed<Pod>("pods", "owner", metadata.uid ?? "")
              .filter(isTracked)
              .map(keyOf)
          : [],
    },
  ],
  reconcile(api, pod) {
    if (pod && isTracked(pod) && isAbandoned(api, pod)) untrack(api, pod);
    return undefined;
  },
};

function keyOf({ metadata: { name, namespace = "" } }: KubeObject): Key {
  return { resource: "pods", namespace, name };
}

function isAbandoned(api: Api, pod: KubeObject): boolean {
  const owner = controllerOf(pod);
  if (!owner) return true;
  if (owner.kind !== kind.kind) return false;
  return api.get<Job>("jobs.batch", pod.metadata.namespace, owner.name)?.metadata.uid !== owner.uid;
}

function reconcile(api: Api, object: Job, memory: Memory, { clock }: ControllerTools): Again | undefined {
  const { uid = "" } = object.metadata;
  const { managedBy, selector = {} } = object.spec;
  if (managedBy !== undefined && managedBy !== "kubernetes.io/job-controller") return undefined;
  if (endOf(object)) {
    memory.backOffs.delete(uid);
    return undefined;
  }
  const claimer = { owner: object, kind, selector, finalizer: TRACKING };
  // A list of its own: what is decided here is about the pods as they are now.
  const pods = claim<Pod>(api, "pods", claimer, memory.orphans).slice();
  const look = lookAt(api, object, pods, memory.backOffs.get(uid) ?? noBackOff, clock.now);
  const verdict = verdictOn(look);
  const managed = verdict ? endPods(look, verdict) : carryOn(look);
  look.draft.active = managed.active;
  look.draft.ready = look.ready;
  look.draft.terminating = look.terminating;
  track(look, () => memory.backOffs.set(uid, look.backOff));
  if (managed.failed) throw managed.failed;
  const waits = [managed.againIn, look.finished ? undefined : deadlineIn(look)].filter((wait) => wait !== undefined);
  return waits.length > 0 ? { againIn: Math.min(...waits) } : undefined;
}

/** Deletes what still runs of a job that is over; it is over when that has worked. */
function endPods(look: Look, verdict: Condition): Managed {
  const { api, job: owner, active } = look;
  let failed: Status | undefined;
  let deleted = 0;
  for (const pod of active) {
    const fault = slowStart(1, () => deletePod(api, owner, pod));
    failed ??= fault;
    if (!fault) deleted++;
    if (isPodReady(pod)) look.ready--;
  }
  look.terminating += deleted;
  if (deleted === active.length) look.finished = verdict;
  return { active: active.length - deleted, failed };
}

/** Creates and deletes pods, and sees whether enough have succeeded. */
function carryOn(look: Look): Managed {
  const { job: owner, now } = look;
  const mayManage = owner.metadata.deletionTimestamp === undefined;
  const managed = mayManage ? managePods(look) : { active: look.active.length };
  const { completions } = owner.spec;
  const enough = completions === undefined ? look.succeeded > 0 : look.succeeded >= completions;
  if (enough && managed.active === 0) {
    const message = "Reached expected number of succeeded pods";
    look.finished = conditionNow("SuccessCriteriaMet", "CompletionsReached", message, now);
  } else if (mayManage) noteSuspension(look);
  return managed;
}

/** Suspended and resumed are told once; a job that is resumed begins anew. */
function noteSuspension({ api, job: owner, draft, now }: Look): void {
  const at = draft.conditions.findIndex(({ type }) => type === "Suspended");
  const known = draft.conditions[at];
  const isSuspended = owner.spec.suspend === true;
  if (isSuspended === (known?.status === "True")) return;
  const [reason, message] = isSuspended ? ["JobSuspended", "Job suspended"] : ["JobResumed", "Job resumed"];
  const condition: Condition = { ...conditionNow("Suspended", reason, message, now) };
  if (!isSuspended) condition.status = "False";
  if (known) draft.conditions[at] = condition;
  else draft.conditions.push(condition);
  api.event(owner, { type: "Normal", reason: isSuspended ? "Suspended" : "Resumed", message });
  if (!isSuspended) draft.startTime = rfc3339(now);
}
