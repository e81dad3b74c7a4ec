import type { Json } from "../../../base/json.ts";
import { parseYaml } from "../../../base/yaml-in/parse-yaml.ts";
import { decodeShape } from "./decode-shape.ts";
import { BuildFault, within } from "./fault.ts";
import { kustomizationShape } from "./kustomization-fields.ts";

type Texts = Readonly<Record<string, string>>;

/** Selects resources; group, version, kind, name and namespace are regular expressions. */
export interface Selector {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly annotationSelector?: string;
  readonly labelSelector?: string;
}

export interface Patch {
  readonly path?: string;
  readonly patch?: string;
  readonly target?: Selector;
  readonly options?: Readonly<Record<string, boolean>>;
}

export interface Image {
  readonly name?: string;
  readonly newName?: string;
  readonly tagSuffix?: string;
  readonly newTag?: string;
  readonly digest?: string;
}

export interface FieldOptions {
  readonly delimiter?: string;
  readonly index?: number;
  readonly create?: boolean;
}

export interface Replacement {
  readonly path?: string;
  readonly source?: Selector & { readonly fieldPath?: string; readonly options?: FieldOptions };
  readonly targets?: readonly {
    readonly select?: Selector;
    readonly reject?: readonly Selector[];
    readonly fieldPaths?: readonly string[];
    readonly options?: FieldOptions;
  }[];
}

export interface GeneratorOptions {
  readonly labels?: Texts;
  readonly annotations?: Texts;
  readonly disableNameSuffixHash?: boolean;
  readonly immutable?: boolean;
}

export interface GeneratorArgs {
  readonly namespace?: string;
  readonly name?: string;
  readonly behavior?: string;
  readonly literals?: readonly string[];
  readonly files?: readonly string[];
  readonly envs?: readonly string[];
  readonly env?: string;
  readonly options?: GeneratorOptions;
  /** Of Secrets. */
  readonly type?: string;
}

export interface SpecText {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly path?: string;
  readonly create?: boolean;
}

export interface Label {
  readonly pairs?: Texts;
  readonly includeSelectors?: boolean;
  readonly includeTemplates?: boolean;
  readonly fields?: readonly SpecText[];
}

export interface Replica {
  readonly name?: string;
  readonly count?: number;
}

export interface Var {
  readonly name?: string;
  readonly objref?: Selector & { readonly apiVersion?: string };
  readonly fieldref?: { readonly fieldPath?: string };
}

export interface SortOptions {
  readonly order?: string;
  readonly legacySortOptions?: { readonly orderFirst?: readonly string[]; readonly orderLast?: readonly string[] };
}

/** A kustomization.yaml, as it was read; what it leaves out is undefined. */
export interface Kustomization {
  readonly apiVersion: string;
  readonly kind: string;
  readonly openapi?: Texts;
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  readonly namespace?: string;
  readonly commonLabels?: Texts;
  readonly labels?: readonly Label[];
  readonly commonAnnotations?: Texts;
  readonly patchesStrategicMerge?: readonly string[];
  readonly patchesJson6902?: readonly Patch[];
  readonly patches?: readonly Patch[];
  readonly images?: readonly Image[];
  readonly imageTags?: readonly Image[];
  readonly replacements?: readonly Replacement[];
  readonly replicas?: readonly Replica[];
  readonly vars?: readonly Var[];
  readonly sortOptions?: SortOptions;
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly crds?: readonly string[];
  readonly bases?: readonly string[];
  readonly configMapGenerator?: readonly GeneratorArgs[];
  readonly secretGenerator?: readonly GeneratorArgs[];
  readonly helmGlobals?: Readonly<Record<string, Json>>;
  readonly helmCharts?: readonly Readonly<Record<string, Json>>[];
  readonly helmChartInflationGenerator?: readonly Readonly<Record<string, Json>>[];
  readonly generatorOptions?: GeneratorOptions;
  readonly configurations?: readonly string[];
  readonly generators?: readonly string[];
  readonly transformers?: readonly string[];
  readonly validators?: readonly string[];
  readonly buildMetadata?: readonly string[];
}

const version = "kustomize.config.k8s.io/v1beta1";
const componentVersion = "kustomize.config.k8s.io/v1alpha1";

const deprecated: readonly (readonly [field: keyof Kustomization, instead: string])[] = [
  ["bases", "resources"],
  ["commonLabels", "labels"],
  ["imageTags", "images"],
  ["patchesJson6902", "patches"],
  ["patchesStrategicMerge", "patches"],
  ["vars", "replacements"],
];

/** Reads a kustomization.yaml that lies in `folder`; its deprecated fields are told to `warn`. */
export function readKustomization(text: string, folder: string, warn: (line: string) => void): Kustomization {
  const read = within("invalid Kustomization", () =>
    decodeShape<Partial<Kustomization>>(parseYaml(text), kustomizationShape),
  );
  for (const [field, instead] of deprecated) {
    const experimental = field === "vars" ? "[EXPERIMENTAL] " : "";
    if (read[field] !== undefined)
      warn(
        `# Warning: '${field}' is deprecated. Please use '${instead}' instead. ${experimental}Run 'kustomize edit fix' to update your Kustomization automatically.`,
      );
  }
  const { apiVersion, kind, ...fields } = read;
  if (!Object.values(fields).some((value) => value !== "")) throw new BuildFault("kustomization.yaml is empty");
  const usedKind = kind || "Kustomization";
  const wanted = usedKind === "Component" ? componentVersion : version;
  const wrong: string[] = [];
  if (usedKind !== "Kustomization" && usedKind !== "Component") wrong.push("kind should be Kustomization or Component");
  if (apiVersion && apiVersion !== wanted) wrong.push(`apiVersion for ${usedKind} should be ${wanted}`);
  if (wrong.length > 0) throw new BuildFault(`Failed to read kustomization file under ${folder}:\n${wrong.join("\n")}`);
  return { ...read, apiVersion: wanted, kind: usedKind };
}
