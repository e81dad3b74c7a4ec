import type { Pod } from "../../../../kinds/types/pod.ts";

/** A node on which a pod would fit without some of those that are there. */
export interface Candidate {
  readonly node: string;
  /** The most important first. */
  readonly victims: readonly Pod[];
  /** How many of them a budget protects. */
  readonly violations: number;
}

const priorityOf = (pod: Pod | undefined) => pod?.spec.priority ?? 0;

/** When the first of the most important victims started. */
function earliestStart({ victims }: Candidate): string {
  const highest = priorityOf(victims[0]);
  const starts = victims.filter((pod) => priorityOf(pod) === highest).map(({ status }) => status?.startTime ?? "~");
  return starts.sort()[0] ?? "~";
}

/** What decides, in this order: the lowest wins (preemption.go pickOneNodeForPreemption, 1.35). */
const measures: readonly ((candidate: Candidate) => number)[] = [
  ({ violations }) => violations,
  ({ victims }) => priorityOf(victims[0]),
  ({ victims }) => victims.reduce((sum, pod) => sum + priorityOf(pod) + 2 ** 31, 0),
  ({ victims }) => victims.length,
];

/** The candidate that does the least harm. */
export function bestCandidate(candidates: readonly [Candidate, ...Candidate[]]): Candidate {
  let left: readonly Candidate[] = candidates;
  for (const measure of measures) {
    const least = Math.min(...left.map(measure));
    left = left.filter((candidate) => measure(candidate) === least);
  }
  // The one whose victims have run for the shortest time.
  const latest = left.map(earliestStart).sort().at(-1);
  return left.find((candidate) => earliestStart(candidate) === latest) ?? candidates[0];
}
