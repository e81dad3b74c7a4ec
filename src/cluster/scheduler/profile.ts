import {
  ConfigProblem,
  type ExtensionPoint,
  extensionPoints,
  type PluginChoice,
  type PluginSet,
  type ProfileConfig,
  type SchedulerConfig,
} from "./config/define.ts";
import type { SchedulerPlugin } from "./define.ts";
import { plugins } from "./plugins/index.ts";

/** The plugins that take care of the pods of one scheduler name, by extension point and in order. */
export interface Profile {
  readonly schedulerName: string;
  readonly percentageOfNodesToScore: number;
  readonly preEnqueue: readonly SchedulerPlugin[];
  readonly preFilter: readonly SchedulerPlugin[];
  readonly filter: readonly SchedulerPlugin[];
  readonly postFilter: readonly SchedulerPlugin[];
  readonly preBind: readonly SchedulerPlugin[];
  readonly score: readonly { readonly plugin: SchedulerPlugin; readonly weight: number }[];
}

const usual: PluginSet = { enabled: plugins.map(({ name, weight = 0 }) => ({ name, weight })) };

/** The profiles of a configuration. Throws ConfigProblem where one cannot be made (pkg/scheduler/profile, 1.35). */
export function profilesOf(config: SchedulerConfig): ReadonlyMap<string, Profile> {
  const profiles = new Map<string, Profile>();
  for (const profile of config.profiles)
    try {
      profiles.set(profile.schedulerName, profileOf(profile, config.percentageOfNodesToScore));
    } catch (error) {
      if (!(error instanceof ConfigProblem)) throw error;
      const where = `creating profile for scheduler name ${profile.schedulerName}`;
      throw new ConfigProblem(`initializing profiles: ${where}: ${error.message}`);
    }
  return profiles;
}

/** What the plugins of a profile are taken from: each made once, with its arguments. */
type Known = ReadonlyMap<string, SchedulerPlugin>;

function profileOf(config: ProfileConfig, percentage: number): Profile {
  const { schedulerName, plugins: custom = {}, pluginConfig = [] } = config;
  const args = new Map(pluginConfig.map((one) => [one.name, one.args ?? {}]));
  const known: Known = new Map(
    plugins.map((plugin) => [plugin.name, plugin.withArgs?.(args.get(plugin.name) ?? {}) ?? plugin]),
  );
  const multi = merged(usual, custom.multiPoint);
  const lists = new Map<ExtensionPoint, readonly SchedulerPlugin[]>();
  for (const point of extensionPoints) checkSet(point, merged({}, custom[point]), known);
  for (const point of extensionPoints)
    lists.set(point, expanded(point, merged({}, custom[point]), multi.enabled ?? [], known));
  const at = (point: ExtensionPoint) => lists.get(point) ?? [];
  const named = `for profile with scheduler name "${schedulerName}"`;
  if (at("queueSort").length !== 1)
    throw new ConfigProblem(`only one queue sort plugin required ${named}, but got ${at("queueSort").length}`);
  if (at("bind").length === 0) throw new ConfigProblem(`at least one bind plugin is needed ${named}`);
  const weights = weightsOf([...(custom.score?.enabled ?? []), ...(multi.enabled ?? [])]);
  return {
    schedulerName,
    percentageOfNodesToScore: config.percentageOfNodesToScore ?? percentage,
    preEnqueue: at("preEnqueue"),
    preFilter: at("preFilter"),
    filter: at("filter"),
    postFilter: at("postFilter"),
    preBind: at("preBind"),
    score: at("score")
      .filter(scores)
      .map((plugin) => ({ plugin, weight: weights.get(plugin.name) ?? 1 })),
  };
}

const scores = (plugin: SchedulerPlugin) => plugin.score !== undefined || plugin.scoreAll !== undefined;

/** The first weight that is given counts; none is one. */
function weightsOf(choices: readonly PluginChoice[]): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const { name, weight } of choices) if (!weights.has(name)) weights.set(name, weight || 1);
  return weights;
}

/** The default set with what the configuration says of it (v1/default_plugins.go mergePluginSet, 1.35). */
function merged(set: PluginSet, custom: PluginSet = {}): PluginSet {
  const { enabled = [], disabled = [] } = custom;
  const off = new Set(disabled.map(({ name }) => name));
  const own = new Map(enabled.map((choice) => [choice.name, choice]));
  const kept = off.has("*") ? [] : (set.enabled ?? []).filter(({ name }) => !off.has(name));
  const replaced = new Set(kept.map(({ name }) => name));
  const all = kept.map((choice) => own.get(choice.name) ?? choice);
  return { enabled: [...all, ...enabled.filter(({ name }) => !replaced.has(name))], disabled };
}

const interfaceOf = (point: ExtensionPoint) => `${point.charAt(0).toUpperCase()}${point.slice(1)}Plugin`;

function standsAt(plugin: SchedulerPlugin, point: ExtensionPoint): boolean {
  if (point === "score" && plugin.scoreAll) return true;
  return point in plugin || (plugin.alsoAt?.includes(point) ?? false);
}

function checkSet(point: ExtensionPoint, { enabled = [] }: PluginSet, known: Known): void {
  const seen = new Set<string>();
  for (const { name } of enabled) {
    const plugin = pluginNamed(name, point, known);
    if (!standsAt(plugin, point))
      throw new ConfigProblem(`plugin "${name}" does not extend ${interfaceOf(point)} plugin`);
    if (seen.has(name)) throw new ConfigProblem(`plugin "${name}" already registered as "${interfaceOf(point)}"`);
    seen.add(name);
  }
}

function pluginNamed(name: string, point: ExtensionPoint, known: Known): SchedulerPlugin {
  const plugin = known.get(name);
  if (!plugin) throw new ConfigProblem(`${interfaceOf(point)} "${name}" does not exist`);
  return plugin;
}

/** The plugins of a point: those named for it that multiPoint has too, the others of multiPoint, and the rest (framework.go, 1.35). */
function expanded(
  point: ExtensionPoint,
  { enabled = [], disabled = [] }: PluginSet,
  multi: readonly PluginChoice[],
  known: Known,
): readonly SchedulerPlugin[] {
  const own = enabled.map(({ name }) => name);
  const off = new Set(disabled.map(({ name }) => name));
  const fromMulti: string[] = [];
  const overridden = new Set<string>();
  if (!off.has("*"))
    for (const { name } of multi) {
      if (!standsAt(pluginNamed(name, point, known), point) || off.has(name)) continue;
      if (own.includes(name)) overridden.add(name);
      else if (fromMulti.includes(name))
        throw new ConfigProblem(`plugin "${name}" already registered as "${interfaceOf(point)}"`);
      else fromMulti.push(name);
    }
  const first = own.filter((name) => overridden.has(name));
  const last = own.filter((name) => !overridden.has(name));
  return [...first, ...fromMulti, ...last].map((name) => pluginNamed(name, point, known));
}
