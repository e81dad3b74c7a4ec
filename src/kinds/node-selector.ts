import type { KubeObject } from "./types/meta.ts";
import type { NodeSelectorRequirement, NodeSelectorTerm } from "./types/pod.ts";

/** Whether a node fits one of the terms; terms are alternatives, and an empty one fits nothing (nodeaffinity, 1.35). */
export function matchesNodeTerms(terms: readonly NodeSelectorTerm[] | undefined, node: KubeObject): boolean {
  return (terms ?? []).some((term) => matchesNodeTerm(term, node));
}

export function matchesNodeTerm(term: NodeSelectorTerm, node: KubeObject): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  const labels = node.metadata.labels ?? {};
  return (
    matchExpressions.every((r) => meets(r, labels[r.key])) &&
    matchFields.every((r) => meets(r, r.key === "metadata.name" ? node.metadata.name : undefined))
  );
}

function meets({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return isWhole(value) && isWhole(values[0]) && Number(value) > Number(values[0]);
    case "Lt":
      return isWhole(value) && isWhole(values[0]) && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

function isWhole(text: string | undefined): boolean {
  return text !== undefined && /^[+-]?\d+$/.test(text);
}
