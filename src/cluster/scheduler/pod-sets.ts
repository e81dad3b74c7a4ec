import { matchesSelector, selectorText } from "../../kinds/label-selector.ts";
import type { LabelSelector } from "../../kinds/types/meta.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { NodeInfo, PodQuery, PodSet } from "./define.ts";
import { type Anchor, anchorsOf, LabelIndex } from "./label-index.ts";

/** So many sets are kept; when there are more, those without pods go, and all if that is not enough. */
const MOST_SETS = 5_000;

const texts = new WeakMap<LabelSelector, string>();

/** A selector as text; what stands in the store is made into text once. */
function textOf(selector: LabelSelector): string {
  let text = texts.get(selector);
  if (text === undefined) {
    text = selectorText(selector);
    texts.set(selector, text);
  }
  return text;
}

class CountedSet implements PodSet {
  total = 0;
  readonly byNode = new Map<NodeInfo, number>();
  readonly anchor: Anchor | undefined;
  readonly namespaces: readonly string[];
  private readonly queries: readonly PodQuery[];
  private readonly living: boolean;
  private readonly byKey = new Map<string, Map<string, number>>();

  constructor(queries: readonly PodQuery[], living: boolean, anchor: Anchor | undefined) {
    this.queries = queries;
    this.living = living;
    this.anchor = anchor;
    this.namespaces = queries[0]?.namespaces ?? [];
  }

  has({ metadata }: Pod): boolean {
    if (this.living && metadata.deletionTimestamp) return false;
    for (const { namespaces, selector } of this.queries)
      if (!namespaces.includes(metadata.namespace ?? "") || !matchesSelector(selector, metadata.labels)) return false;
    return true;
  }

  count(info: NodeInfo, by: number): void {
    this.total += by;
    add(this.byNode, info, by);
    for (const [key, counts] of this.byKey) {
      const domain = info.node.metadata.labels?.[key];
      if (domain !== undefined) add(counts, domain, by);
    }
  }

  domains(topologyKey: string): ReadonlyMap<string, number> {
    let counts = this.byKey.get(topologyKey);
    if (!counts) {
      counts = new Map();
      for (const [{ node }, pods] of this.byNode) {
        const domain = node.metadata.labels?.[topologyKey];
        if (domain !== undefined) add(counts, domain, pods);
      }
      this.byKey.set(topologyKey, counts);
    }
    return counts;
  }
}

function add<K>(counts: Map<K, number>, key: K, by: number): void {
  const now = (counts.get(key) ?? 0) + by;
  if (now === 0) counts.delete(key);
  else counts.set(key, now);
}

/** The sets of placed pods that plugins have asked for, each counted once and then kept up to date pod by pod. */
export class PodSets {
  private readonly nodes: () => readonly NodeInfo[];
  private readonly sets = new Map<string, CountedSet>();
  private readonly byNamespace = new Map<string, LabelIndex<CountedSet>>();
  /** How many placed pods have a label, by namespace, key and value: where it is none, there is nothing to count. */
  private readonly labelled = new Map<string, Map<string, Map<string, number>>>();

  constructor(nodes: () => readonly NodeInfo[]) {
    this.nodes = nodes;
  }

  clear(): void {
    this.sets.clear();
    this.byNamespace.clear();
    this.labelled.clear();
  }

  /** A pod came to a node, or left it. */
  change(pod: Pod, node: NodeInfo, sign: 1 | -1): void {
    const { namespace = "", labels } = pod.metadata;
    let keys = this.labelled.get(namespace);
    if (!keys) {
      keys = new Map();
      this.labelled.set(namespace, keys);
    }
    for (const key in labels) {
      let values = keys.get(key);
      if (!values) {
        values = new Map();
        keys.set(key, values);
      }
      add(values, labels[key] ?? "", sign);
    }
    this.byNamespace.get(namespace)?.visit(labels, (set) => {
      if (set.has(pod)) set.count(node, sign);
    });
  }

  /** The set of the pods that meet all queries; the first query's namespaces are the narrowest. */
  of(queries: readonly PodQuery[], living: boolean): PodSet {
    let key = living ? "living" : "all";
    for (const { namespaces, selector } of queries) key += `|${namespaces.join(",")}|${textOf(selector)}`;
    const known = this.sets.get(key);
    if (known) return known;
    if (this.sets.size >= MOST_SETS) this.thinOut();
    const anchor = this.rarest(queries);
    const set = new CountedSet(queries, living, anchor);
    if (!anchor || this.countOf(set.namespaces, anchor) > 0)
      for (const node of this.nodes()) for (const pod of node.pods.values()) if (set.has(pod)) set.count(node, 1);
    this.sets.set(key, set);
    for (const namespace of set.namespaces) {
      const index = this.byNamespace.get(namespace) ?? new LabelIndex<CountedSet>();
      this.byNamespace.set(namespace, index);
      index.add(set, anchor);
    }
    return set;
  }

  private rarest(queries: readonly PodQuery[]): Anchor | undefined {
    let best: Anchor | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const { namespaces, selector } of queries)
      for (const anchor of anchorsOf(selector)) {
        const count = this.countOf(namespaces, anchor);
        if (count < least) [best, least] = [anchor, count];
      }
    return best;
  }

  private countOf(namespaces: readonly string[], [key, value]: Anchor): number {
    let count = 0;
    for (const namespace of namespaces) count += this.labelled.get(namespace)?.get(key)?.get(value) ?? 0;
    return count;
  }

  private thinOut(): void {
    for (const [key, set] of this.sets) if (set.total === 0) this.drop(key, set);
    if (this.sets.size >= MOST_SETS) for (const [key, set] of this.sets) this.drop(key, set);
  }

  private drop(key: string, set: CountedSet): void {
    this.sets.delete(key);
    for (const namespace of set.namespaces) this.byNamespace.get(namespace)?.delete(set, set.anchor);
  }
}
