import { parseCron } from "../base/cron.ts";
import { FormatError } from "../base/format-error.ts";
import { zoneOffset } from "../base/time-zone.ts";
import { ageColumn, ageOf, column, nameColumn, templateColumns } from "./cells.ts";
import { describeCronJob } from "./cron-job/describe.ts";
import { podTemplateDefaults } from "./defaults/pod-spec.ts";
import type { Kind, Problem } from "./define.ts";
import { failurePolicyDefaults } from "./job-defaults.ts";
import { required, unsupported, wrong } from "./problem.ts";
import type { CronJob } from "./types/batch.ts";
import { checkJobSpec } from "./validation/job.ts";
import { indexedWarnings, nameWarnings, podNames, podWarnings } from "./validation/pod-warnings.ts";
import { checkCount } from "./validation/workload.ts";

/** Makes jobs at the times of a schedule. */
export const cronJob: Kind<CronJob> = {
  kind: "CronJob",
  plural: "cronjobs",
  group: "batch",
  version: "v1",
  namespaced: true,
  short: ["cj"],
  categories: ["all"],
  subresources: [{ name: "status", kind: "CronJob", verbs: ["get", "patch", "update"] }],
  countsGenerations: true,
  defaults(object) {
    object.spec ??= {} as CronJob["spec"];
    const { spec } = object;
    spec.concurrencyPolicy ||= "Allow";
    spec.suspend ??= false;
    spec.successfulJobsHistoryLimit ??= 3;
    spec.failedJobsHistoryLimit ??= 1;
    spec.jobTemplate ??= {} as CronJob["spec"]["jobTemplate"];
    spec.jobTemplate.metadata ??= {};
    spec.jobTemplate.spec ??= {} as CronJob["spec"]["jobTemplate"]["spec"];
    podTemplateDefaults(spec.jobTemplate.spec);
    failurePolicyDefaults(spec.jobTemplate.spec);
    object.status ??= {};
  },
  prepareForCreate(object) {
    object.status = {};
  },
  problems: (object) => problemsOf(object),
  problemsOfCreate: ({ metadata: { name } }) =>
    name.length > 52 ? [wrong("metadata.name", name, "must be no more than 52 characters")] : [],
  warnings: ({ metadata, spec }, old) => [
    ...(old ? [] : nameWarnings(metadata.name, podNames)),
    ...podWarnings(spec.jobTemplate.spec.template, "spec.jobTemplate.spec.template"),
    ...indexedWarnings(spec.jobTemplate.spec, "spec.jobTemplate.spec"),
    ...(old && /TZ/.test(spec.schedule) ? [zoneInSchedule] : []),
  ],
  columns: [
    nameColumn,
    column("Schedule", ({ spec }) => spec.schedule),
    column("Timezone", ({ spec }) => spec.timeZone ?? "<none>"),
    { name: "Suspend", type: "boolean", cell: ({ spec }) => suspendText(spec.suspend) },
    { name: "Active", type: "integer", cell: ({ status }) => status?.active?.length ?? 0 },
    column("Last Schedule", ({ status }, now) =>
      status?.lastScheduleTime ? ageOf(status.lastScheduleTime, now) : "<none>",
    ),
    ageColumn,
    ...templateColumns<CronJob>(
      ({ spec }) => spec.jobTemplate.spec.template,
      ({ spec }) => spec.jobTemplate.spec.selector,
    ),
  ],
  templateAt: "spec.jobTemplate.spec.template",
  templateOf: ({ spec }) => spec.jobTemplate.spec.template,
  describe: describeCronJob,
};

function suspendText(suspend: boolean | undefined): string {
  if (suspend === undefined) return "<unset>";
  return suspend ? "True" : "False";
}

const policies = ["Allow", "Forbid", "Replace"];

/** kubernetes pkg/apis/batch/validation validateCronJobSpec, 1.35. */
function problemsOf({ spec }: CronJob): readonly Problem[] {
  const problems: Problem[] = [];
  if (spec.schedule) checkSchedule(spec.schedule, problems);
  else problems.push(required("spec.schedule"));
  checkCount(spec.startingDeadlineSeconds, "spec.startingDeadlineSeconds", problems);
  checkZone(spec.timeZone, problems);
  const policy = spec.concurrencyPolicy ?? "";
  if (!policies.includes(policy)) problems.push(unsupported("spec.concurrencyPolicy", policy, policies));
  checkJobSpec(spec.jobTemplate.spec, "spec.jobTemplate.spec", problems);
  const { selector, manualSelector } = spec.jobTemplate.spec;
  const path = "spec.jobTemplate.spec";
  if (selector) problems.push(wrong(`${path}.selector`, selector, "`selector` will be auto-generated"));
  if (manualSelector) problems.push(unsupported(`${path}.manualSelector`, manualSelector, ["nil", "false"]));
  checkCount(spec.successfulJobsHistoryLimit, "spec.successfulJobsHistoryLimit", problems);
  checkCount(spec.failedJobsHistoryLimit, "spec.failedJobsHistoryLimit", problems);
  return problems;
}

function checkSchedule(schedule: string, problems: Problem[]): void {
  try {
    parseCron(schedule);
  } catch (fault) {
    if (!(fault instanceof FormatError)) throw fault;
    problems.push(wrong("spec.schedule", schedule, fault.message));
  }
  if (schedule.includes("TZ")) {
    const detail = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
    problems.push(wrong("spec.schedule", schedule, detail));
  }
}

function checkZone(zone: string | undefined, problems: Problem[]): void {
  const path = "spec.timeZone";
  if (zone === undefined) return;
  if (zone === "") {
    problems.push(wrong(path, zone, "timeZone must be nil or non-empty string"));
    return;
  }
  const parts = zone.split("/");
  const unknown = `unknown time zone ${zone}`;
  if (parts.some((part) => part === "." || part === ".." || !/^(?!-)[A-Za-z._0-9+-]{1,14}$/.test(part))) {
    problems.push(wrong(path, zone, unknown));
    return;
  }
  if (zone.toLowerCase() === "local") {
    const detail = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
    problems.push(wrong(path, zone, detail));
  }
  if (zoneOffset(zone, 0) === undefined) problems.push(wrong(path, zone, unknown));
}

const zoneInSchedule =
  "CRON_TZ or TZ used in spec.schedule is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details";
