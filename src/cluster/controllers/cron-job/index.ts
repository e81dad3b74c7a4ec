import { type Micros, SECOND } from "../../../base/clock.ts";
import { FormatError } from "../../../base/format-error.ts";
import { goQuote } from "../../../base/go-text.ts";
import { parseRfc3339, rfc1123z, rfc3339 } from "../../../base/time.ts";
import { zoneOffset } from "../../../base/time-zone.ts";
import { equal } from "../../../kinds/equal.ts";
import { endOf } from "../../../kinds/job-conditions.ts";
import { ownerReference } from "../../../kinds/labels.ts";
import { Status } from "../../../kinds/status.ts";
import type { CronJob, Job } from "../../../kinds/types/batch.ts";
import type { Api, EventText } from "../../apiserver/define.ts";
import type { Again, Controller, ControllerTools, Sentence } from "../define.ts";
import { isNamespaceEnding } from "../pod-control.ts";
import { Schedule } from "./schedule.ts";

const kind = { group: "batch", version: "v1", kind: "CronJob" };

/** Makes the jobs of a CronJob when they are due (kubernetes pkg/controller/cronjob cronjob_controllerv2.go, 1.35). */
export const cronJob: Controller = {
  name: "cronjob-controller",
  begin() {
    // With a new schedule the next look is at its next time, whatever was missed before.
    const changed = new Set<string>();
    const sentence: Sentence<CronJob> = {
      for: "cronjobs.batch",
      owns: ["jobs.batch"],
      concernsOwner: (object, old, type) =>
        type !== "MODIFIED" || endOf(object as Job) !== (old && endOf(old as Job)) || object.metadata !== old?.metadata,
      concerns({ metadata, spec }, old, type) {
        if (type !== "MODIFIED" || !old) return true;
        if (spec.schedule !== old.spec.schedule || spec.timeZone !== old.spec.timeZone) changed.add(metadata.uid ?? "");
        return spec !== old.spec || metadata.deletionTimestamp !== old.metadata.deletionTimestamp;
      },
      reconcile(api, object, _key, tools) {
        if (!object) return undefined;
        if (!changed.delete(object.metadata.uid ?? "")) return new Look(api, object, tools).reconcile();
        const next = scheduleOf(object)?.nextIn(tools.clock.now);
        return next === undefined ? undefined : { againIn: next };
      },
    };
    return [sentence as Sentence];
  },
};

function scheduleOf(object: CronJob): Schedule | undefined {
  try {
    return new Schedule(object);
  } catch (fault) {
    if (fault instanceof FormatError) return undefined;
    throw fault;
  }
}

type CronJobStatus = NonNullable<CronJob["status"]>;

/** One look at a cron job: its status is worked out and written at the end. */
class Look {
  private readonly api: Api;
  private readonly object: CronJob;
  private readonly now: Micros;
  private readonly jobs: readonly Job[];
  private readonly status: CronJobStatus;

  constructor(api: Api, object: CronJob, { clock }: ControllerTools) {
    this.api = api;
    this.object = object;
    this.now = clock.now;
    this.jobs = api.indexed<Job>("jobs.batch", "owner", object.metadata.uid ?? "").slice();
    this.status = { ...object.status, active: [...(object.status?.active ?? [])] };
  }

  reconcile(): Again | undefined {
    let next: number | undefined;
    try {
      this.noteEnded();
      this.noteMissing();
      next = this.start();
      this.forgetOld();
    } finally {
      this.write();
    }
    return next === undefined ? undefined : { againIn: next };
  }

  private say(type: EventText["type"], reason: string, message: string): void {
    this.api.event(this.object, { type, reason, message });
  }

  private isActive({ metadata }: Job): boolean {
    return this.status.active?.some(({ uid }) => uid === metadata.uid) ?? false;
  }

  private dropActive(gone: string | undefined): void {
    this.status.active = (this.status.active ?? []).filter(({ uid }) => uid !== gone);
  }

