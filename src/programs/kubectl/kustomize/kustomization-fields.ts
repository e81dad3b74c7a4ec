/** The type of a field of a kustomization, as Go holds it. */
export type FieldShape = {
  readonly goType: string;
  /** The structs that Go embeds it by. */
  readonly via?: readonly string[];
} & (
  | { readonly is: "text" | "bool" | "int" }
  | { readonly is: "list" | "map"; readonly of: FieldShape }
  | { readonly is: "struct"; readonly fields: Readonly<Record<string, FieldShape>> }
);

const text: FieldShape = { is: "text", goType: "string" };
const bool: FieldShape = { is: "bool", goType: "bool" };
const int: FieldShape = { is: "int", goType: "int" };
const int64: FieldShape = { is: "int", goType: "int64" };
const list = (of: FieldShape): FieldShape => ({ is: "list", of, goType: `[]${of.goType}` });
const map = (of: FieldShape): FieldShape => ({ is: "map", of, goType: `map[string]${of.goType}` });
const struct = (name: string, fields: Readonly<Record<string, FieldShape>>): FieldShape => ({
  is: "struct",
  fields,
  goType: `types.${name}`,
});

type Fields = Readonly<Record<string, FieldShape>>;

/** The fields of a struct that others embed. */
function embedded<F extends Fields>(name: string, fields: F): F {
  const entries = Object.entries(fields).map(([key, shape]) => [key, { ...shape, via: [name, ...(shape.via ?? [])] }]);
  return Object.fromEntries(entries) as F;
}

const texts = map(text);
const gvk = embedded("Gvk", { group: text, version: text, kind: text });
const resId = embedded("ResId", { ...gvk, name: text, namespace: text });
const selector = struct("Selector", { ...resId, annotationSelector: text, labelSelector: text });
const metadata = struct("ObjectMeta", { name: text, namespace: text, labels: texts, annotations: texts });
const options = struct("GeneratorOptions", {
  labels: texts,
  annotations: texts,
  disableNameSuffixHash: bool,
  immutable: bool,
});
const generated = embedded("GeneratorArgs", {
  namespace: text,
  name: text,
  behavior: text,
  ...embedded("KvPairSources", { literals: list(text), files: list(text), envs: list(text), env: text }),
  options,
});
const patch = struct("Patch", { path: text, patch: text, target: selector, options: map(bool) });
const field = struct("FieldSpec", { ...gvk, path: text, create: bool });
const fieldOptions = struct("FieldOptions", { delimiter: text, index: int, encoding: text, create: bool });
const image = struct("Image", { name: text, newName: text, tagSuffix: text, newTag: text, digest: text });
const chart = struct("HelmChart", {
  name: text,
  version: text,
  repo: text,
  releaseName: text,
  namespace: text,
  additionalValuesFiles: list(text),
  valuesFile: text,
  valuesInline: map({ is: "text", goType: "interface {}" }),
  valuesMerge: text,
  includeCRDs: bool,
  skipHooks: bool,
  apiVersions: list(text),
  kubeVersion: text,
  nameTemplate: text,
  skipTests: bool,
  debug: bool,
});

const replacement = {
  source: struct("SourceSelector", { ...resId, fieldPath: text, options: fieldOptions }),
  targets: list(
    struct("TargetSelector", {
      select: selector,
      reject: list(selector),
      fieldPaths: list(text),
      options: fieldOptions,
    }),
  ),
};

/** A replacement in a file of its own. */
export const replacementShape = struct("Replacement", replacement);

/** The fields of a kustomization.yaml (kustomize types.Kustomization, 5.6). */
export const kustomizationShape = struct("Kustomization", {
  ...embedded("TypeMeta", { apiVersion: text, kind: text }),
  metadata,
  openapi: texts,
  namePrefix: text,
  nameSuffix: text,
  namespace: text,
  commonLabels: texts,
  labels: list(struct("Label", { pairs: texts, includeSelectors: bool, includeTemplates: bool, fields: list(field) })),
  commonAnnotations: texts,
  patchesStrategicMerge: list({ is: "text", goType: "types.PatchStrategicMerge" }),
  patchesJson6902: list(patch),
  patches: list(patch),
  images: list(image),
  imageTags: list(image),
  replacements: list(struct("ReplacementField", { ...embedded("Replacement", replacement), path: text })),
  replicas: list(struct("Replica", { name: text, count: int64 })),
  vars: list(
    struct("Var", {
      name: text,
      objref: struct("Target", { apiVersion: text, ...gvk, name: text, namespace: text }),
      fieldref: struct("FieldSelector", { fieldPath: text }),
    }),
  ),
  sortOptions: struct("SortOptions", {
    order: { is: "text", goType: "types.SortOrder" },
    legacySortOptions: struct("LegacySortOptions", { orderFirst: list(text), orderLast: list(text) }),
  }),
  resources: list(text),
  components: list(text),
  crds: list(text),
  bases: list(text),
  configMapGenerator: list(struct("ConfigMapArgs", generated)),
  secretGenerator: list(struct("SecretArgs", { ...generated, type: text })),
  helmGlobals: struct("HelmGlobals", { chartHome: text, configHome: text }),
  helmCharts: list(chart),
  helmChartInflationGenerator: list(
    struct("HelmChartArgs", { chartName: text, chartVersion: text, chartRepoUrl: text }),
  ),
  generatorOptions: options,
  configurations: list(text),
  generators: list(text),
  transformers: list(text),
  validators: list(text),
  buildMetadata: list(text),
});
