import { matchesSelector, selectorText } from "../../kinds/label-selector.ts";
import type { Pod, PodAffinityTerm } from "../../kinds/types/pod.ts";
import type { NodeInfo, PlacedTerm, TermEffect } from "./define.ts";
import { type Anchor, anchorsOf, LabelIndex } from "./label-index.ts";
import { selectorOfTerm } from "./term-selector.ts";

class CountedTerm implements PlacedTerm {
  readonly effect: TermEffect;
  readonly term: PodAffinityTerm;
  readonly weight: number;
  readonly owner: Pod;
  readonly anchor: Anchor | undefined;
  readonly domains = new Map<string, number>();
  pods = 0;

  constructor(effect: TermEffect, term: PodAffinityTerm, weight: number, owner: Pod) {
    this.effect = effect;
    this.term = term;
    this.weight = weight;
    this.owner = owner;
    this.anchor = anchorsOf(selectorOfTerm(term, owner) ?? {})[0];
  }
}

function visitTerms(pod: Pod, visit: (effect: TermEffect, term: PodAffinityTerm, weight: number) => void): void {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  for (const term of podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []) visit("repels", term, 0);
  for (const term of podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []) visit("attracts", term, 0);
  for (const { podAffinityTerm, weight } of podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
    visit("prefers", podAffinityTerm, weight);
  for (const { podAffinityTerm, weight } of podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
    visit("prefers", podAffinityTerm, -weight);
}

/** What placed pods want of others near them; pods that say the same of the same count as one. */
export class PlacedTerms {
  private readonly labelsOfNamespace: (name: string) => Readonly<Record<string, string>> | undefined;
  private readonly terms = new Map<string, CountedTerm>();
  private readonly index = new LabelIndex<CountedTerm>();

  constructor(labelsOfNamespace: (name: string) => Readonly<Record<string, string>> | undefined) {
    this.labelsOfNamespace = labelsOfNamespace;
  }

  clear(): void {
    for (const term of this.terms.values()) this.index.delete(term, term.anchor);
    this.terms.clear();
  }

  /** A pod came to a node, or left it. */
  change(pod: Pod, { node }: NodeInfo, sign: 1 | -1): void {
    if (!pod.spec.affinity) return;
    visitTerms(pod, (effect, term, weight) => {
      const counted = this.counted(effect, term, weight, pod);
      counted.pods += sign;
      const domain = node.metadata.labels?.[term.topologyKey];
      if (domain !== undefined) {
        const count = (counted.domains.get(domain) ?? 0) + sign;
        if (count > 0) counted.domains.set(domain, count);
        else counted.domains.delete(domain);
      }
      if (counted.pods === 0) this.drop(effect, term, weight, pod);
    });
  }

  private counted(effect: TermEffect, term: PodAffinityTerm, weight: number, owner: Pod): CountedTerm {
    const key = keyOf(effect, term, weight, owner);
    let counted = this.terms.get(key);
    if (!counted) {
      counted = new CountedTerm(effect, term, weight, owner);
      this.terms.set(key, counted);
      this.index.add(counted, counted.anchor);
    }
    return counted;
  }

  private drop(effect: TermEffect, term: PodAffinityTerm, weight: number, owner: Pod): void {
    const key = keyOf(effect, term, weight, owner);
    const counted = this.terms.get(key);
    if (counted) this.index.delete(counted, counted.anchor);
    this.terms.delete(key);
  }

  /** The terms that speak of a pod. */
  about(pod: Pod): readonly PlacedTerm[] {
    const found: PlacedTerm[] = [];
    if (this.index.empty) return found;
    this.index.visit(pod.metadata.labels, (counted) => {
      if (this.concerns(counted.term, counted.owner, pod)) found.push(counted);
    });
    return found;
  }

  /** Whether a term speaks of `other`: its namespaces (the owner's own where none are named) and labels. */
  concerns(term: PodAffinityTerm, owner: Pod, other: Pod): boolean {
    const { namespace = "" } = other.metadata;
    const { namespaces = [], namespaceSelector } = term;
    const named =
      namespaces.includes(namespace) ||
      (namespaces.length === 0 && !namespaceSelector && namespace === owner.metadata.namespace);
    if (!named && !(namespaceSelector && matchesSelector(namespaceSelector, this.labelsOfNamespace(namespace))))
      return false;
    return matchesSelector(selectorOfTerm(term, owner), other.metadata.labels);
  }
}

function keyOf(effect: TermEffect, term: PodAffinityTerm, weight: number, owner: Pod): string {
  const { namespaces = [], namespaceSelector, topologyKey } = term;
  const home = namespaces.length > 0 ? namespaces.join(",") : namespaceSelector ? "" : owner.metadata.namespace;
  const wide = namespaceSelector ? `{${selectorText(namespaceSelector)}}` : "";
  const selector = selectorOfTerm(term, owner);
  return `${effect}|${weight}|${topologyKey}|${home}${wide}|${selector ? selectorText(selector) : "none"}`;
}
