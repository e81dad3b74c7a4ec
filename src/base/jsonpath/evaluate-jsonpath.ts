import { goValue } from "../go-text.ts";
import { type Json, sortedKeys } from "../json.ts";
import { isList, isObject } from "../json-object.ts";
import { compareOperands } from "./compare-operands.ts";
import { goTypeName } from "./go-type-name.ts";
import {
  FloatLiteral,
  type Found,
  type JsonPath,
  JsonPathError,
  type JsonPathList,
  type JsonPathNode,
  jsonOf,
} from "./jsonpath-node.ts";

export interface EvaluateOptions {
  /** A field found nowhere is nothing (kubectl's default) instead of an error. */
  readonly allowMissingKeys?: boolean;
}

interface Run {
  readonly allowMissingKeys: boolean;
  inRange: number;
  beginRange: number;
  endRange: number;
  /** The action of the `{end}` met last. */
  lastEnd: JsonPathNode | undefined;
}

/** What each action of the template finds, in the order of the template; a range repeats its actions. */
export function evaluateJsonPath(
  path: JsonPath,
  data: Json,
  options: EvaluateOptions = {},
): readonly (readonly Found[])[] {
  const run: Run = {
    allowMissingKeys: options.allowMissingKeys ?? true,
    inRange: 0,
    beginRange: 0,
    endRange: 0,
    lastEnd: undefined,
  };
  return evaluateNodes(run, path.nodes, [data]);
}

function evaluateNodes(run: Run, nodes: JsonPathList, current: readonly Found[]): readonly (readonly Found[])[] {
  const all: (readonly Found[])[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as JsonPathNode;
    const found = walk(run, current, node);
    if (run.endRange > 0 && run.endRange <= run.inRange) {
      run.endRange--;
      run.lastEnd = node;
      break;
    }
    if (run.beginRange > 0) {
      run.beginRange--;
      run.inRange++;
      const rest = nodes.slice(i + 1);
      for (const value of found) all.push(...evaluateNodes(run, rest, [value ?? undefined]));
      // A range over nothing is walked once all the same, to find where it ends.
      if (found.length === 0) evaluateNodes(run, rest, []);
      run.inRange--;
      const end = run.lastEnd === undefined ? -1 : nodes.indexOf(run.lastEnd, i + 1);
      if (end >= 0) i = end;
      continue;
    }
    all.push(found);
  }
  return all;
}

function walkList(run: Run, input: readonly Found[], nodes: JsonPathList): readonly Found[] {
  let current = input;
  for (const node of nodes) current = walk(run, current, node);
  return current;
}

function walk(run: Run, input: readonly Found[], node: JsonPathNode): readonly Found[] {
  switch (node.type) {
    case "list":
      return walkList(run, input, node.nodes);
    case "text":
      return [node.text];
    case "literal":
      return input.map(() => (node.float ? new FloatLiteral(Number(node.value)) : node.value));
    case "identifier":
      return identifier(run, input, node.name);
    case "field":
      return fields(run, input, node.name);
    case "wildcard":
      return input.flatMap(children);
    case "recursive":
      return descend(input);
    case "slice":
      return slices(input, node);
    case "union":
      return node.members.flatMap((member) => walkList(run, input, member));
    case "filter":
      return filter(run, input, node);
  }
}

function identifier(run: Run, input: readonly Found[], name: string): readonly Found[] {
  if (name === "range") {
    run.beginRange++;
    return input;
  }
  if (name === "end") {
    if (run.inRange === 0) throw new JsonPathError("not in range, nothing to end");
    run.endRange++;
    return [];
  }
  throw new JsonPathError(`unrecognized identifier ${name}`, plain(input));
}

function plain(values: readonly Found[]): Json[] {
  return values.map(jsonOf);
}

function fields(run: Run, input: readonly Found[], name: string): readonly Found[] {
  const found: Json[] = [];
  for (const value of input) {
    if (value instanceof FloatLiteral || !isObject(value) || !Object.hasOwn(value, name)) continue;
    const item = value[name];
    if (item !== undefined) found.push(item);
  }
  if (found.length === 0 && input.length > 0 && !run.allowMissingKeys) throw new JsonPathError(`${name} is not found`);
  return found;
}

function children(value: Found): readonly Json[] {
  if (value instanceof FloatLiteral) return [];
  if (isList(value)) return value;
  return isObject(value) ? sortedKeys(value).map((key) => value[key] as Json) : [];
}

/** Every map and list that holds something, outer ones first. */
function descend(input: readonly Found[]): readonly Found[] {
  const found: Found[] = [];
  for (const value of input) {
    const inner = children(value);
    if (inner.length > 0) found.push(value, ...descend(inner));
  }
  return found;
}

function slices(input: readonly Found[], node: Extract<JsonPathNode, { type: "slice" }>): readonly Found[] {
  const found: Json[] = [];
  for (const value of input) {
    if (value === null || value === undefined) continue;
    if (value instanceof FloatLiteral || !isList(value)) {
      throw new JsonPathError(`${goTypeName(value)} is not array or slice`, plain(input));
    }
    const length = value.length;
    let from = node.from.value ?? 0;
    if (from < 0) from += length;
    let to = node.to.value ?? length;
    if (to < 0 || (to === 0 && node.to.derived)) to += length;
    // An empty slice ends the step, also for the lists after it (client-go does so).
    if (to === from) return found;
    const problem = (message: string) => new JsonPathError(message, plain(input));
    if (from >= length || from < 0) throw problem(`array index out of bounds: index ${from}, length ${length}`);
    if (to > length || to < 0) throw problem(`array index out of bounds: index ${to - 1}, length ${length}`);
    if (from > to) throw problem(`starting index ${from} is greater than ending index ${to}`);
    const step = node.step.value ?? 1;
    if (step <= 0) throw problem("step must be > 0");
    for (let i = from; i < to; i += step) found.push(value[i] as Json);
  }
  return found;
}

function filter(run: Run, input: readonly Found[], node: Extract<JsonPathNode, { type: "filter" }>): readonly Found[] {
  const kept: Json[] = [];
  for (const list of input) {
    if (list instanceof FloatLiteral || !isList(list)) {
      throw new JsonPathError(`${goValue(jsonOf(list))} is not array or slice and cannot be filtered`, plain(input));
    }
    for (const element of list) if (passes(run, element, node)) kept.push(element);
  }
  return kept;
}

function passes(run: Run, element: Json, node: Extract<JsonPathNode, { type: "filter" }>): boolean {
  if (node.operator === "exists") {
    try {
      return walkList(run, [element], node.left).length > 0;
    } catch (problem) {
      // A path that fails still "exists" if something had been found before it failed.
      if (problem instanceof JsonPathError) return problem.found.length > 0;
      throw problem;
    }
  }
  const left = single(walkList(run, [element], node.left));
  if (left === undefined) return false;
  const right = single(walkList(run, [element], node.right));
  return right !== undefined && compareOperands(left, right, node.operator);
}

function single(values: readonly Found[]): Found | undefined {
  if (values.length > 1) throw new JsonPathError("can only compare one element at a time");
  return values[0];
}
