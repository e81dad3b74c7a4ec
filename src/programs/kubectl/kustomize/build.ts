import type { JsonObject } from "../../../base/json.ts";
import { toYaml } from "../../../base/yaml-out.ts";
import { BuildFault, messageOf, within } from "./fault.ts";
import { fieldSpec } from "./field-spec.ts";
import { fixReferences } from "./fix-references.ts";
import { addHashes } from "./generators.ts";
import { compareIds, legacyOrder } from "./ids.ts";
import type { SortOptions } from "./kustomization.ts";
import { type HostFiles, Loader } from "./loader.ts";
import { ORIGIN, originText, TRANSFORMATIONS, transformationsText } from "./origin.ts";
import type { Resource } from "./resource.ts";
import type { ResourceMap } from "./resource-map.ts";
import { Target } from "./target.ts";
import { texter } from "./transformers.ts";

export interface BuildOptions {
  /** Lets kustomizations load files from outside their folders. */
  readonly unrestricted?: boolean;
  readonly helm?: boolean;
  /** Labels all resources as made by kustomize. */
  readonly managed?: boolean;
  /** Whether the caller names an order: `legacy` (true) or as the resources come (false). */
  readonly sorted?: boolean;
  /** For lines on stderr. */
  readonly warn: (line: string) => void;
  /** For lines of Go's log, which carry the time. */
  readonly log: (line: string) => void;
}

/** Builds the kustomization in a folder, as kubectl 1.33 does with kustomize 5.6. Throws a CommandFault. */
export function buildKustomization(files: HostFiles, path: string, options: BuildOptions): readonly Resource[] {
  try {
    return build(files, path, options);
  } catch (fault) {
    throw new BuildFault(messageOf(fault));
  }
}

function build(files: HostFiles, path: string, options: BuildOptions): readonly Resource[] {
  const loader = Loader.at(files, path, options.unrestricted !== true);
  const context = { warn: options.warn, helm: options.helm === true, tracing: false };
  const target = new Target(loader, context);
  target.checkSchema();
  const { buildMetadata = [], sortOptions } = target.kustomization;
  const all = target.accumulate();
  addHashes(all.map);
  fixReferences(all.map, all.fields.nameReference);
  const unused = all.vars.resolve(all.map, all.fields.varReference);
  if (unused.length > 0) options.log(`well-defined vars that were never replaced: ${unused.join(",")}`);
  dropLocal(all.map);
  if (sortOptions && options.sorted !== undefined)
    options.log(
      "Warning: Sorting order is set both in 'kustomization.yaml' ('sortOptions') and in a CLI flag ('--reorder'). Using the kustomization file over the CLI flag.",
    );
  sort(all.map, sortOptions ?? { order: options.sorted === false ? "fifo" : "legacy" });
  if (options.managed || buildMetadata.includes("managedByLabel")) {
    const everywhere = [fieldSpec("metadata/labels", { create: true })];
    texter({ "app.kubernetes.io/managed-by": "kustomize-(devel)" }, everywhere)(all.map);
  }
  for (const resource of all.map.resources) finish(resource, buildMetadata);
  return all.map.resources;
}

/** What is meant for kustomize alone is not told on. */
function dropLocal(map: ResourceMap): void {
  map.keep((one) => (one.annotations.get("config.kubernetes.io/local-config") ?? "false") === "false");
}

function sort(map: ResourceMap, { order = "", legacySortOptions }: SortOptions): void {
  if (order !== "fifo" && order !== "legacy")
    throw new BuildFault("the field 'sortOptions.order' must be one of [fifo, legacy]");
  if (order === "fifo") {
    if (legacySortOptions)
      throw new BuildFault(
        "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'",
      );
    return;
  }
  const { orderFirst = [], orderLast = [] } = legacySortOptions ?? {};
  const kinds = legacySortOptions ? { first: orderFirst, last: orderLast } : legacyOrder;
  const sorted = map.resources.toSorted((a, b) => compareIds(a.id, b.id, kinds));
  within("SortOrderTransformer: Failed to append to resources", () => map.become(sorted));
}

/** Annotations become texts, and those that were asked for are added. */
function finish(resource: Resource, wanted: readonly string[]): void {
  const { origin, transformations } = resource.notes;
  const annotations = resource.annotations;
  if (wanted.includes("originAnnotations") && origin) annotations.set(ORIGIN, originText(origin));
  if (wanted.includes("transformerAnnotations") && transformations.length > 0)
    annotations.set(TRANSFORMATIONS, transformationsText(transformations));
  resource.setTexts("annotations", annotations);
}

/** The resources as one YAML file. */
export function resourcesYaml(resources: readonly Resource[]): string {
  return resources.map(({ object }) => toYaml(object as JsonObject)).join("---\n");
}

/** The files of a folder of output: kind and name, and the namespace where there are several. */
export function resourceFiles(resources: readonly Resource[]): ReadonlyMap<string, string> {
  const namespaces = new Set(
    resources.filter(({ id }) => !id.clusterScoped).map(({ id }) => id.namespace || "default"),
  );
  return new Map(
    resources.map(({ object, id }) => {
      const { group, version, kind, name, namespace, clusterScoped } = id;
      const file = `${[group, version, kind].filter(Boolean).join("_")}_${name}.yaml`.toLowerCase();
      const prefix = namespaces.size > 1 && !clusterScoped ? `${(namespace || "default").toLowerCase()}_` : "";
      return [prefix + file, toYaml(object as JsonObject)];
    }),
  );
}
