import type { JsonObject } from "../../../base/json.ts";
import { parseSelector } from "../../../base/parse-selector.ts";
import { selectorMatcher } from "../../../base/selector.ts";
import { parseYaml } from "../../../base/yaml-in/parse-yaml.ts";
import { parseYaml3 } from "../../../base/yaml-in/parse-yaml-3.ts";
import { decodeShape } from "./decode-shape.ts";
import { BuildFault, within } from "./fault.ts";
import { idText, isSelected, type ResId, sameNamespace } from "./ids.ts";
import type { FieldOptions, Replacement, Selector } from "./kustomization.ts";
import { replacementShape } from "./kustomization-fields.ts";
import type { Loader } from "./loader.ts";
import { lookup, type MadeKind, places, smartPath } from "./paths.ts";
import { rootPlace } from "./place.ts";
import type { Resource } from "./resource.ts";
import type { Transformer } from "./transformers.ts";
import { copyOf, isMap, isSeq, scalarText, type Tree } from "./tree.ts";

type Source = NonNullable<Replacement["source"]>;
type Target = NonNullable<Replacement["targets"]>[number];

/** Copies values from one resource into others (ReplacementTransformer, 5.6). */
export function replacer(loader: Loader, replacements: readonly Replacement[]): Transformer {
  const all = replacements.flatMap((one) => loaded(loader, one));
  return (map) => {
    for (const { source, targets } of all) {
      if (!source || !targets) throw new BuildFault("replacements must specify a source and at least one target");
      const value = sourceValue(map.resources, source);
      for (const target of targets) replaceIn(map.resources, value, target);
    }
  };
}

/** A replacement may stand in a file of its own, alone or in a list. */
function loaded(loader: Loader, replacement: Replacement): readonly Replacement[] {
  const { path, source, targets = [] } = replacement;
  if (!path) return [replacement];
  if (source || targets.length > 0) throw new BuildFault("cannot specify both path and inline replacement");
  const content = parseYaml(loader.load(path));
  if (typeof content !== "object" || content === null)
    throw new BuildFault(
      `unsupported replacement type encountered within replacement path: ${content === null ? "invalid" : typeof content}`,
    );
  const items = Array.isArray(content) ? content : [content];
  return items.map((item) => decodeShape<Replacement>(item, replacementShape, false));
}

function idOf({ group = "", version = "", kind = "", name = "", namespace = "" }: Selector): ResId {
  return { group, version, kind, name, namespace, clusterScoped: false };
}

function isMeant(resource: Resource, selector: Selector): boolean {
  const wanted = idOf(selector);
  return [resource.id, ...resource.previousIds].some(
    (id) =>
      (wanted.name === "" || wanted.name === id.name) &&
      (wanted.namespace === "" || sameNamespace(wanted, { ...id, clusterScoped: id.clusterScoped })) &&
      isSelected(id, wanted),
  );
}

function sourceText({ fieldPath, options, ...id }: Source): string {
  const { delimiter = "", index = 0, create = false } = options ?? {};
  const about = delimiter === "" && !create ? [] : [`${delimiter}(${index}), create=${create}`];
  return [idText(idOf(id)), ...(fieldPath ? [fieldPath] : []), ...about].join(":");
}

function sourceValue(resources: readonly Resource[], source: Source): Tree {
  const found = resources.filter((one) => isMeant(one, source));
  if (found.length > 1) throw new BuildFault(`multiple matches for selector ${sourceText(source)}`);
  const [only] = found;
  if (!only) throw new BuildFault(`nothing selected by ${sourceText(source)}`);
  const fieldPath = source.fieldPath || "metadata.name";
  const value = within("error looking up replacement source", () => lookup(only.object, smartPath(fieldPath)));
  const isEmpty =
    value === undefined ||
    value === null ||
    value === "" ||
    (typeof value === "object" && Object.keys(value).length === 0);
  if (isEmpty)
    throw new BuildFault(`fieldPath \`${fieldPath}\` is missing for replacement source ${idText(idOf(source))}`);
  const { delimiter, index = 0 } = source.options ?? {};
  if (!delimiter) return value;
  if (isMap(value) || isSeq(value)) throw new BuildFault("delimiter option can only be used with scalar nodes");
  const part = index < 0 ? undefined : scalarText(value).split(delimiter)[index];
  if (part === undefined)
    throw new BuildFault(`options.index ${index} is out of bounds for value ${scalarText(value)}`);
  return typed(part, value);
}

function replaceIn(resources: readonly Resource[], value: Tree, target: Target): void {
  const { select, reject = [], fieldPaths = [], options } = target;
  if (!select) throw new BuildFault("target must specify resources to select");
  for (const resource of resources) {
    if (!matchesTexts(resource, select)) continue;
    const texted = reject.filter((one) => one.annotationSelector || one.labelSelector);
    if (texted.some((one) => matchesTexts(resource, one))) continue;
    const named = reject.filter((one) => Object.values(idOf(one)).some((field) => field !== "" && field !== false));
    if (!isMeant(resource, select) || named.some((one) => isMeant(resource, one))) continue;
    for (const path of fieldPaths.length === 0 ? ["metadata.name"] : fieldPaths)
      copyTo(resource, value, path, options ?? {});
  }
}

function matchesTexts(resource: Resource, { annotationSelector = "", labelSelector = "" }: Selector): boolean {
  return (
    selectorMatcher(parseSelector(annotationSelector))(Object.fromEntries(resource.annotations)) &&
    selectorMatcher(parseSelector(labelSelector))(Object.fromEntries(resource.labels))
  );
}

function copyTo(resource: Resource, value: Tree, path: string, options: FieldOptions): void {
  const made: MadeKind = options.create ? (isMap(value) ? "map" : isSeq(value) ? "seq" : "scalar") : undefined;
  const fault = `unable to find ${made ? "or create " : ""}field ${JSON.stringify(path)} in replacement target`;
  const found = within(fault, () => places(rootPlace(resource.object), smartPath(path), made));
  if (found.length === 0) throw new BuildFault(fault);
  for (const place of found) {
    const text = delimited(place.value, value, options);
    if (isMap(place.value) || isSeq(place.value)) place.put(copyOf((text ?? value) as JsonObject));
    else if (isMap(value) || isSeq(value)) place.put(text === undefined ? null : text);
    else if (made && place.value === "") place.put(text === undefined ? value : text);
    else place.put(typed(text ?? scalarText(value), place.value));
  }
}

/** The text with one of its parts replaced, or a part put before or behind; undefined without a delimiter. */
function delimited(old: Tree, value: Tree, { delimiter, index = 0 }: FieldOptions): string | undefined {
  if (!delimiter) return undefined;
  if (isMap(old) || isSeq(old)) throw new BuildFault("delimiter option can only be used with scalar nodes");
  const parts = scalarText(old).split(delimiter);
  const text = scalarText(value);
  if (index < 0) parts.unshift(text);
  else if (index >= parts.length) parts.push(text);
  else parts[index] = text;
  return parts.join(delimiter);
}

/** A text as the type that stood there. */
function typed(text: string, like: Tree): Tree {
  if (typeof like === "string") return text;
  const read = copyOf(parseYaml3(text).value);
  return isMap(read) || isSeq(read) ? text : read;
}
