import { goQuote } from "../../../base/go-text.ts";
import { type Json, parseJson } from "../../../base/json.ts";
import { isList } from "../../../base/json-object.ts";
import { applyJsonPatch } from "../../../base/patch/json-patch.ts";
import { parseYaml } from "../../../base/yaml-in/parse-yaml.ts";
import { BuildFault, messageOf, within } from "./fault.ts";
import { idText } from "./ids.ts";
import type { Patch, Selector } from "./kustomization.ts";
import type { Loader } from "./loader.ts";
import { mergePatch } from "./merge.ts";
import { readResources } from "./read-resources.ts";
import type { Resource } from "./resource.ts";
import type { ResourceMap } from "./resource-map.ts";
import type { Transformer } from "./transformers.ts";
import { copyOf, isMap, type TreeMap, textMap } from "./tree.ts";

/** One of `patches`: strategic or JSON, as its text is. `config` is how its faults show it. */
export function patcher(
  loader: Loader,
  { path = "", patch = "", target, options }: Patch,
  config: string,
): Transformer {
  const inline = patch.trim();
  if (inline === "" && path === "") throw new BuildFault(`must specify one of patch and path in\n${config}`);
  if (inline !== "" && path !== "") throw new BuildFault(`patch and path can't be set at the same time\n${config}`);
  const text = inline || within(`failed to get the patch file from path(${path})`, () => loader.load(path));
  const source = inline === "" ? `[path: ${goQuote(path)}]` : `[patch: ${goQuote(inline)}]`;
  const strategic = attempt(() => readResources(text));
  const json = attempt(() => readJsonPatch(text));
  if ((strategic && json !== undefined) || (strategic && strategic.length > 0 && json))
    throw new BuildFault(`illegally qualifies as both an SM and JSON patch: ${source}`);
  if (!strategic && json === undefined) throw new BuildFault(`unable to parse SM or JSON patch from ${source}`);
  if (!strategic) return jsonPatcher(json ?? null, target, source);
  for (const one of strategic) {
    one.allowsNameChange = options?.allowNameChange === true;
    one.allowsKindChange = options?.allowKindChange === true;
  }
  if (strategic.length === 0) return jsonPatcher([], target, source);
  return (map) => applyStrategic(map, strategic, target, source);
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (fault) {
    messageOf(fault);
    return undefined;
  }
}

/** The operations of a JSON patch, which may be YAML. */
function readJsonPatch(text: string): Json {
  if (text === "") throw new BuildFault("empty json patch operations");
  const patch = text.startsWith("[") ? parseJson(text) : parseYaml(text);
  if (patch !== null && !isList(patch))
    throw new BuildFault("json: cannot unmarshal into Go value of type jsonpatch.Patch");
  return patch;
}

function applyStrategic(
  map: ResourceMap,
  patches: readonly Resource[],
  target: Selector | undefined,
  source: string,
): void {
  const [first] = patches;
  if (target && first) {
    if (patches.length > 1)
      throw new BuildFault(
        `Multiple Strategic-Merge Patches in one \`patches\` entry is not allowed to set \`patches.target\` field: ${source}`,
      );
    const what = () => `unable to find patch target ${goQuote(selectorText(target))} in \`resources\``;
    patchAll(
      map,
      within(what, () => map.select(target)),
      first,
    );
    return;
  }
  for (const patch of patches) {
    const id = patch.originalId;
    const found = within(`no resource matches strategic merge patch ${goQuote(idText(id))}`, () => map.patchTarget(id));
    patchOne(found, patch);
  }
}

function selectorText(target: Selector): string {
  const { group = "", version = "", kind = "", name = "", namespace = "" } = target;
  const id = idText({ group, version, kind, name, namespace, clusterScoped: false });
  return `${id}:a=${target.annotationSelector ?? ""}:l=${target.labelSelector ?? ""}`;
}

/** The patches of `patchesStrategicMerge`: each names its target. */
export function strategicPatcher(patches: readonly Resource[]): Transformer {
  return (map) => {
    for (const patch of patches) patchAll(map, [map.patchTarget(patch.originalId)], patch);
  };
}

/** Patches resources and takes away what a patch leaves nothing of. */
function patchAll(map: ResourceMap, targets: readonly Resource[], patch: Resource): void {
  const ids = new Set(targets.map(({ id }) => idText(id)));
  for (const resource of map.resources) {
    if (!ids.has(idText(resource.id))) continue;
    const copy = patch.copy();
    for (const field of ["labels", "annotations"] as const) copy.setTexts(field, textMap(copy.metadata[field], "null"));
    copy.setName(patch.name);
    copy.object.apiVersion = resource.object.apiVersion;
    patchOne(resource, copy);
  }
  map.become(map.resources.filter((one) => !one.isEmpty));
}

function patchOne(resource: Resource, patch: Resource): void {
  const { name, namespace, kind } = resource;
  if (patch.allowsNameChange || patch.allowsKindChange) resource.rememberId();
  resource.object = mergePatch(resource.object, patch.object) ?? {};
  if (resource.isEmpty) return;
  if (!patch.allowsKindChange) resource.object.kind = kind;
  if (!patch.allowsNameChange) resource.setName(name);
  resource.setNamespace(namespace);
}

function jsonPatcher(patch: Json, target: Selector | undefined, source: string): Transformer {
  return (map) => {
    if (!target) throw new BuildFault(`must specify a target for JSON patch ${source}`);
    for (const resource of map.select(target)) {
      resource.rememberId();
      applyJson(resource, patch);
    }
  };
}

/** One of the deprecated `patchesJson6902`. */
export function json6902Patcher(loader: Loader, { path = "", patch = "", target }: Patch): Transformer {
  if (!target?.name) throw new BuildFault("must specify the target name");
  if (path === "" && patch === "") throw new BuildFault("empty file path and empty jsonOp");
  if (path !== "" && patch !== "") throw new BuildFault("must specify a file path or jsonOp, not both");
  const text = path === "" ? patch : loader.load(path);
  if (text === "") throw new BuildFault(`patch file '${path}' empty seems to be empty`);
  const operations = readJsonPatch(text);
  if (isList(operations) && operations.length === 0)
    throw new BuildFault(`patch appears to be empty; file=${path}, JsonOp=${text}`);
  return (map) => {
    for (const resource of map.select(target)) applyJson(resource, operations);
  };
}

function applyJson(resource: Resource, patch: Json): void {
  const patched = copyOf(applyJsonPatch(resource.annotated(), patch));
  resource.take(isMap(patched) ? (patched as TreeMap) : {});
}
