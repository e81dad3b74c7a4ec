import { FormatError } from "../../../base/format-error.ts";
import { parseYaml3 } from "../../../base/yaml-in/parse-yaml-3.ts";
import { CommandFault } from "../faults.ts";
import { BuildFault } from "./fault.ts";
import { Resource } from "./resource.ts";
import { isMap, isSeq, markBlank, scalarText, type Tree, type TreeMap, textMap } from "./tree.ts";

/** A file that is no YAML; such a fault is told without that of reading it as a folder. */
export class MalformedFault extends BuildFault {}

/** The resources of a text; lists are taken apart (kustomize resource.Factory, 5.6). */
export function readResources(text: string): Resource[] {
  const documents = splitDocuments(text.replaceAll("\r\n", "\n"));
  const trees = documents.flatMap((document, i) => {
    const tree = readDocument(i === documents.length - 1 ? document : `${document}\n`);
    return tree === null ? [] : [tree];
  });
  const [only] = trees;
  const wrapped = documents.length === 1 && isMap(only) && ["List", "ResourceList"].includes(scalarText(only.kind));
  const items = wrapped && isMap(only) ? only.items : undefined;
  return apart(good(items === undefined ? trees : isSeq(items) ? items : [])).map((object) => new Resource(object));
}

/** Cuts a file at its separators; a separator right after another one is not seen, as in kyaml 0.19. */
function splitDocuments(text: string): string[] {
  if (text === "") return [];
  const documents: string[] = [];
  let from = 0;
  for (const match of text.matchAll(/\n---.*\n/g)) {
    const rest = match[0].slice(4).trim();
    if (rest !== "" && rest[0] !== "#") throw new BuildFault(`invalid document separator: ${match[0].trim()}`);
    documents.push(text.slice(from, match.index));
    from = match.index + match[0].length;
  }
  return [...documents, text.slice(from)];
}

function readDocument(text: string): Tree {
  try {
    const { value, doubles } = parseYaml3(text, { texts: ["metadata", "annotations"], onBlank: markBlank });
    if (doubles.length === 0) return value as Tree;
    const lines = doubles.map((line) => `\n  ${line}`).join("");
    throw new DoubleKeyFault(`map[string]interface {}(nil): yaml: unmarshal errors:${lines}`);
  } catch (fault) {
    if (!(fault instanceof FormatError)) throw fault;
    throw new MalformedFault(`MalformedYAMLError: ${fault.message}`);
  }
}

/** Keys that stand twice are only found when the result is written: nothing of the build is told with it. */
class DoubleKeyFault extends CommandFault {}

/** What can be a resource; empty documents are left out, others refused. */
function good(trees: readonly Tree[]): TreeMap[] {
  const kept: TreeMap[] = [];
  for (const tree of trees) {
    if (tree === null || (typeof tree === "object" && Object.keys(tree).length === 0)) continue;
    checkMetadata(tree);
    if (isMap(tree)) kept.push(tree);
  }
  return kept;
}

function checkMetadata(tree: Tree): void {
  const map = isMap(tree) ? tree : {};
  const [apiVersion, kind] = [scalarText(map.apiVersion), scalarText(map.kind)];
  const metadata = isMap(map.metadata) ? map.metadata : {};
  const [name, namespace] = [scalarText(metadata.name), scalarText(metadata.namespace)];
  const [labels, annotations] = [textMap(metadata.labels), textMap(metadata.annotations)];
  if (!apiVersion && !kind && !name && !namespace && labels.size === 0 && annotations.size === 0)
    throw new BuildFault("missing Resource metadata");
  const shown = `{{${apiVersion} ${kind}} {{${name} ${namespace}} ${goMap(labels)} ${goMap(annotations)}}}`;
  if (kind === "") throw new BuildFault(`missing kind in object ${shown}`);
  if (name === "" && !kind.endsWith("List")) throw new BuildFault(`missing metadata.name in object ${shown}`);
}

function goMap(texts: ReadonlyMap<string, string>): string {
  const pairs = [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `${key}:${value}`);
  return `map[${pairs.join(" ")}]`;
}

/** Lists replaced by their items, which come after all that is no list. */
function apart(objects: readonly TreeMap[]): TreeMap[] {
  const result: TreeMap[] = [];
  const queue = [...objects];
  for (let object = queue.shift(); object; object = queue.shift()) {
    const { items } = object;
    const kind = scalarText(object.kind);
    if (!kind.endsWith("List") || items === undefined) result.push(object);
    else if (isSeq(items)) queue.push(...good(items));
    else if (items !== null) {
      const type = isMap(items) ? "map[string]interface {}" : typeof items === "string" ? "string" : "int";
      throw new BuildFault(`expected array in ${kind}/items, but found ${type}`);
    }
  }
  return result;
}
