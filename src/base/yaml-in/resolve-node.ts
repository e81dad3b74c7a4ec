import { type Alias, type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node, type YAMLMap } from "yaml";
import { FormatError } from "../format-error.ts";
import { goQuote, goSyntax } from "../go-text.ts";
import type { Json } from "../json.ts";
import { setKey } from "../json-reader.ts";
import { resolveScalar } from "../yaml-scalar.ts";
import { scalarWithTag } from "./scalar-with-tag.ts";

/** A value as go-yaml v2 hands it on; uint64 and float64 are not yet JSON's numbers. */
export type GoScalar = null | boolean | string | bigint | number;

interface Resolver {
  readonly document: Document.Parsed;
  /** Anchors whose value is being read; meeting their alias means that the value contains itself. */
  readonly open: Set<Node>;
  readonly done: Map<Node, Json>;
}

/** The JSON value of a document by the rules of go-yaml v2 and sigs.k8s.io/yaml; throws FormatErrors in their words. */
export function resolveDocument(document: Document.Parsed): Json {
  return readNode(document.contents, { document, open: new Set(), done: new Map() });
}

function readNode(node: unknown, resolver: Resolver): Json {
  if (node === null || node === undefined) return null;
  if (isScalar(node)) return numberAsJson(scalarOf(node));
  if (isAlias(node)) return aliasOf(node, resolver);
  const anchored = node as Node & { anchor?: string };
  if (anchored.anchor === undefined) return collectionOf(node, resolver);
  resolver.open.add(anchored);
  const value = collectionOf(node, resolver);
  resolver.open.delete(anchored);
  resolver.done.set(anchored, value);
  return value;
}

function collectionOf(node: unknown, resolver: Resolver): Json {
  if (isSeq(node)) return node.items.map((item) => readNode(item, resolver));
  if (isMap(node)) return mapOf(node, resolver);
  return null;
}

function aliasOf(alias: Alias, resolver: Resolver): Json {
  const target = targetOf(alias, resolver);
  const known = resolver.done.get(target);
  return known === undefined ? readNode(target, resolver) : known;
}

function targetOf(alias: Alias, { document, open }: Resolver): Node {
  const target = alias.resolve(document) as Node | undefined;
  if (!target) throw new FormatError(`yaml: unknown anchor '${alias.source}' referenced`);
  if (open.has(target)) throw new FormatError(`yaml: anchor '${alias.source}' value contains itself`);
  return target;
}

function scalarOf(node: { value: unknown; tag?: string; type?: string; source?: string }): GoScalar {
  const text = String(node.value ?? "");
  const plain = node.type === undefined || node.type === "PLAIN";
  if (node.tag !== undefined) return scalarWithTag(text, node.tag);
  if (!plain) return text;
  const resolved = resolveScalar(text);
  if (resolved.tag === "null") return null;
  if (resolved.tag === "bool" || resolved.tag === "float") return resolved.value;
  return resolved.tag === "int" ? resolved.value : text;
}

/** What a number is after it has been written as JSON and read again. */
function numberAsJson(value: GoScalar): Json {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) || value > 0x7fff_ffff_ffff_ffffn ? number : value;
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    const name = Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    throw new FormatError(`json: unsupported value: ${name}`);
  }
  return value === 0 ? 0 : value;
}

function mapOf(map: YAMLMap, resolver: Resolver): Json {
  const object: Record<string, Json> = {};
  for (const pair of map.items) {
    if (!isPair(pair)) continue;
    if (isMerge(pair.key)) merge(object, pair.value, resolver);
    else {
      const key = keyOf(pair.key, pair.value, resolver);
      setKey(object, key, readNode(pair.value, resolver));
    }
  }
  return object;
}

function isMerge(key: unknown): boolean {
  if (!isScalar(key) || key.value !== "<<") return false;
  return (key.type === "PLAIN" && key.tag === undefined) || key.tag === "tag:yaml.org,2002:merge";
}

/** A merge overwrites what stands before it in the map; of several sources the first wins. */
function merge(object: Record<string, Json>, source: unknown, resolver: Resolver): void {
  const refuse = (): FormatError => new FormatError("yaml: map merge requires map or sequence of maps as the value");
  const target = isAlias(source) ? targetOf(source, resolver) : source;
  if (!isMap(target) && !isSeq(target)) throw refuse();
  const maps = isMap(target) ? [source] : [...target.items].reverse();
  for (const item of maps) {
    if (!isMap(isAlias(item) ? targetOf(item, resolver) : item)) throw refuse();
    const values = readNode(item, resolver) as Record<string, Json>;
    for (const key of Object.keys(values)) setKey(object, key, values[key] as Json);
  }
}

function keyOf(node: unknown, value: unknown, resolver: Resolver): string {
  const target = isAlias(node) ? targetOf(node, resolver) : node;
  if (isMap(target) || isSeq(target)) {
    throw new FormatError(`yaml: invalid map key: ${goSyntax(readNode(target, resolver), "interface {}")}`);
  }
  const key = isScalar(target) ? scalarOf(target) : null;
  if (typeof key === "string") return key;
  if (typeof key === "boolean") return String(key);
  if (typeof key === "number") return floatKey(key);
  if (typeof key === "bigint" && key <= 0x7fff_ffff_ffff_ffffn) return String(key);
  const shown = readNode(value, resolver);
  const written = typeof shown === "string" ? goQuote(shown) : goSyntax(shown, "interface {}");
  const [type, name] = key === null ? ["%!s(<nil>)", "<nil>"] : ["uint64", `0x${key.toString(16)}`];
  throw new FormatError(`unsupported map key of type: ${type}, key: ${name}, value: ${written}`);
}

/** Floats as keys are written with the precision of 32 bit (sigs.k8s.io/yaml 1.4). */
function floatKey(key: number): string {
  if (!Number.isFinite(key)) return Number.isNaN(key) ? ".nan" : key > 0 ? ".inf" : "-.inf";
  const short = Math.fround(key);
  for (let digits = 1; digits < 10; digits++) {
    const text = short.toPrecision(digits);
    if (Math.fround(Number(text)) === short) return goSyntax(Number(text));
  }
  return goSyntax(short);
}
