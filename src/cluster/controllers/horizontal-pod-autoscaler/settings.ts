import { type Micros, SECOND } from "../../../base/clock.ts";
import { parseGoDuration } from "../../../base/go-duration.ts";
import type { ControllerTools } from "../define.ts";

/** How the autoscaler works: the --horizontal-pod-autoscaler-… flags (podautoscaler/config/v1alpha1/defaults.go, 1.35). */
export interface Settings {
  /** How often an autoscaler is looked at. */
  readonly period: Micros;
  /** By how much of the target a metric may be off before anything is done. */
  readonly tolerance: number;
  /** For how long what was recommended holds against scaling down. */
  readonly downscaleWindow: Micros;
  /** For how long after its start a pod's CPU says little. */
  readonly cpuInitialization: Micros;
  /** A pod that became unready within this time was never ready. */
  readonly readinessDelay: Micros;
}

/** What the flags of the controller manager say. */
export function settingsOf({ flags }: Pick<ControllerTools, "flags">): Settings {
  const span = (name: string, usual: Micros) => {
    const text = flags[`horizontal-pod-autoscaler-${name}`];
    return text === undefined ? usual : parseGoDuration(text);
  };
  return {
    period: span("sync-period", 15 * SECOND),
    tolerance: Number(flags["horizontal-pod-autoscaler-tolerance"] ?? 0.1),
    downscaleWindow: span("downscale-stabilization", 300 * SECOND),
    cpuInitialization: span("cpu-initialization-period", 300 * SECOND),
    readinessDelay: span("initial-readiness-delay", 30 * SECOND),
  };
}
