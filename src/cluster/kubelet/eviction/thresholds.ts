import { type Micros, SECOND } from "../../../base/clock.ts";
import { parseGoDuration } from "../../../base/go-duration.ts";
import { wholeValue } from "../../../base/quantity.ts";

export type Signal = "memory.available" | "nodefs.available" | "imagefs.available" | "pid.available";

/** The signals that are watched, in the order in which they are acted upon: memory first. */
const signals: readonly Signal[] = ["memory.available", "nodefs.available", "imagefs.available", "pid.available"];

/** Below which amount of a resource the node is under pressure: a quantity, or a part of the whole. */
export interface Threshold {
  readonly signal: Signal;
  readonly value: { readonly bytes: number; readonly text: string } | { readonly part: number };
  /** A soft threshold acts after this time. */
  readonly grace: Micros;
  readonly hard: boolean;
  /** How much more than the threshold has to be there before the pressure is over. */
  readonly reclaim: number | { readonly part: number };
}

/** What the kubelet's configuration says of eviction. */
export interface EvictionConfig {
  readonly thresholds: readonly Threshold[];
  /** evictionPressureTransitionPeriod: how long a condition stays after its cause. */
  readonly transition: Micros;
  /** evictionMaxPodGracePeriod: how long pods may take that a soft threshold ends. */
  readonly maxGraceSeconds: number;
}

type Texts = Readonly<Record<string, unknown>> | undefined;

/** DefaultEvictionHard (pkg/kubelet/eviction/defaults_linux.go, 1.35), without inodes. */
const usual = { "memory.available": "100Mi", "nodefs.available": "10%", "imagefs.available": "15%" };

/** Reads the thresholds. What evictionHard does not name has none; without evictionHard the usual ones hold. */
export function readEviction(config: Readonly<Record<string, unknown>>): EvictionConfig {
  const reclaim = config.evictionMinimumReclaim as Texts;
  const graces = config.evictionSoftGracePeriod as Texts;
  const hard: Texts = (config.evictionHard as Texts) ?? usual;
  const soft = config.evictionSoft as Texts;
  const thresholds: Threshold[] = [];
  for (const signal of signals) {
    for (const [texts, isHard] of [
      [hard, true],
      [soft, false],
    ] as const) {
      const text = texts?.[signal];
      if (text === undefined) continue;
      const value = amountIn(String(text));
      if (!value || ("part" in value && (value.part <= 0 || value.part >= 1))) continue;
      const grace = isHard ? 0 : parseGoDuration(String(graces?.[signal] ?? "0s"));
      thresholds.push({ signal, value, grace, hard: isHard, reclaim: reclaimOf(reclaim?.[signal]) });
    }
  }
  const transition = config.evictionPressureTransitionPeriod;
  return {
    thresholds,
    transition: transition === undefined || transition === "0s" ? 300 * SECOND : parseGoDuration(String(transition)),
    maxGraceSeconds: Number(config.evictionMaxPodGracePeriod ?? 0),
  };
}

/** memory.available<100Mi,nodefs.available<10%: a flag's form of a map. */
export function readSigned(text: string, sign: "<" | "="): Record<string, string> {
  const entries = text
    .split(",")
    .filter((item) => item.includes(sign))
    .map((item) => item.split(sign, 2).map((part) => part.trim()));
  return Object.fromEntries(entries) as Record<string, string>;
}

function amountIn(text: string): Threshold["value"] | undefined {
  if (text.endsWith("%")) {
    const part = Number(text.slice(0, -1)) / 100;
    return Number.isNaN(part) ? undefined : { part };
  }
  return { bytes: wholeValue(text), text };
}

function reclaimOf(text: unknown): Threshold["reclaim"] {
  if (text === undefined) return 0;
  const value = amountIn(String(text));
  if (!value) return 0;
  return "part" in value ? value : value.bytes;
}

/** What a threshold amounts to where there is so much in all. */
export function amountAt(value: Threshold["value"], capacity: number): number {
  return "part" in value ? Math.floor(capacity * value.part) : value.bytes;
}

/** Whether so little is there that the threshold is crossed; with `whole`, or that it has not been left far enough behind. */
export function isMet(threshold: Threshold, { available, capacity }: Observation, whole: boolean): boolean {
  const extra = whole ? threshold.reclaim : 0;
  const more = typeof extra === "number" ? extra : Math.floor(capacity * extra.part);
  return available < amountAt(threshold.value, capacity) + more;
}

/** How much of something there is, and how much of it is left. */
export interface Observation {
  readonly capacity: number;
  readonly available: number;
}
