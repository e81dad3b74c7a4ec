import type { Node } from "../../kinds/types/core.ts";
import type { ClusterEvent } from "./define.ts";

/** The node that came, or whose `of` changed; undefined for all other events. */
export function newNode(event: ClusterEvent, of: (node: Node) => unknown): Node | undefined {
  if (event.of !== "node" || event.type === "DELETED") return undefined;
  if (event.type === "ADDED" || !event.old) return event.object;
  const [now, before] = [of(event.object), of(event.old)];
  return now === before || JSON.stringify(now) === JSON.stringify(before) ? undefined : event.object;
}

/** Whether a pod left its node. */
export function podLeft(event: ClusterEvent): boolean {
  return event.of === "pod" && event.type === "DELETED";
}

/** Whether an event is about an object of these kinds. */
export function storageChanged(event: ClusterEvent, ...kinds: readonly string[]): boolean {
  return event.of === "storage" && event.type !== "DELETED" && kinds.includes(event.object.kind);
}

/** Fills the scores so that the highest becomes 100, in whole numbers; `reverse`: the highest becomes 0 (helper DefaultNormalizeScore, 1.35). */
export function normalizeScores(scores: Float64Array, reverse = false): void {
  let most = 0;
  for (const score of scores) if (score > most) most = score;
  for (let i = 0; i < scores.length; i++) {
    const score = most === 0 ? 0 : Math.floor((100 * (scores[i] ?? 0)) / most);
    scores[i] = reverse ? 100 - score : score;
  }
}
