import { type Micros, SECOND } from "../../../base/clock.ts";
import type { JsonObject } from "../../../base/json.ts";
import { rfc3339 } from "../../../base/time.ts";
import { equal } from "../../../kinds/equal.ts";
import { Status } from "../../../kinds/status.ts";
import type { HorizontalPodAutoscaler, MetricStatus } from "../../../kinds/types/autoscaling.ts";
import { type Api, Unreachable } from "../../apiserver/define.ts";
import type { ControllerTools, KeepingController, Key } from "../define.ts";
import { limited, type Memory, remember } from "./limits.ts";
import { read, tolerancesOf } from "./metrics.ts";
import { Report } from "./report.ts";
import { settingsOf } from "./settings.ts";
import { Selectors, type Target, targetOf, Unselected } from "./targets.ts";

/** Sets the number of replicas by what pods use (kubernetes pkg/controller/podautoscaler/horizontal.go, 1.35). */
export const horizontalPodAutoscaler: KeepingController = {
  name: "horizontal-pod-autoscaler-controller",
  account: "horizontal-pod-autoscaler",
  source: "horizontal-pod-autoscaler",
  begin(api, tools) {
    const work = new Autoscaling(api, tools);
    return [
      {
        for: "horizontalpodautoscalers.autoscaling",
        concerns: (_object, _old, type) => type !== "MODIFIED",
        reconcile: (_api, object, key) => work.look(object as HorizontalPodAutoscaler | undefined, key),
      },
    ];
  },
};

type State = NonNullable<HorizontalPodAutoscaler["status"]>;

/** What the metrics ask for. */
interface Asked {
  readonly replicas: number;
  readonly name: string;
  readonly statuses: readonly MetricStatus[];
}

/** How many replicas there shall be, and why. */
interface Decision {
  readonly replicas: number;
  readonly why: string;
  readonly statuses: readonly MetricStatus[] | undefined;
  readonly rescales: boolean;
}

/** No replicas can be told: the status says so. */
interface Undecided {
  readonly state: State;
  readonly message: string;
}

class Autoscaling {
  private readonly api: Api;
  private readonly tools: ControllerTools;
  private readonly settings: ReturnType<typeof settingsOf>;
  private readonly selectors = new Selectors();
  private readonly memories = new Map<string, Memory>();
  /** When each is looked at next: every so often since it came, whatever happens to it (rate_limiters.go, 1.35). */
  private readonly due = new Map<string, Micros>();

  constructor(api: Api, tools: ControllerTools) {
    this.api = api;
    this.tools = tools;
    this.settings = settingsOf(tools);
  }

  look(object: HorizontalPodAutoscaler | undefined, { namespace, name }: Key): { againIn: number } | undefined {
    const key = `${namespace}/${name}`;
    const { now } = this.tools.clock;
    const { period } = this.settings;
    if (!object) {
      for (const kept of [this.selectors, this.memories, this.due]) kept.delete(key);
      return undefined;
    }
    this.selectors.add(key);
    const due = this.due.get(key) ?? now + period;
    this.due.set(key, due > now ? due : now + period);
    if (due > now) return { againIn: (due - now) / SECOND };
    try {
      this.scale(object, key);
    } catch (error) {
      // Whatever went wrong, the next look is not sooner.
      if (!(error instanceof Status || error instanceof Unreachable)) throw error;
    }
    return { againIn: period / SECOND };
  }

  private scale(object: HorizontalPodAutoscaler, key: string): void {
    const report = new Report(object, rfc3339(this.tools.clock.now));
    const target = targetOf(this.api, object);
    if (typeof target === "string") {
      this.api.event(object, { type: "Warning", reason: "FailedGetScale", message: target });
      const message = `the HPA controller was unable to get the target's current scale: ${target}`;
      report.say("AbleToScale", "False", "FailedGetScale", message);
      this.write(object, report.unknown());
      return;
    }
    const could = "the HPA controller was able to get the target's current scale";
    report.say("AbleToScale", "True", "SucceededGetScale", could);
    const { now } = this.tools.clock;
    const memory = this.memories.get(key) ?? {
      recommendations: [{ replicas: target.replicas, at: now }],
      ups: [],
      downs: [],
    };
    this.memories.set(key, memory);
    const decision = this.decide(object, target, report, memory);
    if ("message" in decision) {
      this.write(object, decision.state);
      this.api.event(object, {
        type: "Warning",
        reason: "FailedComputeMetricsReplicas",
        message: decision.message,
      });
      return;
    }
    const { replicas, statuses, rescales } = decision;
    if (rescales && !this.rescale(object, target, decision, report)) {
      this.write(object, report.made(target.replicas, undefined, metricsOf(statuses), false));
      return;
    }
    if (rescales) remember(object, memory, target.replicas, replicas, now);
    const desired = rescales ? replicas : target.replicas;
    this.write(object, report.made(target.replicas, desired, metricsOf(statuses), rescales));
  }

