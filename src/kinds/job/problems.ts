import type { Problem } from "../define.ts";
import { equal } from "../equal.ts";
import { internalTemplate } from "../internal-pod-spec.ts";
import { matchesSelector } from "../label-selector.ts";
import { immutable, required, wrong } from "../problem.ts";
import type { Job, JobSpec } from "../types/batch.ts";
import { checkJobSpec } from "../validation/job.ts";
import { checkSelector, sorted } from "../validation/labels.ts";
import { dnsLabel } from "../validation/words.ts";

// kubernetes pkg/apis/batch/validation ValidateJob, ValidateJobUpdate, 1.35.

/** What is wrong with a job. */
export function problemsOfJob(object: Job): readonly Problem[] {
  const problems: Problem[] = [];
  const { metadata, spec } = object;
  checkGenerated(object, problems);
  checkJobSpec(spec, "spec", problems);
  if (spec.selector) checkSelector(spec.selector, "spec.selector", problems);
  else problems.push(required("spec.selector"));
  const { labels } = spec.template.metadata ?? {};
  if (!spec.selector || !matchesSelector(spec.selector, labels)) {
    const detail = "`selector` does not match template `labels`";
    problems.push(wrong("spec.template.metadata.labels", sorted(labels), detail));
  }
  if (spec.completionMode === "Indexed" && (spec.completions ?? 0) > 0) {
    const host = `${metadata.name}-${(spec.completions ?? 0) - 1}`;
    const detail = `will not able to create pod with invalid DNS label: ${host}`;
    if (dnsLabel(host).length > 0) problems.push(wrong("metadata.name", metadata.name, detail));
  }
  return problems;
}

/** The labels that tell a job's pods from those of others are not for the user to choose. */
function checkGenerated({ metadata, spec }: Job, problems: Problem[]): void {
  if (spec.manualSelector || !spec.selector) return;
  const { uid = "", name } = metadata;
  const wanted = {
    "controller-uid": uid,
    "job-name": name,
    "batch.kubernetes.io/controller-uid": uid,
    "batch.kubernetes.io/job-name": name,
  };
  const labels: Readonly<Record<string, string>> = spec.template.metadata?.labels ?? {};
  const path = "spec.template.metadata.labels";
  for (const [key, value] of Object.entries(wanted)) {
    if (labels[key] === undefined) problems.push(required(`${path}[${key}]`, `must be '${value}'`));
    else if (labels[key] !== value) problems.push(wrong(`${path}[${key}]`, sorted(labels), `must be '${value}'`));
  }
  if (!matchesSelector(spec.selector, wanted))
    problems.push(wrong("spec.selector", spec.selector, "`selector` not auto-generated"));
}

/** A job keeps its template; while it is suspended and has not started, where its pods may run can change. */
export function problemsOfJobUpdate(object: Job, old: Job): readonly Problem[] {
  const problems: Problem[] = [];
  const { spec } = object;
  checkCompletions(spec, old.spec, problems);
  const keep = (field: keyof JobSpec) => {
    if (!equal(spec[field], old.spec[field])) problems.push(immutable(`spec.${field}`, spec[field] ?? null));
  };
  keep("selector");
  const before = old.spec.suspend && !old.status?.startTime ? withDirectives(old.spec, spec) : old.spec.template;
  if (!equal(spec.template, before)) problems.push(immutable("spec.template", internalTemplate(spec.template)));
  keep("completionMode");
  keep("podFailurePolicy");
  keep("backoffLimitPerIndex");
  keep("managedBy");
  keep("successPolicy");
  return problems;
}

function checkCompletions(spec: JobSpec, old: JobSpec, problems: Problem[]): void {
  if (spec.completions === old.completions) return;
  if (spec.completionMode !== "Indexed") problems.push(immutable("spec.completions", spec.completions ?? null));
  else if (spec.completions !== undefined && spec.completions !== spec.parallelism)
    problems.push(wrong("spec.completions", spec.completions, "can only be modified in tandem with spec.parallelism"));
}

/** The old template with what the new one says about where its pods may run. */
function withDirectives(old: JobSpec, spec: JobSpec): JobSpec["template"] {
  const { nodeSelector, tolerations, schedulingGates, affinity } = spec.template.spec;
  const { nodeAffinity: _, ...others } = (old.template.spec.affinity ?? {}) as Record<string, unknown>;
  const node = (affinity as Record<string, unknown> | undefined)?.nodeAffinity;
  const merged = { ...others, ...(node ? { nodeAffinity: node } : {}) };
  const { metadata } = spec.template;
  const pod = { ...old.template.spec, nodeSelector, tolerations, schedulingGates, affinity: merged };
  if (!affinity && Object.keys(merged).length === 0) delete (pod as { affinity?: unknown }).affinity;
  return {
    ...old.template,
    metadata: { ...old.template.metadata, labels: metadata?.labels, annotations: metadata?.annotations },
    spec: pod,
  } as JobSpec["template"];
}
