import type { Refusal } from "./define.ts";

function count(counts: Map<string, number>, reason: string, by = 1): void {
  counts.set(reason, (counts.get(reason) ?? 0) + by);
}

/** FitError's text (pkg/scheduler/framework/types.go, 1.35): how many nodes refused, by reason; `others` for those not looked at. */
export function refusedByAll(refusals: Iterable<Refusal>, nodes: number, others: string | undefined): string {
  const counts = new Map<string, number>();
  let looked = 0;
  for (const { reasons } of refusals) {
    looked++;
    for (const reason of reasons) count(counts, reason);
  }
  if (looked < nodes && others !== undefined) count(counts, others, nodes - looked);
  const sorted = [...counts].map(([reason, times]) => `${times} ${reason}`).sort();
  return sorted.length > 0
    ? `0/${nodes} nodes are available: ${sorted.join(", ")}.`
    : `0/${nodes} nodes are available:`;
}

/** The same where the pod fits nowhere for a reason of its own. */
export function refusedEverywhere({ reasons }: Refusal, nodes: number): string {
  return `0/${nodes} nodes are available: ${reasons.join(", ")}.`;
}

/** So long may the note of an event be (pkg/scheduler schedule_one.go truncateMessage, 1.35). */
const LONGEST_NOTE = 1024;

/** A message as an event carries it. */
export function noteOf(message: string): string {
  return message.length <= LONGEST_NOTE ? message : `${message.slice(0, LONGEST_NOTE - 4)} ...`;
}
