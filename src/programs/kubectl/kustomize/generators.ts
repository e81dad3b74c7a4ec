import { base64Of } from "../../../base/base64.ts";
import { bytesOf } from "../../../base/text-bytes.ts";
import { contentHash } from "../content-hash.ts";
import { baseName, isText } from "../data-sources.ts";
import { BuildFault, within } from "./fault.ts";
import { sameId } from "./ids.ts";
import type { GeneratorArgs, GeneratorOptions } from "./kustomization.ts";
import type { Loader } from "./loader.ts";
import { type Behavior, Resource } from "./resource.ts";
import type { ResourceMap } from "./resource-map.ts";
import { childMap, isMap, scalarText, type Tree, type TreeMap, textMap, treeOfTexts } from "./tree.ts";

/** The options of one generator with those that hold for all. */
export function mergedOptions(
  local: GeneratorOptions | undefined,
  global: GeneratorOptions | undefined,
): GeneratorOptions | undefined {
  if (!global) return local;
  return {
    ...local,
    ...(local?.labels || global.labels ? { labels: { ...global.labels, ...local?.labels } } : {}),
    ...(local?.annotations || global.annotations
      ? { annotations: { ...global.annotations, ...local?.annotations } }
      : {}),
    disableNameSuffixHash: local?.disableNameSuffixHash === true || global.disableNameSuffixHash === true,
    immutable: local?.immutable === true || global.immutable === true,
  };
}

/** A ConfigMap or Secret from what a generator says. */
export function generated(kind: "ConfigMap" | "Secret", args: GeneratorArgs, loader: Loader): Resource {
  const { name = "", namespace = "", behavior = "", options = {}, type } = args;
  if (name === "") throw new BuildFault("a configmap must have a name");
  const object: TreeMap = { apiVersion: "v1", kind, metadata: namespace === "" ? { name } : { name, namespace } };
  const data = dataOf(args, loader);
  if (kind === "Secret") {
    object.type = type || "Opaque";
    object.data = treeOfTexts(new Map([...data].map(([key, text]) => [key, inLines(text)])));
  } else {
    for (const [key, text] of data) {
      if (isText(text)) childMap(object, "data")[key] = text;
      else childMap(object, "binaryData")[key] = inLines(text);
    }
  }
  if (options.immutable) object.immutable = true;
  const known: readonly string[] = ["create", "merge", "replace"];
  const resource = new Resource(object, {
    needsHash: options.disableNameSuffixHash !== true,
    behavior: (known.includes(behavior) ? behavior : "unspecified") as Behavior,
  });
  for (const field of ["labels", "annotations"] as const)
    if (options[field]) resource.setTexts(field, new Map(Object.entries(options[field])));
  return resource;
}

/** Base64 as kyaml writes it: in lines of 70 characters where it is longer. */
function inLines(text: string): string {
  const whole = base64Of(bytesOf(text));
  return whole.length < 70 ? whole : whole.replace(/.{1,70}/g, "$&\n");
}

function dataOf(
  { name, literals = [], files = [], envs = [], env }: GeneratorArgs,
  loader: Loader,
): Map<string, string> {
  const all = env ? [...envs, env] : envs;
  const pairs = within("loading KV pairs", () => [
    ...within(`env source files: [${all.join(" ")}]`, () => all.flatMap((path) => envPairs(loader.load(path)))),
    ...within(`literal sources [${literals.join(" ")}]`, () => literals.map(literalPair)),
    ...within(`file sources: [${files.join(" ")}]`, () => files.map((source) => filePair(source, loader))),
  ]);
  const data = new Map<string, string>();
  for (const [key, text] of pairs) {
    if (data.has(key)) throw new BuildFault(`configmap ${name} illegally repeats the key \`${key}\``);
    data.set(key, text);
  }
  return data;
}

type Pair = readonly [key: string, text: string];

function envPairs(content: string): Pair[] {
  const lines = content.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.flatMap((line, i): Pair[] => {
    const text = (i === 0 ? line.replace(/^\ufeff/, "") : line).replace(/\r$/, "").trimStart();
    if (text === "" || text.startsWith("#")) return [];
    const equals = text.indexOf("=");
    const pair: Pair = equals < 0 ? [text, ""] : [text.slice(0, equals), text.slice(equals + 1)];
    return pair[0] === "" ? [] : [pair];
  });
}

