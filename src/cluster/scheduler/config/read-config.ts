import { FormatError } from "../../../base/format-error.ts";
import type { Json, JsonObject } from "../../../base/json.ts";
import { isObject } from "../../../base/json-object.ts";
import { parseYaml } from "../../../base/yaml-in/parse-yaml.ts";
import { faultsIn } from "../../../schema/faults.ts";
import { configProblems } from "./config-problems.ts";
import { CONFIG_VERSION, configType } from "./config-types.ts";
import { ConfigProblem, defaultConfig, type ProfileConfig, type SchedulerConfig } from "./define.ts";

const KIND = "KubeSchedulerConfiguration";
const GROUP = "kubescheduler.config.k8s.io";
const SCHEME = `in scheme "pkg/scheduler/apis/config/scheme/scheme.go:30"`;

/** Reads a file for --config: strictly, with its defaults, and checked. Throws ConfigProblem in kube-scheduler's words (1.35). */
export function readSchedulerConfig(text: string): SchedulerConfig {
  const body = bodyOf(text);
  const faults = faultsIn(body, configType(KIND) ?? fail(`no type ${KIND}`));
  if (faults.error !== undefined) throw new ConfigProblem(faults.error);
  const strict = [...faults.strict, ...argsFaults(body)];
  if (strict.length > 0) throw new ConfigProblem(strictError(strict));
  const config = withDefaults(body);
  const problems = configProblems(body, config);
  if (problems.length > 0)
    throw new ConfigProblem(problems.length === 1 ? (problems[0] ?? "") : `[${problems.join(", ")}]`);
  return config;
}

function fail(why: string): never {
  throw new ConfigProblem(why);
}

const strictError = (faults: readonly string[]) => `strict decoding error: ${faults.join(", ")}`;

/** The file as JSON; apimachinery's decoder first asks what it is. */
function bodyOf(text: string): JsonObject {
  let value: Json | undefined;
  try {
    value = parseYaml(text) as Json | undefined;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new ConfigProblem(error.message);
  }
  const body: JsonObject = isObject(value) ? value : {};
  const { kind, apiVersion } = body;
  if (value !== null && value !== undefined && !isObject(value)) {
    const found = Array.isArray(value) ? "array" : typeof value;
    const into = `struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
    fail(`couldn't get version/kind; json parse error: json: cannot unmarshal ${found} into Go value of type ${into}`);
  }
  if (!kind) fail(`Object 'Kind' is missing in '${text}'`);
  if (!apiVersion) fail(`Object 'apiVersion' is missing in '${text}'`);
  const known = apiVersion === CONFIG_VERSION && (kind === KIND || configType(String(kind))?.isKind);
  if (!known) fail(`no kind "${kind}" is registered for version "${apiVersion}" ${SCHEME}`);
  if (kind !== KIND) fail(`couldn't decode as ${KIND}, got ${CONFIG_VERSION}, Kind=${kind}: `);
  return body;
}

/** What does not fit in the arguments of plugins that are kube-scheduler's own; others' are left alone. */
function argsFaults({ profiles }: JsonObject): string[] {
  const strict: string[] = [];
  for (const [i, profile] of ((profiles ?? []) as unknown as readonly ProfileConfig[]).entries())
    for (const [j, { name, args }] of (profile.pluginConfig ?? []).entries()) {
      const type = configType(`${name}Args`);
      if (!type || !args) continue;
      const place = `decoding .profiles[${i}].pluginConfig[${j}]`;
      const { kind = `${name}Args` } = args;
      if (kind !== `${name}Args`)
        fail(`${place}: args for plugin ${name} were not of type ${name}Args.${GROUP}, got ${kind}.${GROUP}`);
      const faults = faultsIn(args, type);
      if (faults.error !== undefined) fail(`${place}: decoding args for plugin ${name}: ${faults.error}`);
      if (faults.strict.length === 0) continue;
      const inner = `decoding args for plugin ${name}: ${strictError(faults.strict)}`;
      strict.push(`${place}: ${strictError([inner])}`);
    }
  return strict;
}

function withDefaults(body: JsonObject): SchedulerConfig {
  const file = withoutNulls(body) as Partial<SchedulerConfig> & {
    leaderElection?: Partial<SchedulerConfig["leaderElection"]>;
    clientConnection?: { kubeconfig?: string };
  };
  const given = file.profiles?.length ? file.profiles : [{}];
  const profiles = given.map((profile) => {
    const named = profile as Partial<ProfileConfig>;
    // Only one profile alone has a name where none is given.
    const schedulerName = named.schedulerName ?? (given.length === 1 ? "default-scheduler" : "");
    return { ...named, schedulerName };
  });
  const { resourceName, resourceNamespace, leaderElect } = file.leaderElection ?? {};
  const usual = defaultConfig.leaderElection;
  return {
    profiles,
    percentageOfNodesToScore: file.percentageOfNodesToScore ?? 0,
    podInitialBackoffSeconds: file.podInitialBackoffSeconds ?? defaultConfig.podInitialBackoffSeconds,
    podMaxBackoffSeconds: file.podMaxBackoffSeconds ?? defaultConfig.podMaxBackoffSeconds,
    leaderElection: {
      leaderElect: leaderElect ?? true,
      resourceName: resourceName || usual.resourceName,
      resourceNamespace: resourceNamespace || usual.resourceNamespace,
    },
    kubeconfig: file.clientConnection?.kubeconfig ?? "",
  };
}

/** A null says nothing. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNulls(inner)]));
}
