import { describe, expect, test } from "vitest";
import { SECOND } from "../../../src/base/clock.ts";
import type { CronJob, Job } from "../../../src/kinds/types/batch.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import { names, playKubelets, reportPod, type World, world } from "./setup.ts";

// The world begins at 03:04:05 UTC on a Friday, 55 s before the next full minute.
const only = ["cronjob-controller", "job-controller"];
const get = (w: World) => w.api.get<CronJob>("cronjobs.batch", "default", "tick") as CronJob;
const jobs = (w: World) => w.api.list<Job>("jobs.batch", "default");
const minute = (w: World) => Math.floor(w.clock.now / SECOND / 60);
const change = (w: World, spec: Partial<CronJob["spec"]>) =>
  w.api.modify<CronJob>(get(w), (cj) => ({ ...cj, spec: { ...cj.spec, ...spec } }));

function started(spec: Record<string, unknown> = {}, ends: "Succeeded" | "Failed" | "Running" = "Succeeded"): World {
  const w = world({ only });
  if (ends === "Running") playKubelets(w);
  else
    w.api.watch<Pod>("pods", ({ object, type }) => {
      if (type === "ADDED") w.clock.after(1, () => reportPod(w, object, ends));
    });
  const template = { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "busybox" }] } };
  const jobTemplate = {
    metadata: { labels: { a: "b" }, annotations: { n: "1" } },
    spec: { backoffLimit: 0, template },
  };
  const metadata = { name: "tick", namespace: "default" };
  w.api.create({
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata,
    spec: { schedule: "* * * * *", jobTemplate, ...spec },
  });
  return w;
}

