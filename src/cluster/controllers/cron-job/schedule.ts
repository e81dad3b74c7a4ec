import { type Micros, SECOND } from "../../../base/clock.ts";
import { type CronSchedule, nextCronTime, parseCron } from "../../../base/cron.ts";
import { parseRfc3339 } from "../../../base/time.ts";
import type { CronJob } from "../../../kinds/types/batch.ts";

/** A look comes so long after the time itself, lest clocks differ (cronjob_controllerv2.go nextScheduleDelta, 1.35). */
const LATE = SECOND / 10;
/** More missed times than these are worth a warning. */
const MANY = 100;

interface Times {
  readonly earliest: Micros;
  /** The newest time that has come and was not yet used. */
  readonly due: Micros | undefined;
  readonly missed: number;
}

/** When jobs of a cron job are due, as its schedule and its clocks go (pkg/controller/cronjob/utils.go, 1.35). */
export class Schedule {
  private readonly cronJob: CronJob;
  private readonly schedule: CronSchedule;

  /** Throws a FormatError. */
  constructor(cronJob: CronJob) {
    this.cronJob = cronJob;
    this.schedule = parseCron(cronJob.spec.schedule);
  }

  private after(time: Micros): Micros | undefined {
    return nextCronTime(this.schedule, time, this.cronJob.spec.timeZone ?? "UTC");
  }

  private times(now: Micros, withDeadline: boolean): Times {
    const { metadata, spec, status } = this.cronJob;
    let earliest = parseRfc3339(status?.lastScheduleTime ?? metadata.creationTimestamp ?? "") ?? now;
    const deadline = spec.startingDeadlineSeconds;
    if (withDeadline && deadline !== undefined) earliest = Math.max(earliest, now - deadline * SECOND);
    const first = this.after(earliest);
    if (first === undefined || now < first) return { earliest, due: undefined, missed: 0 };
    const second = this.after(first);
    if (second === undefined || now < second) return { earliest, due: first, missed: 0 };
    // A rough count: how often the span between the first two times fits in between.
    const span = Math.max(SECOND, second - first);
    const missed = Math.floor((now - first) / span) + 1;
    let due: Micros | undefined;
    for (let at = this.after(first + (missed - 2) * span); at !== undefined && at <= now; at = this.after(at)) due = at;
    return { earliest, due, missed };
  }

  /** The time for which a job has to be made now, and whether very many were missed. */
  due(now: Micros): { readonly at: Micros | undefined; readonly missedMany: boolean } {
    const { due, missed } = this.times(now, true);
    return { at: due, missedMany: missed > MANY };
  }

  /** In how many seconds to look again. */
  nextIn(now: Micros): number | undefined {
    const { earliest, due, missed } = this.times(now, false);
    const next = this.after(due ?? (missed > 0 ? now : earliest));
    return next === undefined ? undefined : (next + LATE - now) / SECOND;
  }
}
