import { humanDuration } from "../base/human-duration.ts";
import { parseRfc3339 } from "../base/time.ts";
import { ageColumn, column, nameColumn, templateColumns } from "./cells.ts";
import { podTemplateDefaults } from "./defaults/pod-spec.ts";
import type { Kind } from "./define.ts";
import { describeJob } from "./job/describe.ts";
import { problemsOfJob, problemsOfJobUpdate } from "./job/problems.ts";
import { endOf, jobIs } from "./job-conditions.ts";
import { jobSpecDefaults } from "./job-defaults.ts";
import { selectorText } from "./label-selector.ts";
import type { Job } from "./types/batch.ts";
import { indexedWarnings, templateWarnings } from "./validation/pod-warnings.ts";

/** Runs pods until so many of them have succeeded. */
export const job: Kind<Job> = {
  kind: "Job",
  plural: "jobs",
  group: "batch",
  version: "v1",
  namespaced: true,
  categories: ["all"],
  subresources: [{ name: "status", kind: "Job", verbs: ["get", "patch", "update"] }],
  countsGenerations: true,
  orphansDependents: true,
  orphanWarning:
    "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning",
  defaults(object) {
    object.spec ??= {} as Job["spec"];
    podTemplateDefaults(object.spec);
    jobSpecDefaults(object.spec);
    labelsOfTemplate(object);
    object.status ??= {};
  },
  prepareForCreate(object) {
    object.status = {};
    if (!object.spec.manualSelector) generateSelector(object);
    labelsOfTemplate(object);
  },
  problems: problemsOfJob,
  problemsOfUpdate: problemsOfJobUpdate,
  selectable: (object) => ({ "status.successful": String(object.status?.succeeded ?? 0) }),
  warnings: (object, old) => [
    ...templateWarnings(object, old, object.spec.template, "spec.template"),
    ...indexedWarnings(object.spec, "spec"),
  ],
  columns: [
    nameColumn,
    column("Status", statusWord),
    column("Completions", completionsText),
    column("Duration", ({ status }, now) => {
      const began = parseRfc3339(status?.startTime ?? "");
      if (began === undefined) return "";
      return humanDuration((parseRfc3339(status?.completionTime ?? "") ?? now) - began);
    }),
    ageColumn,
    ...templateColumns<Job>(
      (object) => object.spec.template,
      (object) => object.spec.selector,
    ),
  ],
  templateAt: "spec.template",
  templateOf: (object) => object.spec.template,
  podsOf: (object) => selectorText(object.spec.selector) || undefined,
  describe: describeJob,
};

/** A job without labels has those of its pods. */
function labelsOfTemplate({ metadata, spec }: Job): void {
  const { labels } = spec.template.metadata ?? {};
  if (labels && Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = { ...labels };
}

/** Labels and a selector that no other job has (pkg/registry/batch/job/strategy.go generateSelector, 1.35). */
function generateSelector({ metadata, spec }: Job): void {
  const uid = metadata.uid ?? "";
  const labels: Record<string, string> = { ...spec.template.metadata?.labels };
  for (const key of ["job-name", "batch.kubernetes.io/job-name"]) labels[key] ??= metadata.name;
  for (const key of ["controller-uid", "batch.kubernetes.io/controller-uid"]) labels[key] ??= uid;
  spec.template.metadata = { ...spec.template.metadata, labels };
  spec.selector ??= {};
  spec.selector.matchLabels ??= {};
  spec.selector.matchLabels["batch.kubernetes.io/controller-uid"] ??= uid;
}

function statusWord(object: Job): string {
  const end = endOf(object);
  if (end) return end;
  if (object.metadata.deletionTimestamp) return "Terminating";
  for (const type of ["Suspended", "FailureTarget"]) if (jobIs(object, type)) return type;
  return "Running";
}

function completionsText({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}