  private noteEnded(): void {
    for (const job of this.jobs) {
      const { name, uid } = job.metadata;
      const end = endOf(job);
      const isActive = this.isActive(job);
      if (!isActive && !end) {
        const message = `Saw a job that the controller did not create or forgot: ${name}`;
        this.say("Warning", "UnexpectedJob", message);
      } else if (isActive && end) {
        this.dropActive(uid);
        this.say("Normal", "SawCompletedJob", `Saw completed job: ${name}, condition: ${end}`);
      }
      if (end === "Complete") this.noteSuccess(job.status?.completionTime);
    }
  }

  private noteSuccess(time: string | undefined): void {
    const { lastSuccessfulTime } = this.status;
    if (time === undefined) return;
    if (lastSuccessfulTime === undefined || (parseRfc3339(time) ?? 0) > (parseRfc3339(lastSuccessfulTime) ?? 0))
      this.status.lastSuccessfulTime = time;
  }

  private noteMissing(): void {
    for (const { name, uid } of this.status.active ?? []) {
      if (this.jobs.some(({ metadata }) => metadata.uid === uid)) continue;
      this.say("Normal", "MissingJob", `Active job went missing: ${name}`);
      this.dropActive(uid);
    }
  }

  /** Makes the job that is due, if one is; gives the seconds until the next look. */
  private start(): number | undefined {
    const { metadata, spec } = this.object;
    if (metadata.deletionTimestamp || spec.suspend) return undefined;
    const schedule = this.schedule();
    if (!schedule) return undefined;
    const { at, missedMany } = schedule.due(this.now);
    if (missedMany) {
      const advice = "Set or decrease .spec.startingDeadlineSeconds or check clock skew";
      this.say("Warning", "TooManyMissedTimes", `too many missed start times. ${advice}`);
    }
    if (at === undefined || !this.mayStart(at)) return schedule.nextIn(this.now);
    if (spec.concurrencyPolicy === "Replace")
      for (const { uid } of this.status.active ?? []) {
        const running = this.jobs.find((job) => job.metadata.uid === uid);
        if (running) this.deleteJob(running);
      }
    if (!this.createJob(at)) return undefined;
    const started: CronJob = { ...this.object, status: this.status };
    return new Schedule(started).nextIn(this.now);
  }

  private schedule(): Schedule | undefined {
    const { spec } = this.object;
    if (spec.timeZone !== undefined && zoneOffset(spec.timeZone, 0) === undefined) {
      const why = `unknown time zone ${spec.timeZone}`;
      this.say("Warning", "UnknownTimeZone", `invalid timeZone: ${goQuote(spec.timeZone)}: ${why}`);
      return undefined;
    }
    try {
      return new Schedule(this.object);
    } catch (fault) {
      if (!(fault instanceof FormatError)) throw fault;
      const what = `unparseable schedule: ${goQuote(spec.schedule)} : ${fault.message}`;
      this.say("Warning", "UnparseableSchedule", what);
      return undefined;
    }
  }

  private mayStart(at: Micros): boolean {
    const { startingDeadlineSeconds: deadline, concurrencyPolicy } = this.object.spec;
    if (deadline !== undefined && at + deadline * SECOND < this.now) {
      this.say("Warning", "MissSchedule", `Missed scheduled time to start a job: ${rfc1123z(at)}`);
      return false;
    }
    const name = this.jobName(at);
    const isActive = this.status.active?.some((active) => active.name === name);
    if (isActive || this.status.lastScheduleTime === rfc3339(at)) return false;
    if (concurrencyPolicy !== "Forbid" || this.status.active?.length === 0) return true;
    const why = "Not starting job because prior execution is running and concurrency policy is Forbid";
    this.say("Normal", "JobAlreadyActive", why);
    return false;
  }

