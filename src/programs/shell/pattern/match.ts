import { compile, type PatternNode, type PatternOptions } from "./compile.ts";

/**
 * A shell pattern that can be held against texts. Matching carries the set of places reached so far through the
 * pattern, so that no pattern takes more than (length of the text) squared times (length of the pattern) steps.
 */
export class Pattern {
  private readonly nodes: readonly PatternNode[];
  private readonly ignoreCase: boolean;
  private backward: readonly PatternNode[] | undefined;
  /** The text, where the pattern is nothing but text. */
  readonly literal: string | undefined;

  constructor(pattern: string, options: PatternOptions) {
    this.nodes = compile(pattern, options);
    this.ignoreCase = options.ignoreCase === true;
    const [first, ...more] = this.nodes;
    const only = first === undefined ? "" : first.type === "text" && more.length === 0 ? first.text : undefined;
    this.literal = this.ignoreCase ? undefined : only;
  }

  private folded(text: string): string {
    return this.ignoreCase ? text.toLowerCase() : text;
  }

  matches(text: string): boolean {
    if (this.literal !== undefined) return text === this.literal;
    const folded = this.folded(text);
    if (this.nodes.every((node) => node.type !== "group")) return matchesPlain(this.nodes, folded);
    return ends(this.nodes, folded, [0]).at(-1) === folded.length;
  }

  /** Where a match that begins at `from` ends: the first and the last place, or undefined. */
  prefix(text: string, from = 0): { shortest: number; longest: number } | undefined {
    if (this.literal !== undefined) {
      const end = from + this.literal.length;
      return text.startsWith(this.literal, from) ? { shortest: end, longest: end } : undefined;
    }
    const reached = ends(this.nodes, this.folded(text), [from]);
    const [shortest, longest] = [reached[0], reached.at(-1)];
    return shortest === undefined || longest === undefined ? undefined : { shortest, longest };
  }

  /** Where a match that ends with the text begins: the shortest and the longest such match. */
  suffix(text: string): { shortest: number; longest: number } | undefined {
    this.backward ??= reversed(this.nodes);
    const turned = ends(this.backward, reverse(this.folded(text)), [0]);
    const [shortest, longest] = [turned[0], turned.at(-1)];
    return shortest === undefined || longest === undefined
      ? undefined
      : { shortest: text.length - shortest, longest: text.length - longest };
  }
}

/** Code units in reverse, surrogate pairs kept whole. */
function reverse(text: string): string {
  return isSimple(text) ? text.split("").reverse().join("") : [...text].reverse().join("");
}

function isSimple(text: string): boolean {
  return !/[\ud800-\udfff]/.test(text);
}

function reversed(nodes: readonly PatternNode[]): readonly PatternNode[] {
  return nodes
    .map((node): PatternNode => {
      if (node.type === "text") return { type: "text", text: reverse(node.text) };
      if (node.type === "group") return { ...node, choices: node.choices.map(reversed) };
      return node;
    })
    .reverse();
}

function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

/** After the one character at `at`, if the node takes it; -1 otherwise. */
function afterOne(node: PatternNode, text: string, at: number): number {
  if (at >= text.length) return -1;
  if (node.type === "any") return at + widthAt(text, at);
  if (node.type !== "set") return -1;
  return node.has(text.codePointAt(at) ?? 0) === node.negated ? -1 : at + widthAt(text, at);
}

/** Without groups: the star that was met last is the only one that ever has to give way. */
function matchesPlain(nodes: readonly PatternNode[], text: string): boolean {
  let [node, at, star, retry] = [0, 0, -1, 0];
  for (;;) {
    const current = nodes[node];
    let next = -1;
    if (current?.type === "star") {
      [star, retry] = [node, at];
      node++;
      continue;
    }
    if (current === undefined) {
      if (at === text.length) return true;
    } else if (current.type === "text") next = text.startsWith(current.text, at) ? at + current.text.length : -1;
    else next = afterOne(current, text, at);
    if (next >= 0) {
      at = next;
      node++;
    } else {
      if (star < 0 || retry >= text.length) return false;
      retry += widthAt(text, retry);
      [node, at] = [star + 1, retry];
    }
  }
}

/** All places that the nodes can lead to from `starts`; both sorted. */
function ends(nodes: readonly PatternNode[], text: string, starts: readonly number[]): readonly number[] {
  let places = starts;
  for (const node of nodes) {
    if (places.length === 0) return places;
    places = step(node, text, places);
  }
  return places;
}

function step(node: PatternNode, text: string, places: readonly number[]): readonly number[] {
  switch (node.type) {
    case "text":
      return places.filter((at) => text.startsWith(node.text, at)).map((at) => at + node.text.length);
    case "star":
      return from(places[0] as number, text.length);
    case "group":
      return group(node, text, places);
    default:
      return places.map((at) => afterOne(node, text, at)).filter((at) => at >= 0);
  }
}

function from(first: number, last: number): number[] {
  const out: number[] = [];
  for (let at = first; at <= last; at++) out.push(at);
  return out;
}

function group(node: PatternNode & { type: "group" }, text: string, places: readonly number[]): readonly number[] {
  const once = (starts: readonly number[]) => merge(node.choices.map((choice) => ends(choice, text, starts)));
  if (node.operator === "@") return once(places);
  if (node.operator === "?") return merge([places, once(places)]);
  if (node.operator === "!") {
    const out = new Set<number>();
    for (const start of places) {
      const refused = new Set(once([start]));
      for (let at = start; at <= text.length; at++) if (!refused.has(at)) out.add(at);
    }
    return [...out].sort((a, b) => a - b);
  }
  const reached = new Set(node.operator === "*" ? places : []);
  let frontier = places;
  while (frontier.length > 0) {
    frontier = once(frontier).filter((at) => !reached.has(at));
    for (const at of frontier) reached.add(at);
  }
  return [...reached].sort((a, b) => a - b);
}

function merge(sets: readonly (readonly number[])[]): readonly number[] {
  if (sets.length === 1) return sets[0] as readonly number[];
  return [...new Set(sets.flat())].sort((a, b) => a - b);
}