describe("cron job", () => {
  test("makes a job each minute, named after it", () => {
    const w = started();
    w.pass(54);
    expect(jobs(w)).toEqual([]);
    w.pass(1.2);
    const [job] = jobs(w) as [Job];
    expect(job.metadata).toMatchObject({
      name: `tick-${minute(w)}`,
      labels: { a: "b" },
      annotations: { n: "1", "batch.kubernetes.io/cronjob-scheduled-timestamp": "2026-01-02T03:05:00Z" },
      ownerReferences: [{ apiVersion: "batch/v1", kind: "CronJob", name: "tick", controller: true }],
    });
    expect(get(w).status).toMatchObject({
      active: [{ apiVersion: "batch/v1", kind: "Job", name: job.metadata.name, namespace: "default" }],
      lastScheduleTime: "2026-01-02T03:05:00Z",
    });
    w.pass(10);
    expect(get(w).status?.active).toBeUndefined();
    expect(get(w).status?.lastSuccessfulTime).toBeDefined();
    expect(w.events("CronJob/tick")).toEqual([
      `Normal SuccessfulCreate Created job ${job.metadata.name}`,
      `Normal SawCompletedJob Saw completed job: ${job.metadata.name}, condition: Complete`,
    ]);
    w.pass(60);
    expect(jobs(w)).toHaveLength(2);
  });

  test("looks at the clocks of its time zone", () => {
    const w = started({ schedule: "30 4 * * *", timeZone: "Europe/Berlin" });
    w.pass(25 * 60);
    expect(jobs(w)).toEqual([]);
    w.pass(60);
    expect(jobs(w)[0]?.metadata.annotations).toMatchObject({
      "batch.kubernetes.io/cronjob-scheduled-timestamp": "2026-01-02T04:30:00+01:00",
    });
  });

  const histories: readonly (readonly [Record<string, unknown>, "Succeeded" | "Failed", number])[] = [
    [{}, "Succeeded", 3],
    [{}, "Failed", 1],
    [{ successfulJobsHistoryLimit: 1 }, "Succeeded", 1],
    [{ failedJobsHistoryLimit: 0 }, "Failed", 0],
  ];
  test.each(histories)("keeps as many ended jobs as the limits allow: %j %s", (limits, ends, kept) => {
    const w = started(limits, ends);
    w.pass(60 * 8);
    // The one of this minute has just been made.
    const ended = jobs(w).filter(({ status }) => (status?.active ?? 0) === 0);
    expect(ended).toHaveLength(kept);
    if (ends === "Failed")
      expect(w.events("CronJob/tick").some((event) => event.endsWith("condition: Failed"))).toBe(true);
    expect(w.events("CronJob/tick").some((event) => /^Normal SuccessfulDelete Deleted job tick-\d+$/.test(event))).toBe(
      true,
    );
  });

  const policies: readonly (readonly [string, number, RegExp])[] = [
    ["Allow", 3, /^Normal SuccessfulCreate Created job/],
    [
      "Forbid",
      1,
      /^Normal JobAlreadyActive Not starting job because prior execution is running and concurrency policy is Forbid$/,
    ],
    ["Replace", 1, /^Normal SuccessfulDelete Deleted job/],
  ];
  test.each(policies)("concurrencyPolicy %s", (concurrencyPolicy, running, event) => {
    const w = started({ concurrencyPolicy }, "Running");
    w.pass(60 * 3);
    expect(jobs(w)).toHaveLength(running);
    expect(get(w).status?.active).toHaveLength(running);
    expect(w.events("CronJob/tick").some((told) => event.test(told))).toBe(true);
    const first = concurrencyPolicy === "Replace" ? minute(w) : minute(w) - 2;
    expect(names(jobs(w))[0]).toBe(`tick-${first}`);
  });

  test("suspended it starts nothing; afterwards only what is not too late", () => {
    const w = started({ schedule: "*/10 * * * *", startingDeadlineSeconds: 60 });
    change(w, { suspend: true });
    w.pass(60 * 15);
    expect(jobs(w)).toEqual([]);
    change(w, { suspend: false });
    w.settle();
    expect(jobs(w)).toEqual([]);
    w.pass(60 * 5);
    expect(jobs(w)).toHaveLength(1);
  });

  test("without a deadline the newest missed time is made up for", () => {
    const w = started({ schedule: "*/10 * * * *" });
    change(w, { suspend: true });
    w.pass(60 * 27);
    change(w, { suspend: false });
    w.settle();
    expect(
      jobs(w).map(({ metadata }) => metadata.annotations?.["batch.kubernetes.io/cronjob-scheduled-timestamp"]),
    ).toEqual(["2026-01-02T03:30:00Z"]);
  });

  test("a new schedule holds from its next time on", () => {
    const w = started({ schedule: "0 0 1 1 *" });
    w.pass(600);
    change(w, { schedule: "*/5 * * * *" });
    w.settle();
    expect(jobs(w)).toEqual([]);
    w.pass(60);
    expect(jobs(w)).toHaveLength(1);
  });

  test("a job that is deleted leaves the list of the active ones; one made by hand is told", () => {
    const w = started({}, "Running");
    w.pass(56);
    const [job] = jobs(w) as [Job];
    w.api.delete(job, { propagationPolicy: "Background" });
    w.settle();
    expect(get(w).status?.active).toBeUndefined();
    const { uid = "" } = get(w).metadata;
    const owner = { apiVersion: "batch/v1", kind: "CronJob", name: "tick", uid, controller: true };
    const metadata = { name: "by-hand", namespace: "default", ownerReferences: [owner] };
    w.api.create({ apiVersion: "batch/v1", kind: "Job", metadata, spec: get(w).spec.jobTemplate.spec });
    w.settle();
    expect(w.events("CronJob/tick").slice(1)).toEqual([
      `Normal MissingJob Active job went missing: ${job.metadata.name}`,
      "Warning UnexpectedJob Saw a job that the controller did not create or forgot: by-hand",
    ]);
  });

  test("very many missed times are told", () => {
    const w = started();
    change(w, { suspend: true });
    w.pass(60 * 120);
    change(w, { suspend: false });
    w.settle();
    expect(w.events("CronJob/tick")[0]).toBe(
      "Warning TooManyMissedTimes too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew",
    );
    expect(jobs(w)).toHaveLength(1);
  });
});
