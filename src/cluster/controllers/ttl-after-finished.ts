import { SECOND } from "../../base/clock.ts";
import { parseRfc3339 } from "../../base/time.ts";
import { endOf } from "../../kinds/job-conditions.ts";
import { conditionOf } from "../../kinds/labels.ts";
import type { Job } from "../../kinds/types/batch.ts";
import type { Controller } from "./define.ts";

/** Deletes jobs some time after they have ended (kubernetes pkg/controller/ttlafterfinished, 1.35). */
export const ttlAfterFinished: Controller<Job> = {
  name: "ttl-after-finished-controller",
  for: "jobs.batch",
  concerns: ({ spec }) => spec.ttlSecondsAfterFinished !== undefined,
  reconcile(api, job, _key, { clock }) {
    const seconds = job?.spec.ttlSecondsAfterFinished;
    const end = job && endOf(job);
    if (!job || !end || seconds === undefined || job.metadata.deletionTimestamp) return undefined;
    const endedAt = parseRfc3339(conditionOf(job, end)?.lastTransitionTime ?? "");
    if (endedAt === undefined) return undefined;
    const left = endedAt + seconds * SECOND - clock.now;
    if (left > 0) return { againIn: left / SECOND };
    const preconditions = job.metadata.uid ? { preconditions: { uid: job.metadata.uid } } : {};
    api.delete(job, { propagationPolicy: "Foreground", ...preconditions });
    return undefined;
  },
};
