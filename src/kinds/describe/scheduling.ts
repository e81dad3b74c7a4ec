import { compareText } from "../../base/go-text.ts";
import { formatSelector } from "../../base/selector.ts";
import type { LabelSelector } from "../types/meta.ts";
import type { PodSpec, Toleration } from "../types/pod.ts";
import { writeItems } from "./labels.ts";
import type { Writer } from "./writer.ts";

/** Tolerations, one a line, ordered by key. */
export function writeTolerations(w: Writer, title: string, tolerations: readonly Toleration[] | undefined): void {
  const ordered = (tolerations ?? []).toSorted((a, b) => compareText(a.key ?? "", b.key ?? ""));
  writeItems(w, title, ordered.map(tolerationText));
}

function tolerationText({ key = "", value, effect, operator, tolerationSeconds }: Toleration): string {
  let text = `${key}${value ? `=${value}` : ""}${effect ? `:${effect}` : ""}`;
  if (operator === "Exists" && !value) text += text ? " op=Exists" : "op=Exists";
  return tolerationSeconds === undefined ? text : `${text} for ${tolerationSeconds}s`;
}

interface SpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: string;
  readonly labelSelector?: LabelSelector;
}

/** How pods are to be spread, one rule a line; nothing where there are no rules. */
export function writeSpread(w: Writer, { topologySpreadConstraints }: PodSpec, indent: "" | "  "): void {
  const constraints = (topologySpreadConstraints ?? []) as unknown as readonly SpreadConstraint[];
  constraints
    .toSorted((a, b) => compareText(a.topologyKey, b.topologyKey))
    .forEach(({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector }, i) => {
      w.add(0, i === 0 ? `${indent}Topology Spread Constraints:\t` : `${indent}\t`);
      const selector = labelSelector ? ` for selector ${formatSelector(labelSelector)}` : "";
      w.line(0, `${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded${selector}`);
    });
}
