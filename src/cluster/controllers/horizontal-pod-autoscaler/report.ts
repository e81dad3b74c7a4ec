import type { HorizontalPodAutoscaler } from "../../../kinds/types/autoscaling.ts";
import type { Condition } from "../../../kinds/types/meta.ts";

type State = NonNullable<HorizontalPodAutoscaler["status"]>;

/** The status of an autoscaler as it is being worked out. */
export class Report {
  private readonly before: State | undefined;
  private readonly now: string;
  private readonly conditions: Condition[];

  constructor({ status }: HorizontalPodAutoscaler, now: string) {
    this.before = status;
    this.now = now;
    this.conditions = [...(status?.conditions ?? [])];
  }

  say(type: string, state: Condition["status"], reason: string, message: string): void {
    const at = this.conditions.findIndex((condition) => condition.type === type);
    const old = this.conditions[at];
    const since = old?.status === state ? (old.lastTransitionTime ?? this.now) : this.now;
    const next: Condition = { type, status: state, lastTransitionTime: since, reason, message };
    if (at < 0) this.conditions.push(next);
    else this.conditions[at] = next;
  }

  /** The old status with new conditions: nothing is known of the target. */
  unknown(): State {
    return { ...this.before, desiredReplicas: this.before?.desiredReplicas ?? 0, conditions: this.conditions };
  }

  /** The status made anew (setStatus of horizontal.go, 1.35). */
  made(current: number, desired: number | undefined, metrics: State["currentMetrics"], rescaled: boolean): State {
    const lastScaleTime = rescaled ? this.now : this.before?.lastScaleTime;
    return {
      ...(current === 0 ? {} : { currentReplicas: current }),
      desiredReplicas: desired ?? this.before?.desiredReplicas ?? 0,
      ...(lastScaleTime ? { lastScaleTime } : {}),
      currentMetrics: metrics ?? null,
      conditions: this.conditions,
    };
  }
}
