import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { FormatError } from "../format-error.ts";
import type { Json } from "../json.ts";
import { setKey } from "../json-reader.ts";
import { resolveScalar } from "../yaml-scalar.ts";
import type { Problem } from "./define-token.ts";
import { parseYamlTree } from "./parse-yaml.ts";
import { scalarWithTag } from "./scalar-with-tag.ts";

/** What go-yaml v3 reads, and the keys that stand twice in one map, which it only tells when the value is used. */
export interface Yaml3 {
  readonly value: Json;
  readonly doubles: readonly string[];
}

interface Resolver {
  readonly document: Document.Parsed;
  readonly lineOf: (offset: number) => number;
  readonly doubles: string[];
  readonly open: Set<Node>;
  readonly onBlank: Reading["onBlank"];
  /** Where a block ends behind which the text has no line break. */
  readonly cut: number | undefined;
}

interface Reading {
  /** Values under this path of keys are taken as they were written. */
  readonly texts?: readonly string[];
  /** Is told of every key of a map behind which nothing stands, which is not the same as null. */
  readonly onBlank?: (map: object, key: string) => void;
}

/**
 * Reads one YAML document by the rules of go-yaml v3: `yes`, `no`, `on` and `off` are texts, keys beside a merge win,
 * dates are times. Throws a FormatError.
 */
export function parseYaml3(text: string, { texts, onBlank }: Reading = {}): Yaml3 {
  const document = parseYamlTree(text, inWords);
  const lineOf = (offset: number) => text.slice(0, offset).split("\n").length;
  const cut = text.endsWith("\n") ? undefined : document.contents?.range?.[1];
  const resolver: Resolver = { document, lineOf, doubles: [], open: new Set(), onBlank, cut };
  const value = readNode(document.contents, resolver, texts);
  return { value, doubles: resolver.doubles };
}

/** go-yaml v3 names the line on which the unfinished collection began, if that is not the first. */
function inWords({ says, line, by, since }: Problem): FormatError {
  const at = since || line;
  if (at === 0) return new FormatError(`yaml: ${says}`);
  return new FormatError(`yaml: line ${by === "scanner" ? at + 1 : at}: ${says}`);
}

type Texts = readonly string[] | undefined;

function readNode(node: unknown, resolver: Resolver, texts?: Texts): Json {
  if (isAlias(node)) {
    const target = targetOf(node, resolver);
    resolver.open.add(target);
    const value = readNode(target, resolver, texts);
    resolver.open.delete(target);
    return value;
  }
  if (isScalar(node)) {
    const value = scalarOf(node, resolver);
    return texts?.length === 0 && value !== null ? textOf(node) : value;
  }
  if (isSeq(node)) return node.items.map((item) => readNode(item, resolver));
  return isMap(node) ? mapOf(node, resolver, texts) : null;
}

function targetOf(alias: Alias, { document, open }: Resolver): Node {
  const target = alias.resolve(document) as Node | undefined;
  if (!target) throw new FormatError(`yaml: unknown anchor '${alias.source}' referenced`);
  if (open.has(target)) throw new FormatError(`yaml: anchor '${alias.source}' value contains itself`);
  return target;
}

function textOf(node: Scalar): string {
  return String(node.value ?? "");
}

const oldBooleans = /^(?:y|yes|n|no|on|off)$/i;

function scalarOf(node: Scalar, { cut }: Resolver): Json {
  const isCut = cut !== undefined && node.type?.startsWith("BLOCK") && node.range?.[1] === cut;
  const text = isCut ? textOf(node).replace(/\n$/, "") : textOf(node);
  if (node.tag !== undefined) return asJson(scalarWithTag(text, node.tag));
  if (node.type !== undefined && node.type !== "PLAIN") return text;
  const resolved = resolveScalar(text);
  if (resolved.tag === "null") return null;
  if (resolved.tag === "bool") return oldBooleans.test(text) ? text : resolved.value;
  if (resolved.tag === "timestamp") return timeOf(text);
  return resolved.tag === "int" || resolved.tag === "float" ? asJson(resolved.value) : text;
}

function asJson(value: null | boolean | string | bigint | number): Json {
  if (typeof value !== "bigint") return value === 0 ? 0 : value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** A time as it comes out again: 2024-01-01 is midnight, Greenwich. */
function timeOf(text: string): string {
  const [, year = "", month = "", day = "", time = "00:00:00Z"] = /^(\d+)-(\d+)-(\d+)(?:[tT ](.*))?$/.exec(text) ?? [];
  const zone = /(?:Z|[-+]\d\d:\d\d)$/.test(time) ? "" : "Z";
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}T${time}${zone}`;
}

function mapOf(map: YAMLMap, resolver: Resolver, texts: Texts): Json {
  const own: Record<string, Json> = {};
  const lines = new Map<string, number>();
  const merged: Record<string, Json> = {};
  for (const pair of map.items) {
    if (!isPair(pair)) continue;
    const { key } = pair;
    if (isScalar(key) && key.value === "<<" && key.type === "PLAIN") {
      merge(merged, pair.value, resolver, texts);
      continue;
    }
    const name = keyOf(key, resolver);
    const line = resolver.lineOf((key as Scalar).range?.[0] ?? 0);
    const before = lines.get(name);
    if (before !== undefined)
      resolver.doubles.push(`line ${line}: mapping key ${JSON.stringify(name)} already defined at line ${before}`);
    else lines.set(name, line);
    if (isScalar(pair.value) && pair.value.source === "" && pair.value.tag === undefined) resolver.onBlank?.(own, name);
    setKey(own, name, readNode(pair.value, resolver, texts && name === texts[0] ? texts.slice(1) : inner(texts)));
  }
  for (const key of Object.keys(merged)) if (!Object.hasOwn(own, key)) setKey(own, key, merged[key] as Json);
  return own;
}

/** Once the path is used up, all that stands there is text. */
function inner(texts: Texts): Texts {
  return texts?.length === 0 ? texts : undefined;
}

function merge(into: Record<string, Json>, source: unknown, resolver: Resolver, texts: Texts): void {
  const refuse = (): FormatError => new FormatError("yaml: map merge requires map or sequence of maps as the value");
  const target = isAlias(source) ? targetOf(source, resolver) : source;
  if (!isMap(target) && !isSeq(target)) throw refuse();
  const maps = isMap(target) ? [source] : [...target.items].reverse();
  for (const item of maps) {
    if (!isMap(isAlias(item) ? targetOf(item, resolver) : item)) throw refuse();
    const values = readNode(item, resolver, texts) as Record<string, Json>;
    for (const key of Object.keys(values)) setKey(into, key, values[key] as Json);
  }
}

function keyOf(node: unknown, resolver: Resolver): string {
  const target = isAlias(node) ? targetOf(node, resolver) : node;
  if (isScalar(target)) return textOf(target);
  throw new FormatError("yaml: invalid map key");
}
