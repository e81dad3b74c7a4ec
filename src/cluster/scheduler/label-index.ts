import type { LabelSelector } from "../../kinds/types/meta.ts";

type Labels = Readonly<Record<string, string>> | undefined;

/** A label that everything a selector selects must have. */
export type Anchor = readonly [key: string, value: string];

/** The labels that a selector asks for by their one value. */
export function anchorsOf({ matchLabels, matchExpressions }: LabelSelector): Anchor[] {
  const anchors: Anchor[] = Object.entries(matchLabels ?? {});
  for (const { key, operator, values = [] } of matchExpressions ?? [])
    if (operator === "In" && values.length === 1) anchors.push([key, values[0] ?? ""]);
  return anchors;
}

/** Things that select by labels, found by the labels of what they may select: one anchor each, or none. */
export class LabelIndex<T> {
  private readonly anchored = new Map<string, Map<string, Set<T>>>();
  private readonly others = new Set<T>();

  add(item: T, anchor: Anchor | undefined): void {
    if (!anchor) {
      this.others.add(item);
      return;
    }
    const [key, value] = anchor;
    const values = this.anchored.get(key) ?? new Map<string, Set<T>>();
    this.anchored.set(key, values);
    const items = values.get(value) ?? new Set<T>();
    values.set(value, items);
    items.add(item);
  }

  delete(item: T, anchor: Anchor | undefined): void {
    this.others.delete(item);
    const items = anchor && this.anchored.get(anchor[0])?.get(anchor[1]);
    if (!anchor || !items?.delete(item) || items.size > 0) return;
    this.anchored.get(anchor[0])?.delete(anchor[1]);
  }

  get empty(): boolean {
    return this.anchored.size === 0 && this.others.size === 0;
  }

  /** Calls `visit` for everything that may select these labels. */
  visit(labels: Labels, visit: (item: T) => void): void {
    if (this.anchored.size > 0)
      for (const key in labels)
        this.anchored
          .get(key)
          ?.get(labels[key] ?? "")
          ?.forEach(visit);
    if (this.others.size > 0) this.others.forEach(visit);
  }
}
