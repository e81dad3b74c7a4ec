import { describe, expect, test } from "vitest";
import { SECOND } from "../../../../src/base/clock.ts";
import { parseRfc3339, rfc3339 } from "../../../../src/base/time.ts";
import { Schedule } from "../../../../src/cluster/controllers/cron-job/schedule.ts";
import type { CronJob } from "../../../../src/kinds/types/batch.ts";

const top = parseRfc3339("2016-05-19T10:00:00Z") ?? 0;
const [MINUTE, HOUR] = [60, 3600];
/** Seconds after the hour as a time. */
const at = (seconds: number) => top + seconds * SECOND;

function cronJob(schedule: string, created: number, last?: number, deadline?: number): CronJob {
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "c", namespace: "default", creationTimestamp: rfc3339(at(created)) },
    spec: { schedule, ...(deadline === undefined ? {} : { startingDeadlineSeconds: deadline }) },
    status: last === undefined ? {} : { lastScheduleTime: rfc3339(at(last)) },
  } as CronJob;
}

describe("when a cron job is due, case by case of pkg/controller/cronjob/utils_test.go (1.35)", () => {
  const complex = "30 6-16/4 * * 1-5";
  // Name, schedule, created, last run, deadline, now, the time that is due, whether too many were missed.
  test.each([
    ["now before next schedule", "0 * * * *", 0, undefined, undefined, 30, undefined, false],
    ["now just after next schedule", "0 * * * *", 0, undefined, undefined, 61 * MINUTE, 60 * MINUTE, false],
    ["missed 5 schedules", "0 * * * *", 10, undefined, undefined, 301 * MINUTE, 300 * MINUTE, false],
    ["complex schedule", complex, 0, 30 * MINUTE, undefined, 24 * HOUR + 31 * MINUTE, 24 * HOUR + 30 * MINUTE, false],
    ["another complex", "30 10,11,12 * * 1-5", 0, 30 * MINUTE, undefined, 30 * HOUR + 30 * MINUTE, undefined, false],
    ["with longer diff", complex, 0, 30 * MINUTE, undefined, 96 * HOUR + 31 * MINUTE, 96 * HOUR + 30 * MINUTE, false],
    ["with shorter diff", complex, 0, undefined, undefined, 24 * HOUR + 31 * MINUTE, 24 * HOUR + 30 * MINUTE, false],
    ["@every schedule", "@every 1h", -59 * MINUTE, MINUTE, undefined, 168 * HOUR, 167 * HOUR + MINUTE, true],
    ["rogue cronjob", "59 23 31 2 *", 10, undefined, undefined, HOUR, undefined, false],
    ["the last run is where counting begins", "*/5 * * * *", 0, 30 * MINUTE, undefined, 31 * MINUTE, undefined, false],
    ["within the deadline", "*/5 * * * *", 0, 30 * MINUTE, 60, 31 * MINUTE, undefined, false],
    ["outside the deadline", "*/5 * * * *", 0, 30 * MINUTE, 60, 32 * MINUTE, undefined, false],
  ])("TestMostRecentScheduleTime: %s", (_name, schedule, created, last, deadline, now, due, missedMany) => {
    const found = new Schedule(cronJob(schedule, created, last, deadline)).due(at(now));
    expect(found).toEqual({ at: due === undefined ? undefined : at(due), missedMany });
  });

  test.each([
    ["skipping weekend", complex, 30 * MINUTE, 24 * HOUR + 31 * MINUTE, 3 * HOUR + 59 * MINUTE],
    ["another skipping weekend", "30 10,11,12 * * 1-5", 30 * MINUTE, 30 * HOUR + 30 * MINUTE, 66 * HOUR],
    ["missed two runs", "0 12 * * 4", 2 * HOUR, 19 * 24 * HOUR + 90 * MINUTE, 48 * HOUR + 30 * MINUTE],
    ["no previous run", "0 12 * * 5", undefined, 6 * HOUR, 20 * HOUR],
  ])("TestNextScheduleTimeDuration: %s", (_name, schedule, last, now, next) => {
    expect(new Schedule(cronJob(schedule, 0, last)).nextIn(at(now))).toBeCloseTo(next + 0.1, 6);
  });
});
