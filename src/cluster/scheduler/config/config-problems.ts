import { goQuote } from "../../../base/go-text.ts";
import type { JsonObject } from "../../../base/json.ts";
import { argsProblems } from "./args-problems.ts";
import type { ProfileConfig, SchedulerConfig } from "./define.ts";
import { invalid } from "./field-problem.ts";

/** Plugins of old, which no version of the configuration knows any more. */
const removed = ["AzureDiskLimits", "CinderLimits", "EBSLimits", "GCEPDLimits"];

/** What is wrong with a configuration (scheduler/apis/config/validation, 1.35). */
export function configProblems(body: JsonObject, config: SchedulerConfig): string[] {
  const problems: string[] = [];
  const { podInitialBackoffSeconds: first, podMaxBackoffSeconds: last } = config;
  const election = (body.leaderElection ?? {}) as { resourceLock?: string };
  const { resourceLock = "leases" } = election;
  if (config.leaderElection.leaderElect && resourceLock !== "leases")
    problems.push(invalid("leaderElection.resourceLock", goQuote(resourceLock), `resourceLock value must be "leases"`));
  const parallelism = Number(body.parallelism ?? 16);
  if (parallelism <= 0)
    problems.push(invalid("parallelism", parallelism, "should be an integer value greater than zero"));
  profilesProblems(config.profiles, problems);
  checkPercentage("percentageOfNodesToScore", config.percentageOfNodesToScore, problems);
  if (first <= 0) problems.push(invalid("podInitialBackoffSeconds", first, "must be greater than 0"));
  if (last < first)
    problems.push(invalid("podMaxBackoffSeconds", last, "must be greater than or equal to PodInitialBackoffSeconds"));
  if ((body.extenders as readonly unknown[] | undefined)?.length) problems.push("extenders: not simulated in cka-lab");
  return problems;
}

function checkPercentage(path: string, percentage: number | undefined, problems: string[]): void {
  if (percentage !== undefined && (percentage < 0 || percentage > 100))
    problems.push(invalid(path, percentage, "not in valid range [0-100]"));
}

function profilesProblems(profiles: readonly ProfileConfig[], problems: string[]): void {
  const names = new Map<string, number>();
  for (const [i, profile] of profiles.entries()) {
    const path = `profiles[${i}]`;
    const { schedulerName } = profile;
    if (schedulerName === "") problems.push(`${path}.schedulerName: Required value`);
    checkPercentage(`${path}.percentageOfNodesToScore`, profile.percentageOfNodesToScore, problems);
    for (const [point, set] of Object.entries(profile.plugins ?? {}))
      for (const [j, { name }] of (set?.enabled ?? []).entries())
        if (point !== "multiPoint" && removed.includes(name))
          problems.push(wasRemoved(`${path}.plugins.${point}.enabled[${j}]`, name));
    pluginConfigProblems(path, profile, problems);
    // The first profile's place is what Go prints: a field.Path without a String of its own.
    if (names.has(schedulerName)) problems.push(`${path}.schedulerName: Duplicate value: {}`);
    names.set(schedulerName, i);
  }
  const sorts = (profile: ProfileConfig | undefined) => JSON.stringify(profile?.plugins?.queueSort ?? {});
  for (const [i, profile] of profiles.entries())
    if (i > 0 && sorts(profile) !== sorts(profiles[0]))
      problems.push(invalid(`profiles[${i}].plugins.queueSort`, sorts(profile), "must be the same for all profiles"));
}

function wasRemoved(path: string, name: string): string {
  const why = `was invalid in version "v1" (KubeSchedulerConfiguration is version "kubescheduler.config.k8s.io/v1")`;
  return invalid(path, goQuote(name), why);
}

function pluginConfigProblems(path: string, { pluginConfig = [] }: ProfileConfig, problems: string[]): void {
  const seen = new Set<string>();
  for (const [i, { name, args }] of pluginConfig.entries()) {
    const place = `${path}.pluginConfig[${i}]`;
    if (seen.has(name)) problems.push(`${place}: Duplicate value: ${goQuote(name)}`);
    seen.add(name);
    if (removed.includes(name)) problems.push(wasRemoved(place, name));
    else if (args) problems.push(...argsProblems(name, args, `${place}.args`));
  }
}
