import type { Problem } from "../define.ts";
import { equal } from "../equal.ts";
import { podSpecDiff } from "../internal-pod-spec.ts";
import { forbidden, required, wrong } from "../problem.ts";
import type { Pod, PodSpec } from "../types/pod.ts";

const changeable = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
].join(",");

/** What may not change in a pod once it exists (core validation ValidatePodUpdate, 1.35). */
export function podProblemsOfUpdate(pod: Pod, old: Pod): readonly Problem[] {
  if (equal(pod.spec, old.spec)) return annotationProblems(pod, old);
  const problems = annotationProblems(pod, old);
  for (const list of ["containers", "initContainers"] as const)
    if (!checkImages(pod.spec, old.spec, list, problems)) return problems;
  if (!checkDeadline(pod.spec, old.spec, problems)) return problems;
  checkTolerations(pod.spec, old.spec, problems);
  checkGates(pod.spec, old.spec, problems);
  const munged = withAllowedOf(pod.spec, old.spec, problems);
  if (!equal(munged, old.spec)) {
    const diff = podSpecDiff(old.spec, munged);
    problems.push(forbidden("spec", `pod updates may not change fields other than ${changeable}\n${diff}`));
  }
  return problems;
}

function annotationProblems(pod: Pod, old: Pod): Problem[] {
  const key = "kubernetes.io/config.mirror";
  const before = old.metadata.annotations?.[key];
  const after = pod.metadata.annotations?.[key];
  if (before === after) return [];
  const verb = before === undefined ? "add" : "remove or update";
  return [forbidden(`metadata.annotations[${key}]`, `may not ${verb} mirror pod annotation`)];
}

function checkImages(spec: PodSpec, old: PodSpec, list: "containers" | "initContainers", problems: Problem[]): boolean {
  const containers = spec[list] ?? [];
  if (containers.length !== (old[list] ?? []).length) {
    problems.push(forbidden(`spec.${list}`, "pod updates may not add or remove containers"));
    return false;
  }
  for (const [index, { image }] of containers.entries())
    if (!image) problems.push(required(`spec.${list}[${index}].image`));
  return true;
}

function checkDeadline(spec: PodSpec, old: PodSpec, problems: Problem[]): boolean {
  const [now, before] = [spec.activeDeadlineSeconds, old.activeDeadlineSeconds];
  const path = "spec.activeDeadlineSeconds";
  if (now === undefined) {
    if (before !== undefined) problems.push(wrong(path, null, "must not update from a positive integer to nil value"));
    return true;
  }
  if (now < 0 || now > 2147483647) problems.push(wrong(path, now, "must be between 0 and 2147483647, inclusive"));
  else if (before !== undefined && before < now)
    problems.push(wrong(path, now, "must be less than or equal to previous value"));
  else return true;
  return false;
}

function checkTolerations(spec: PodSpec, old: PodSpec, problems: Problem[]): void {
  const gone = (old.tolerations ?? []).some(
    (before) =>
      !(spec.tolerations ?? []).some((now) =>
        equal({ ...before, tolerationSeconds: undefined }, { ...now, tolerationSeconds: undefined }),
      ),
  );
  if (gone)
    problems.push(
      forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds"),
    );
}

function checkGates(spec: PodSpec, old: PodSpec, problems: Problem[]): void {
  for (const [index, { name }] of (spec.schedulingGates ?? []).entries())
    if (!old.schedulingGates?.some((gate) => gate.name === name)) {
      const detail = `only deletion is allowed, but found new scheduling gate '${name}'`;
      problems.push(forbidden(`spec.schedulingGates[${index}].name`, detail));
    }
}

/** The new spec with what may change put back to what it was. */
function withAllowedOf(spec: PodSpec, old: PodSpec, problems: Problem[]): PodSpec {
  const munged: PodSpec = { ...spec };
  munged.containers = spec.containers.map((container, index) => withImage(container, old.containers[index]));
  if (spec.initContainers)
    munged.initContainers = spec.initContainers.map((container, index) =>
      withImage(container, old.initContainers?.[index]),
    );
  put(munged, "activeDeadlineSeconds", old);
  put(munged, "schedulingGates", old);
  put(munged, "tolerations", old);
  if ((old.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1)
    put(munged, "terminationGracePeriodSeconds", old);
  if (old.schedulingGates?.length && !equal(munged.nodeSelector, old.nodeSelector)) {
    for (const key in old.nodeSelector)
      if (munged.nodeSelector?.[key] !== old.nodeSelector[key]) {
        const detail = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
        problems.push(wrong("spec.nodeSelector", munged.nodeSelector ?? null, detail));
        break;
      }
    put(munged, "nodeSelector", old);
  }
  return munged;
}

function withImage<T extends { image?: string }>(container: T, old: T | undefined): T {
  if (container.image === old?.image || old?.image === undefined) return container;
  return { ...container, image: old.image };
}

function put<K extends keyof PodSpec>(spec: PodSpec, field: K, from: PodSpec): void {
  const value = from[field];
  if (value === undefined) delete spec[field];
  else spec[field] = value as PodSpec[K];
}
