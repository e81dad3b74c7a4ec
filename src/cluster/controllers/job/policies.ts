import { FormatError } from "../../../base/format-error.ts";
import { parseIndexes } from "../../../kinds/job-indexes.ts";
import type { Job, PodFailurePolicyRule } from "../../../kinds/types/batch.ts";
import type { ContainerStatus, Pod } from "../../../kinds/types/pod.ts";

/** What the failure policy says of a failed pod: why the job fails, whether the failure counts, what the rule does. */
export interface Verdict {
  readonly failsJob?: string;
  readonly counts: boolean;
  readonly action?: PodFailurePolicyRule["action"];
}

/** The first rule that fits decides (pkg/controller/job/pod_failure_policy.go, 1.35). */
export function failureVerdict({ spec }: Job, pod: Pod): Verdict {
  const { rules = [] } = spec.podFailurePolicy ?? {};
  for (const [index, rule] of rules.entries()) {
    const why = matched(rule, pod);
    if (why === undefined) continue;
    const { action } = rule;
    if (action === "Ignore") return { counts: false, action };
    if (action !== "FailJob") return { counts: true, action };
    return { counts: true, action, failsJob: `${why} matching ${action} rule at index ${index}` };
  }
  return { counts: true };
}

function matched(
  { onExitCodes, onPodConditions }: PodFailurePolicyRule,
  { metadata, status }: Pod,
): string | undefined {
  const name = `${metadata.namespace}/${metadata.name}`;
  if (onExitCodes) {
    const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
    const found = all.find((container) => hasCode(container, onExitCodes));
    const code = found?.state?.terminated?.exitCode;
    return found && `Container ${found.name} for pod ${name} failed with exit code ${code}`;
  }
  const found = status?.conditions?.find((condition) =>
    onPodConditions?.some((pattern) => pattern.type === condition.type && pattern.status === condition.status),
  );
  return found && `Pod ${name} has condition ${found.type}`;
}

function hasCode(
  { name, state }: ContainerStatus,
  { containerName, operator, values = [] }: NonNullable<PodFailurePolicyRule["onExitCodes"]>,
): boolean {
  const code = state?.terminated?.exitCode;
  if (code === undefined || code === 0 || (containerName !== undefined && containerName !== name)) return false;
  return operator === "In" ? values.includes(code) : !values.includes(code);
}

/** Which rule of the success policy is met by these indexes, in words (pkg/controller/job/success_policy.go, 1.35). */
export function successReached({ spec }: Job, succeeded: ReadonlySet<number>): string | undefined {
  if (succeeded.size === 0) return undefined;
  for (const [index, { succeededIndexes, succeededCount }] of (spec.successPolicy?.rules ?? []).entries()) {
    const wanted = succeededIndexes === undefined ? undefined : readIndexes(succeededIndexes, spec.completions);
    if (wanted?.length === 0) continue;
    const reached = wanted ? wanted.filter((one) => succeeded.has(one)).length : succeeded.size;
    if (reached >= (succeededCount ?? wanted?.length ?? Number.POSITIVE_INFINITY))
      return `Matched rules at index ${index}`;
  }
  return undefined;
}

/** Indexes in short, as a status or policy has them; none where they cannot be read. */
export function readIndexes(text: string, completions = 0): readonly number[] {
  try {
    return parseIndexes(text, completions);
  } catch (fault) {
    if (fault instanceof FormatError) return [];
    throw fault;
  }
}
