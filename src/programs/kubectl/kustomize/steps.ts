import type { Json, JsonObject } from "../../../base/json.ts";
import { toYaml } from "../../../base/yaml-out.ts";
import type { FieldConfig } from "./default-fields.ts";
import { BuildFault, NotSimulatedFault, within } from "./fault.ts";
import { fieldSpec, mergeSpecs } from "./field-spec.ts";
import { generated, mergedOptions } from "./generators.ts";
import { imageChanger } from "./images.ts";
import type { Kustomization, Label } from "./kustomization.ts";
import type { Loader } from "./loader.ts";
import { json6902Patcher, patcher, strategicPatcher } from "./patches.ts";
import { strategicPatches } from "./plugins.ts";
import { replacer } from "./replacements.ts";
import type { Resource } from "./resource.ts";
import { mover, renamer, scaler, type Transformer, texter } from "./transformers.ts";

/** A step of a build, under the name that kustomize gives it. */
export interface Step {
  readonly name: string;
  readonly transform: Transformer;
}

/** A built-in one whose faults are told with what it was given. */
function configured<T>(name: string, config: object, make: (text: string) => T): T {
  const text = toYaml(sparse(config));
  return within(`trouble configuring builtin ${name} with config: \`\n${text}\``, () => make(text));
}

/** What is not empty, as Go's omitempty leaves it. */
function sparse(config: object): JsonObject {
  const kept = Object.entries(config).filter(
    ([, value]) =>
      value !== undefined && value !== "" && value !== false && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, value as Json]));
}

/** What the fields of a kustomization do, in kustomize's order (kusttarget_configplugin, 5.6). */
export function builtinSteps(kustomization: Kustomization, fields: FieldConfig, loader: Loader): readonly Step[] {
  const { namePrefix = "", nameSuffix = "", namespace = "", commonAnnotations = {} } = kustomization;
  const { patchesStrategicMerge = [], patches = [], patchesJson6902 = [], replacements = [] } = kustomization;
  const steps: Step[] = [];
  const add = (name: string, transform: Transformer) => void steps.push({ name, transform });
  if (patchesStrategicMerge.length > 0) {
    const name = "PatchStrategicMergeTransformer";
    add(
      name,
      configured(name, { paths: patchesStrategicMerge }, () =>
        strategicPatcher(strategicPatches(loader, patchesStrategicMerge)),
      ),
    );
  }
  for (const patch of patches)
    add(
      "PatchTransformer",
      configured("PatchTransformer", patch, (text) => patcher(loader, patch, text)),
    );
  if (namespace !== "") add("NamespaceTransformer", mover(namespace, fields.namespace));
  if (namePrefix !== "") add("PrefixTransformer", renamer(namePrefix, "", fields.namePrefix));
  if (nameSuffix !== "") add("SuffixTransformer", renamer("", nameSuffix, fields.nameSuffix));
  for (const transform of labelSteps(kustomization, fields)) add("LabelTransformer", transform);
  if (Object.keys(commonAnnotations).length > 0)
    add("AnnotationsTransformer", texter(commonAnnotations, fields.commonAnnotations));
  for (const patch of patchesJson6902) {
    const { path, patch: jsonOp, target } = patch;
    const name = "PatchJson6902Transformer";
    add(
      name,
      configured(name, { path, jsonOp, target }, () => json6902Patcher(loader, patch)),
    );
  }
  for (const replica of kustomization.replicas ?? []) add("ReplicaCountTransformer", scaler(replica, fields.replicas));
  for (const image of [...(kustomization.images ?? []), ...(kustomization.imageTags ?? [])])
    add("ImageTagTransformer", imageChanger(image, fields.images));
  if (replacements.length > 0) {
    const name = "ReplacementTransformer";
    add(
      name,
      configured(name, { Replacements: replacements }, () => replacer(loader, replacements)),
    );
  }
  return steps;
}

function labelSteps({ labels = [], commonLabels }: Kustomization, fields: FieldConfig): Transformer[] {
  if (labels.length === 0 && Object.keys(commonLabels ?? {}).length === 0) return [];
  return [
    ...labels.map((label) =>
      texter(
        label.pairs ?? {},
        within("failed to merge labels", () => labelSpecs(label, fields)),
      ),
    ),
    texter(commonLabels ?? {}, fields.commonLabels),
  ];
}

function labelSpecs({ fields: own = [], includeSelectors, includeTemplates }: Label, fields: FieldConfig) {
  const specs = mergeSpecs(
    own.map(({ path = "", ...spec }) => fieldSpec(path, spec)),
    fields.labels,
  );
  if (includeSelectors) return mergeSpecs(specs, fields.commonLabels);
  const templates = includeTemplates ? mergeSpecs(specs, fields.templateLabels) : specs;
  return mergeSpecs(templates, [fieldSpec("metadata/labels", { create: true })]);
}

/** What a kustomization generates. All is checked before any is made. */
export function builtinGenerated(
  kustomization: Kustomization,
  loader: Loader,
  helm: boolean,
): readonly { readonly name: string; make(): Resource }[] {
  const { configMapGenerator = [], secretGenerator = [], generatorOptions, helmCharts = [] } = kustomization;
  for (const chart of [...helmCharts, ...(kustomization.helmChartInflationGenerator ?? [])]) {
    if (helm) throw new NotSimulatedFault("inflating helm charts in a kustomization is not simulated");
    configured("HelmChartInflationGenerator", { ...kustomization.helmGlobals, ...chart }, () => {
      throw new BuildFault("must specify --enable-helm");
    });
  }
  const all = [
    ...configMapGenerator.map((args) => ({ kind: "ConfigMap", args }) as const),
    ...secretGenerator.map((args) => ({ kind: "Secret", args }) as const),
  ];
  return all.map(({ kind, args }) => ({
    name: `${kind}Generator`,
    make: () => {
      const options = mergedOptions(args.options, generatorOptions);
      return generated(kind, options ? { ...args, options } : args, loader);
    },
  }));
}
