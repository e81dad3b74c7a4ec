import { type Micros, SECOND } from "../../../base/clock.ts";
import type { HorizontalPodAutoscaler, ScalingRules } from "../../../kinds/types/autoscaling.ts";
import type { Report } from "./report.ts";

// kubernetes pkg/controller/podautoscaler/horizontal.go, 1.35.

interface Recommended {
  readonly replicas: number;
  readonly at: Micros;
}

interface Change {
  readonly by: number;
  readonly at: Micros;
}

/** What the controller remembers of an autoscaler as long as it runs. */
export interface Memory {
  recommendations: Recommended[];
  ups: Change[];
  downs: Change[];
}

/** What the last metrics ask for. */
interface Wish {
  readonly current: number;
  readonly desired: number;
  readonly min: number;
  readonly max: number;
}

interface Verdict {
  readonly replicas: number;
  readonly reason: string;
  readonly message: string;
}

const within = ["DesiredWithinRange", "the desired count is within the acceptable range"] as const;
const tooMany = ["TooManyReplicas", "the desired replica count is more than the maximum replica count"] as const;
const tooFew = ["TooFewReplicas", "the desired replica count is less than the minimum replica count"] as const;
const tooFast = ["ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate"] as const;
const tooSoonDown = [
  "ScaleDownLimit",
  "the desired replica count is decreasing faster than the maximum scale rate",
] as const;
const lower = "recent recommendations were lower than current one, applying the lowest recent recommendation";
const higher = "recent recommendations were higher than current one, applying the highest recent recommendation";

/** The number of replicas that may be had now of those that are wished for; says in the conditions why others are not. */
export function limited(
  { spec }: HorizontalPodAutoscaler,
  wish: Wish,
  memory: Memory,
  report: Report,
  now: Micros,
  downscaleWindow: Micros,
): number {
  const { scaleUp: up, scaleDown: down } = spec.behavior ?? {};
  const stable =
    up && down
      ? stabilizedBoth(wish, memory, now, up, down, downscaleWindow)
      : stabilized(wish, memory, now, downscaleWindow);
  if (stable.replicas === wish.desired)
    report.say("AbleToScale", "True", "ReadyForNewScale", "recommended size matches current size");
  else report.say("AbleToScale", "True", stable.reason, stable.message);
  const asked = { ...wish, desired: stable.replicas };
  const verdict = up && down ? byRules(asked, memory, now, up, down) : byFactor(asked);
  const isLimited = verdict.replicas !== stable.replicas;
  report.say("ScalingLimited", isLimited ? "True" : "False", verdict.reason, verdict.message);
  return verdict.replicas;
}

/** Keeps in mind what was done, where rules will ask for it. */
export function remember(
  { spec }: HorizontalPodAutoscaler,
  memory: Memory,
  from: number,
  to: number,
  now: Micros,
): void {
  if (!spec.behavior) return;
  const [list, rules] = to > from ? [memory.ups, spec.behavior.scaleUp] : [memory.downs, spec.behavior.scaleDown];
  const longest = Math.max(0, ...(rules?.policies ?? []).map(({ periodSeconds }) => periodSeconds));
  const kept = list.filter(({ at }) => at >= now - longest * SECOND);
  kept.push({ by: Math.abs(to - from), at: now });
  if (to > from) memory.ups = kept;
  else memory.downs = kept;
}

/** The highest of what was recommended lately: what goes up and down does not shrink what it just needed. */
function stabilized({ desired }: Wish, memory: Memory, now: Micros, window: Micros): Verdict {
  const recent = memory.recommendations.filter(({ at }) => at >= now - window);
  const replicas = Math.max(desired, ...recent.map((one) => one.replicas));
  memory.recommendations = [...recent, { replicas: desired, at: now }];
  return { replicas, reason: "ScaleDownStabilized", message: higher };
}

function stabilizedBoth(
  { current, desired }: Wish,
  memory: Memory,
  now: Micros,
  up: ScalingRules,
  down: ScalingRules,
  downscaleWindow: Micros,
): Verdict {
  const upFrom = now - (up.stabilizationWindowSeconds ?? 0) * SECOND;
  const downFrom =
    down.stabilizationWindowSeconds === undefined
      ? now - downscaleWindow
      : now - down.stabilizationWindowSeconds * SECOND;
  const since = (from: Micros) => memory.recommendations.filter(({ at }) => at > from).map(({ replicas }) => replicas);
  const lowest = Math.min(desired, ...since(upFrom));
  const highest = Math.max(desired, ...since(downFrom));
  const oldest = Math.min(upFrom, downFrom);
  memory.recommendations = [...memory.recommendations.filter(({ at }) => at >= oldest), { replicas: desired, at: now }];
  const replicas = Math.min(Math.max(current, lowest), highest);
  return desired >= current
    ? { replicas, reason: "ScaleUpStabilized", message: lower }
    : { replicas, reason: "ScaleDownStabilized", message: higher };
}

function verdict(replicas: number, [reason, message]: readonly [string, string]): Verdict {
  return { replicas, reason, message };
}

/** Without rules of its own: twice as many at most, or four. */
export function byFactor({ current, desired, min, max }: Wish): Verdict {
  const limit = Math.max(2 * current, 4);
  if (desired < min) return verdict(min, tooFew);
  if (max > limit && desired > limit) return verdict(limit, tooFast);
  if (desired > max) return verdict(max, tooMany);
  return verdict(desired, within);
}

/** As fast as the policies allow. */
export function byRules(
  { current, desired, min, max }: Wish,
  memory: Memory,
  now: Micros,
  up: ScalingRules,
  down: ScalingRules,
): Verdict {
  if (desired > current) {
    const limit = Math.max(reach(current, memory, now, up, 1), current);
    if (max > limit) return desired > limit ? verdict(limit, tooFast) : verdict(desired, within);
    return desired > max ? verdict(max, tooMany) : verdict(desired, within);
  }
  if (desired < current) {
    const limit = Math.min(reach(current, memory, now, down, -1), current);
    if (min < limit) return desired < limit ? verdict(limit, tooSoonDown) : verdict(desired, within);
    return desired < min ? verdict(min, tooFew) : verdict(desired, within);
  }
  return verdict(desired, within);
}

/** How many replicas there may be after the next step in a direction. */
function reach(current: number, { ups, downs }: Memory, now: Micros, rules: ScalingRules, way: 1 | -1): number {
  if (rules.selectPolicy === "Disabled") return current;
  const proposals = (rules.policies ?? []).map(({ type, value, periodSeconds }) => {
    const lately = (changes: readonly Change[]) =>
      changes.filter(({ at }) => at > now - periodSeconds * SECOND).reduce((sum, { by }) => sum + by, 0);
    const start = current - lately(ups) + lately(downs);
    if (type === "Pods") return start + way * value;
    const share = start * (1 + (way * value) / 100);
    return way > 0 ? Math.ceil(share) : Math.trunc(share);
  });
  const widest = rules.selectPolicy !== "Min";
  return way > 0 === widest ? Math.max(...proposals) : Math.min(...proposals);
}