function literalPair(source: string): Pair {
  const equals = source.indexOf("=");
  if (equals <= 0) throw new BuildFault(`invalid literal source ${source}, expected key=value`);
  const value = source.slice(equals + 1);
  const quoted = /^(["'])([\s\S]*)\1$/.exec(value);
  return [source.slice(0, equals), quoted && value.length > 1 ? (quoted[2] ?? "") : value];
}

function filePair(source: string, loader: Loader): Pair {
  const parts = source.split("=");
  const [key = "", path = ""] = parts;
  if (parts.length === 1) return [baseName(source), loader.load(source)];
  const quoted = JSON.stringify(source);
  if (parts.length > 2) throw new BuildFault(`source ${quoted} key name or file path contains '='`);
  if (key === "") throw new BuildFault(`missing key name for file path ${JSON.stringify(path)} in source ${quoted}`);
  if (path === "") throw new BuildFault(`missing file path for key name ${JSON.stringify(key)} in source ${quoted}`);
  return [key, loader.load(path)];
}

/** Adds what a generator made, or merges it into what is there, as its behavior says. */
export function absorb(map: ResourceMap, made: Resource): void {
  const { id } = made;
  const matches = map.byAnyId((other) => sameId(id, other));
  const { behavior } = made.notes;
  const shown = `resid.ResId{Gvk:resid.Gvk{Group:${q(id.group)}, Version:${q(id.version)}, Kind:${q(id.kind)}, isClusterScoped:${id.clusterScoped}}, Name:${q(id.name)}, Namespace:${q(id.namespace)}}`;
  const [old] = matches;
  if (!old) {
    if (behavior === "merge" || behavior === "replace")
      throw new BuildFault(`id ${shown} does not exist; cannot merge or replace`);
    map.append(made);
    return;
  }
  if (matches.length > 1)
    throw new BuildFault(`found multiple objects ${matches.length} that could accept merge of ${id.name}`);
  if (behavior !== "merge" && behavior !== "replace")
    throw new BuildFault(`id ${shown} exists; behavior must be merge or replace`);
  takeOver(made, old);
  if (behavior === "merge") {
    mergeData(made, old, "data");
    mergeData(made, old, "binaryData");
  }
  map.replace(old, made);
}

const q = (text: string) => JSON.stringify(text);

/** Metadata and history of the one that is replaced. */
function takeOver(made: Resource, old: Resource): void {
  const hashed = made.notes.needsHash;
  made.setTexts("labels", new Map([...old.labels, ...made.labels]));
  made.setTexts("annotations", new Map([...old.annotations, ...made.annotations]));
  const { origin } = made.notes;
  made.note({ ...old.notes, needsHash: hashed && old.notes.needsHash });
  if (old.notes.behavior === undefined) made.note({ behavior: undefined });
  if (made.notes.origin === undefined) made.note({ origin });
  made.setName(old.name);
  made.setNamespace(old.namespace);
  made.varNames = old.varNames;
}

function mergeData(made: Resource, old: Resource, field: "data" | "binaryData"): void {
  const merged = new Map([...textMap(old.object[field]), ...textMap(made.object[field])]);
  if (merged.size === 0) delete made.object[field];
  else made.object[field] = treeOfTexts(merged);
}

/** Puts the hash of their content behind the names of what was generated (HashTransformer). */
export function addHashes(map: ResourceMap): void {
  for (const resource of map.resources) {
    if (!resource.notes.needsHash) continue;
    const hash = contentHash(hashed(resource));
    resource.rememberId();
    resource.setName(`${resource.name}-${hash}`);
  }
}

/** The name is none of it: kustomize 5.6 looks it up in a field called metadata/name. */
function hashed({ object, kind }: Resource): TreeMap {
  const value = (tree: Tree | undefined): Tree => (isMap(tree) ? tree : scalarText(tree));
  const more = kind === "Secret" ? "stringData" : "binaryData";
  return {
    kind,
    name: "",
    data: value(object.data),
    ...(kind === "Secret" ? { type: scalarText(object.type) } : {}),
    ...(isMap(object[more]) ? { [more]: object[more] } : {}),
  };
}