  /** The scheduled time in minutes tells the jobs apart. */
  private jobName(at: Micros): string {
    return `${this.object.metadata.name}-${Math.floor(at / SECOND / 60)}`;
  }

  /** Tells whether there is a new job in the list of the active ones. */
  private createJob(at: Micros): boolean {
    const { namespace } = this.object.metadata;
    const made = this.madeJob(at);
    if (!made || this.isActive(made)) return false;
    const { name, uid = "", resourceVersion = "" } = made.metadata;
    const reference = { kind: "Job", namespace: namespace ?? "", name, uid, apiVersion: "batch/v1", resourceVersion };
    this.status.active = [...(this.status.active ?? []), reference];
    this.status.lastScheduleTime = rfc3339(at);
    return true;
  }

  private madeJob(at: Micros): Job | undefined {
    const { metadata, spec } = this.object;
    const { labels, annotations } = spec.jobTemplate.metadata ?? {};
    const scheduled = { "batch.kubernetes.io/cronjob-scheduled-timestamp": localTime(at, spec.timeZone ?? "") };
    const name = this.jobName(at);
    const { namespace } = metadata;
    try {
      const job = this.api.create<Job>({
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: {
          name,
          ...(namespace === undefined ? {} : { namespace }),
          ...(labels ? { labels: { ...labels } } : {}),
          annotations: { ...annotations, ...scheduled },
          ownerReferences: [ownerReference(this.object, kind)],
        },
        spec: spec.jobTemplate.spec,
      });
      this.say("Normal", "SuccessfulCreate", `Created job ${name}`);
      return job;
    } catch (error) {
      if (!(error instanceof Status)) throw error;
      if (error.reason === "AlreadyExists") return this.jobs.find((job) => job.metadata.name === name);
      if (!isNamespaceEnding(error)) this.say("Warning", "FailedCreate", `Error creating job: ${error.message}`);
      throw error;
    }
  }

  /** Deletes jobs that have ended, the oldest first, until as many are left as the limits allow. */
  private forgetOld(): void {
    const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = this.object.spec;
    this.keep("Complete", successfulJobsHistoryLimit);
    this.keep("Failed", failedJobsHistoryLimit);
  }

  private keep(end: "Complete" | "Failed", limit: number | undefined): void {
    if (limit === undefined) return;
    const ended = this.jobs.filter((job) => endOf(job) === end && !job.metadata.deletionTimestamp);
    const began = ({ status }: Job) => parseRfc3339(status?.startTime ?? "") ?? Number.POSITIVE_INFINITY;
    ended.sort((a, b) => began(a) - began(b) || (a.metadata.name < b.metadata.name ? -1 : 1));
    for (const job of ended.slice(0, Math.max(0, ended.length - limit))) this.deleteJob(job);
  }

  private deleteJob(job: Job): void {
    const { name, uid } = job.metadata;
    try {
      this.api.delete(job, { propagationPolicy: "Background" });
    } catch (error) {
      if (!(error instanceof Status)) throw error;
      this.say("Warning", "FailedDelete", `Deleted job: ${error.message}`);
      return;
    }
    this.dropActive(uid);
    this.say("Normal", "SuccessfulDelete", `Deleted job ${name}`);
  }

  private write(): void {
    const { active = [], ...rest } = this.status;
    const status: CronJobStatus = active.length > 0 ? { ...rest, active } : rest;
    if (equal(status, this.object.status)) return;
    this.api.modify<CronJob>(this.object, (now) => ({ ...now, status }), "status");
  }
}

/** A time as clocks in a zone show it: 2026-01-02T04:00:00+01:00, with Z for UTC. */
function localTime(at: Micros, zone: string): string {
  const offset = zoneOffset(zone, at / SECOND) ?? 0;
  if (offset === 0) return rfc3339(at);
  const minutes = Math.abs(offset) / 60;
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const local = rfc3339(at + offset * SECOND).slice(0, -1);
  return `${local}${offset < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}
