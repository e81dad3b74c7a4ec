import { type Micros, SECOND } from "../../../base/clock.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import { endedAt } from "./pods.ts";

/** Job pods that fail are replaced after 10 s, 20 s, 40 s … at most 10 min (job_controller.go, 1.35). */
const FIRST = 10 * SECOND;
const MOST = 600 * SECOND;

/** How often pods have failed since one succeeded, and when last. */
export interface BackOff {
  readonly failures: number;
  readonly lastAt: Micros | undefined;
}

export const noBackOff: BackOff = { failures: 0, lastAt: undefined };

/** What a back-off becomes when pods have ended (backoff_utils.go newBackoffRecord, 1.35). */
export function backOffAfter(before: BackOff, succeeded: readonly Pod[], failed: readonly Pod[]): BackOff {
  if (succeeded.length === 0 && failed.length === 0) return before;
  const lastSuccess = Math.max(-1, ...succeeded.map(endedAt));
  const later = failed.map(endedAt).filter((at) => at > lastSuccess);
  const { failures, lastAt } = succeeded.length === 0 ? before : noBackOff;
  if (later.length === 0) return { failures, lastAt };
  return { failures: failures + later.length, lastAt: Math.max(...later) };
}

/** How long the next pod has to wait after so many failures, the last at a time. */
export function waitAfter(failures: number, lastAt: Micros | undefined, now: Micros): Micros {
  if (failures === 0 || lastAt === undefined) return 0;
  const wait = Math.min(FIRST * 2 ** (failures - 1), MOST);
  return Math.max(0, lastAt + wait - now);
}
