import type { Json, JsonObject } from "../../../base/json.ts";
import { isList, isObject } from "../../../base/json-object.ts";
import { parseYaml } from "../../../base/yaml-in/parse-yaml.ts";
import { toYaml } from "../../../base/yaml-out.ts";
import { specsOf } from "./configurations.ts";
import { BuildFault, NotSimulatedFault, within } from "./fault.ts";
import { generated } from "./generators.ts";
import { gvkText, idText } from "./ids.ts";
import { imageChanger } from "./images.ts";
import type { GeneratorArgs, Image, Patch, Replacement, Replica } from "./kustomization.ts";
import type { Loader } from "./loader.ts";
import { json6902Patcher, patcher, strategicPatcher } from "./patches.ts";
import { readResources } from "./read-resources.ts";
import { replacer } from "./replacements.ts";
import type { Resource } from "./resource.ts";
import { mover, renamer, type SubjectMode, scaler, type Transformer, texter } from "./transformers.ts";
import { valueAdder } from "./value-adder.ts";

type Config = JsonObject;

const text = (value: Json | undefined) => (typeof value === "string" ? value : "");
const texts = (value: Json | undefined) => (isObject(value) ? value : {}) as Readonly<Record<string, string>>;

function renaming(config: Config, prefix: string, suffix: string): Transformer {
  if (config.fieldSpecs === undefined || config.fieldSpecs === null)
    throw new BuildFault("fieldSpecs is not expected to be nil");
  return renamer(prefix, suffix, specsOf(config.fieldSpecs));
}

const subjectModes: readonly string[] = ["defaultOnly", "none", "allServiceAccounts"];

function moving(config: Config): Transformer {
  const mode = text(config.setRoleBindingSubjects) || "defaultOnly";
  if (!subjectModes.includes(mode))
    throw new BuildFault(
      `invalid value ${JSON.stringify(mode)} for setRoleBindingSubjects: must be one of "defaultOnly", "none" or "allServiceAccounts"`,
    );
  const namespace = isObject(config.metadata) ? text(config.metadata.namespace) : "";
  if (namespace === "") return () => undefined;
  return mover(namespace, specsOf(config.fieldSpecs), {
    unsetOnly: config.unsetOnly === true,
    subjects: mode as SubjectMode,
  });
}

/** The patches of a list in which each is a path, or the text of a patch. */
export function strategicPatches(loader: Loader, paths: readonly string[]): readonly Resource[] {
  return paths.flatMap((path) => {
    try {
      return readResources(path);
    } catch (fault) {
      if (!(fault instanceof BuildFault)) throw fault;
      return readPatchFile(loader, path);
    }
  });
}

function readPatchFile(loader: Loader, path: string): readonly Resource[] {
  const content = loader.load(path);
  try {
    return readResources(content);
  } catch (fault) {
    if (!(fault instanceof BuildFault) || !fault.message.includes("MalformedYAMLError")) throw fault;
    throw new BuildFault(`${fault.message} in File: ${path}`);
  }
}

function strategic(config: Config, loader: Loader): Transformer {
  const paths = isList(config.paths) ? config.paths.map(String) : [];
  const inline = text(config.patches);
  if (paths.length === 0 && inline === "") throw new BuildFault("empty file path and empty patch content");
  return strategicPatcher([...strategicPatches(loader, paths), ...(inline === "" ? [] : readResources(inline))]);
}

/** The transformers that can stand in a manifest of their own (builtinhelpers, 5.6). */
const transformers: Readonly<Record<string, (config: Config, loader: Loader) => Transformer>> = {
  AnnotationsTransformer: (config) => texter(texts(config.annotations), specsOf(config.fieldSpecs)),
  ImageTagTransformer: (config) => imageChanger((config.imageTag ?? {}) as Image, specsOf(config.fieldSpecs)),
  LabelTransformer: (config) => texter(texts(config.labels), specsOf(config.fieldSpecs)),
  NamespaceTransformer: moving,
  PatchJson6902Transformer: (config, loader) =>
    json6902Patcher(loader, { ...(config as Patch), patch: text(config.jsonOp) }),
  PatchStrategicMergeTransformer: strategic,
  PatchTransformer: (config, loader) => patcher(loader, config as Patch, toYaml(config)),
  PrefixSuffixTransformer: (config) => renamings(config),
  PrefixTransformer: (config) => renaming(config, text(config.prefix), ""),
  ReplacementTransformer: (config, loader) => replacer(loader, (config.replacements ?? []) as readonly Replacement[]),
  ReplicaCountTransformer: (config) => scaler((config.replica ?? {}) as Replica, specsOf(config.fieldSpecs)),
  SuffixTransformer: (config) => renaming(config, "", text(config.suffix)),
  ValueAddTransformer: valueAdder,
};

function renamings(config: Config): Transformer {
  const [prefix, suffix] = [renaming(config, text(config.prefix), ""), renaming(config, "", text(config.suffix))];
  return (map) => {
    prefix(map);
    suffix(map);
  };
}

function generating(kind: "ConfigMap" | "Secret"): (config: Config, loader: Loader) => Resource {
  return (config, loader) => {
    const metadata = isObject(config.metadata) ? config.metadata : {};
    const args = config as GeneratorArgs;
    const [name, namespace] = [args.name || text(metadata.name), args.namespace || text(metadata.namespace)];
    return generated(kind, { ...args, name, namespace }, loader);
  };
}

const generators: Readonly<Record<string, (config: Config, loader: Loader) => Resource>> = {
  ConfigMapGenerator: generating("ConfigMap"),
  SecretGenerator: generating("Secret"),
};

/** The transformer that a manifest describes. */
export function pluginTransformer(resource: Resource, loader: Loader): Transformer {
  const make = pluginOf(resource, transformers, "transformer", generators);
  return within(`plugin ${idText(resource.id)} fails configuration`, () => make(configOf(resource), loader));
}

/** What the generator that a manifest describes makes. */
export function pluginGenerated(resource: Resource, loader: Loader): Resource {
  return within("failed to load generator", () => pluginOf(resource, generators, "generator", transformers))(
    configOf(resource),
    loader,
  );
}

/** Plugins are read as YAML once more. */
function configOf(resource: Resource): Config {
  const config = parseYaml(toYaml(resource.object as JsonObject));
  return isObject(config) ? config : {};
}

function pluginOf<T>(
  resource: Resource,
  table: Readonly<Record<string, T>>,
  role: string,
  others: Readonly<Record<string, unknown>>,
): T {
  const { id, kind, gvk } = resource;
  if (id.group !== "" || id.version !== "builtin")
    throw new BuildFault(`external plugins disabled; unable to load external plugin '${kind}'`);
  const found = Object.hasOwn(table, kind) ? table[kind] : undefined;
  if (found) return found;
  if (Object.hasOwn(others, kind)) throw new BuildFault(`plugin ${idText(id)} not a ${role}`);
  if (kind === "HelmChartInflationGenerator" || kind === "IAMPolicyGenerator" || kind === "HashTransformer")
    throw new NotSimulatedFault(`kustomize's ${kind} is not simulated`);
  throw new BuildFault(`unable to load builtin ${gvkText(gvk)}`);
}
