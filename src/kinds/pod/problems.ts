import type { Problem } from "../define.ts";
import { forbidden, wrong } from "../problem.ts";
import type { Pod } from "../types/pod.ts";
import { checkPodSpec } from "../validation/pod-spec.ts";

/** What is wrong with a pod, new or changed (core validation validatePodMetadataAndSpec, 1.35). */
export function podProblems(pod: Pod): readonly Problem[] {
  const problems: Problem[] = [];
  const annotations = pod.metadata.annotations;
  const mirror = annotations?.["kubernetes.io/config.mirror"];
  if (mirror !== undefined && !pod.spec.nodeName) {
    const path = "metadata.annotations[kubernetes.io/config.mirror]";
    problems.push(wrong(path, mirror, "must set spec.nodeName if mirror pod annotation is set"));
  }
  const cost = annotations?.["controller.kubernetes.io/pod-deletion-cost"];
  if (cost !== undefined && !isInt32(cost)) {
    const path = "metadata.annotations[controller.kubernetes.io/pod-deletion-cost]";
    problems.push(wrong(path, cost, "must be a 32bit integer"));
  }
  checkPodSpec(pod.spec, true, "spec", problems);
  checkTokens(pod, problems);
  for (const list of ["containers", "initContainers"] as const)
    for (const [index, { image = "" }] of (pod.spec[list] ?? []).entries())
      if (image.trim() !== image)
        problems.push(wrong(`spec.${list}[${index}].image`, image, "must not have leading or trailing whitespace"));
  return problems;
}

function isInt32(text: string): boolean {
  return /^(0|-?[1-9]\d{0,9})$/.test(text) && Math.abs(Number(text)) <= 2147483647;
}

function checkTokens({ spec }: Pod, problems: Problem[]): void {
  if (spec.serviceAccountName) return;
  for (const [index, volume] of (spec.volumes ?? []).entries())
    for (const [place, source] of (volume.projected?.sources ?? []).entries())
      if (source.serviceAccountToken) {
        const path = `spec.volumes[${index}].projected.sources[${place}].serviceAccountToken`;
        problems.push(forbidden(path, "must not be specified when serviceAccountName is not set"));
      }
}

/** What is wrong with a new pod only. */
export function problemsOfNewPod(pod: Pod): readonly Problem[] {
  const problems: Problem[] = [];
  if (pod.spec.ephemeralContainers?.length)
    problems.push(forbidden("spec.ephemeralContainers", "cannot be set on create"));
  if (pod.spec.nodeName && pod.spec.schedulingGates?.length)
    problems.push(forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared"));
  return problems;
}
