import type { Problem } from "../define.ts";
import { equal } from "../equal.ts";
import { forbidden, required, unsupported, wrong } from "../problem.ts";
import type { Volume } from "../types/pod.ts";
import type { StatefulSet } from "../types/workload.ts";
import { check } from "../validation/labels.ts";
import { dnsLabel } from "../validation/words.ts";
import { checkAtMostAll, checkCount, checkShare, checkWorkload, shareValue } from "../validation/workload.ts";

// kubernetes pkg/apis/apps/validation ValidateStatefulSetSpec, 1.35.

/** What is wrong with a StatefulSet. */
export function problemsOfStatefulSet({ spec }: StatefulSet): readonly Problem[] {
  const problems: Problem[] = [];
  const policy = spec.podManagementPolicy as string | undefined;
  if (!policy) problems.push(required("spec.podManagementPolicy"));
  else if (policy !== "OrderedReady" && policy !== "Parallel")
    problems.push(wrong("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'"));
  checkStrategy(spec, problems);
  checkRetention(spec, problems);
  checkCount(spec.replicas, "spec.replicas", problems);
  checkCount(spec.minReadySeconds, "spec.minReadySeconds", problems);
  checkCount(spec.ordinals?.start, "spec.ordinals.start", problems);
  if (spec.serviceName) check(dnsLabel, spec.serviceName, "spec.serviceName", problems);
  checkWorkload({ selector: spec.selector, template: withClaims(spec) }, "StatefulSet", problems);
  return problems;
}

/** The template with a volume for each claim, as its pods will have them. */
function withClaims({ template, volumeClaimTemplates = [] }: StatefulSet["spec"]): StatefulSet["spec"]["template"] {
  if (volumeClaimTemplates.length === 0) return template;
  const names = volumeClaimTemplates.map(({ metadata }) => metadata?.name ?? "");
  const claims: Volume[] = names.map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  const others = (template.spec.volumes ?? []).filter(({ name }) => !names.includes(name));
  return { ...template, spec: { ...template.spec, volumes: [...others, ...claims] } };
}

function checkStrategy({ updateStrategy }: StatefulSet["spec"], problems: Problem[]): void {
  const { type = "", rollingUpdate } = updateStrategy ?? {};
  const path = "spec.updateStrategy.rollingUpdate";
  if (!type) problems.push(required("spec.updateStrategy"));
  else if (type === "OnDelete") {
    // Kubernetes prints its internal type here: fields as Go names them.
    const value = rollingUpdate && {
      Partition: rollingUpdate.partition ?? 0,
      MaxUnavailable: rollingUpdate.maxUnavailable ?? null,
    };
    if (rollingUpdate) problems.push(wrong(path, value, "only allowed for updateStrategy 'RollingUpdate'"));
  } else if (type === "RollingUpdate") {
    if (!rollingUpdate) return;
    const { partition, maxUnavailable } = rollingUpdate;
    checkCount(partition, `${path}.partition`, problems);
    if (maxUnavailable === undefined) return;
    checkShare(maxUnavailable, `${path}.maxUnavailable`, problems);
    if (shareValue(maxUnavailable) === 0) problems.push(wrong(`${path}.maxUnavailable`, maxUnavailable, "cannot be 0"));
    checkAtMostAll(maxUnavailable, `${path}.maxUnavailable`, problems);
  } else {
    const value = { Type: type, RollingUpdate: rollingUpdate ?? null };
    problems.push(wrong("spec.updateStrategy", value, "must be 'RollingUpdate' or 'OnDelete'"));
  }
}

function checkRetention({ persistentVolumeClaimRetentionPolicy: policy }: StatefulSet["spec"], problems: Problem[]) {
  if (!policy) return;
  for (const field of ["whenDeleted", "whenScaled"] as const) {
    const value = policy[field] ?? "";
    if (value !== "Retain" && value !== "Delete") {
      const path = `spec.persistentVolumeClaimRetentionPolicy.${field}`;
      problems.push(unsupported(path, value, ["Retain", "Delete"]));
    }
  }
}

const changeable = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
] as const;

/** Only some fields may change (ValidateStatefulSetUpdate, 1.35). */
export function problemsOfStatefulSetUpdate(object: StatefulSet, old: StatefulSet): readonly Problem[] {
  const kept: Record<string, unknown> = { ...object.spec };
  for (const field of changeable) kept[field] = old.spec[field];
  if (equal(kept, old.spec)) return [];
  const fields = `${changeable.slice(0, -1).map((field) => `'${field}'`)}`.replaceAll(",", ", ");
  const detail = `updates to statefulset spec for fields other than ${fields} and 'minReadySeconds' are forbidden`;
  return [forbidden("spec", detail)];
}