  private decide(
    object: HorizontalPodAutoscaler,
    target: Target,
    report: Report,
    memory: Memory,
  ): Decision | Undecided {
    const { minReplicas: min = 1, maxReplicas: max } = object.spec;
    const { replicas: current } = target;
    const simply = (replicas: number, why: string) => ({ replicas, why, statuses: undefined, rescales: true });
    if (current === 0 && min !== 0) {
      const message = "scaling is disabled since the replica count of the target is zero";
      report.say("ScalingActive", "False", "ScalingDisabled", message);
      return { ...simply(0, ""), rescales: false };
    }
    if (current > max) return simply(max, "Current number of replicas above Spec.MaxReplicas");
    if (current < min) return simply(min, "Current number of replicas below Spec.MinReplicas");
    const asked = this.measure(object, target, report);
    if ("message" in asked) return asked;
    const desired = Math.max(asked.replicas, 0);
    const why = desired > current ? `${asked.name} above target` : desired < current ? "All metrics below target" : "";
    const { now } = this.tools.clock;
    const wish = { current, desired, min, max };
    const replicas = limited(object, wish, memory, report, now, this.settings.downscaleWindow);
    return { replicas, why, statuses: asked.statuses, rescales: replicas !== current };
  }

  /** Asks every metric; the one that wants most wins. Some that say nothing keep the rest from scaling down. */
  private measure(object: HorizontalPodAutoscaler, target: Target, report: Report): Asked | Undecided {
    const { metrics = [] } = object.spec;
    const namespace = object.metadata.namespace ?? "";
    const undecided = (message: string, statuses?: readonly MetricStatus[]) => ({
      message,
      state: report.made(target.replicas, undefined, metricsOf(statuses), false),
    });
    let pods: ReturnType<Selectors["podsOf"]>;
    try {
      pods = this.selectors.podsOf(this.api, object, target.selector);
    } catch (error) {
      if (!(error instanceof Unselected)) throw error;
      this.api.event(object, { type: "Warning", reason: error.reason, message: error.message });
      report.say("ScalingActive", "False", error.condition.reason, error.condition.message);
      return undecided(error.message);
    }
    const { settings, api } = this;
    const { selector, replicas: current, counted } = target;
    const tolerances = tolerancesOf(object, settings.tolerance);
    const { now } = this.tools.clock;
    const measuring = { api, namespace, selector, counted, pods, replicas: current, tolerances, settings, now };
    let [most, name]: [number, string] = [0, ""];
    const statuses: MetricStatus[] = [];
    const faults: { fault: string; reason: string; summary: string }[] = [];
    for (const metric of metrics) {
      const reading = read(measuring, metric);
      statuses.push("fault" in reading ? { type: "" } : reading.status);
      if ("fault" in reading) {
        api.event(object, { type: "Warning", reason: reading.reason, message: reading.fault });
        faults.push(reading);
      } else if (most === 0 || reading.replicas > most) [most, name] = [reading.replicas, reading.name];
    }
    const [first] = faults;
    if (first && (faults.length === metrics.length || most < current)) {
      const message = `the HPA was unable to compute the replica count: ${first.fault}`;
      report.say("ScalingActive", "False", first.reason, message);
      const all = `invalid metrics (${faults.length} invalid out of ${metrics.length}), first error is: ${first.summary}`;
      return undecided(all, statuses);
    }
    const found = `the HPA was able to successfully calculate a replica count from ${name}`;
    report.say("ScalingActive", "True", "ValidMetricFound", found);
    return { replicas: most, name, statuses };
  }

  private rescale(
    object: HorizontalPodAutoscaler,
    { path, scale }: Target,
    { replicas, why }: Decision,
    report: Report,
  ): boolean {
    const said = `New size: ${replicas}; reason: ${why}`;
    try {
      const body = { ...scale, spec: { ...(scale.spec as JsonObject | undefined), replicas } };
      this.api.ask({ path, body });
    } catch (error) {
      if (!(error instanceof Status)) throw error;
      const { message } = error;
      this.api.event(object, { type: "Warning", reason: "FailedRescale", message: `${said}; error: ${message}` });
      const failed = `the HPA controller was unable to update the target scale: ${message}`;
      report.say("AbleToScale", "False", "FailedUpdateScale", failed);
      return false;
    }
    const done = `the HPA controller was able to update the target scale to ${replicas}`;
    report.say("AbleToScale", "True", "SucceededRescale", done);
    this.api.event(object, { type: "Normal", reason: "SuccessfulRescale", message: said });
    return true;
  }

  private write(object: HorizontalPodAutoscaler, status: State): void {
    if (equal(status, object.status)) return;
    try {
      this.api.modify<HorizontalPodAutoscaler>(object, (current) => ({ ...current, status }), "status");
    } catch (error) {
      if (!(error instanceof Status)) throw error;
      this.api.event(object, { type: "Warning", reason: "FailedUpdateStatus", message: error.message });
    }
  }
}

function metricsOf(statuses: readonly MetricStatus[] | undefined): MetricStatus[] | null {
  return statuses === undefined ? null : [...statuses];
}
