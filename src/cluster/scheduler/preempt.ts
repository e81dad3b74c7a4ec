import type { Micros } from "../../base/clock.ts";
import { rfc3339 } from "../../base/time.ts";
import type { Condition } from "../../kinds/types/meta.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Api } from "../apiserver/define.ts";
import type { Reporter } from "./report.ts";

/** A pod that gets room on a node, and who leaves for it. */
interface Preemption {
  readonly pod: Pod;
  readonly node: string;
  readonly victims: readonly Pod[];
  /** Those who have been promised room there. */
  readonly others: readonly Pod[];
  readonly reporter: Reporter;
  readonly now: Micros;
}

/** Makes room: less important pods lose what they were promised, and the victims are deleted (preemption.go, 1.35). */
export function preempt(api: Api, { pod, node, victims, others, reporter, now }: Preemption): void {
  const priority = pod.spec.priority ?? 0;
  for (const other of others)
    if ((other.spec.priority ?? 0) < priority)
      api.modify<Pod>(
        other,
        (current) => {
          const { nominatedNodeName, ...status } = current.status ?? {};
          return nominatedNodeName === undefined ? current : { ...current, status };
        },
        "status",
      );
  const message = `Preempted by pod ${pod.metadata.uid} on node ${node}`;
  for (const victim of victims) {
    if (victim.metadata.deletionTimestamp) continue;
    api.modify<Pod>(victim, (current) => targeted(current, reporter.reporter, now), "status");
    api.delete(victim);
    const event = { type: "Normal", reason: "Preempted", action: "Preempting", message } as const;
    api.event(victim, { ...event, related: pod, ...reporter });
  }
}

function targeted(pod: Pod, schedulerName: string, now: Micros): Pod {
  const conditions = pod.status?.conditions ?? [];
  const condition: Condition = {
    type: "DisruptionTarget",
    status: "True",
    observedGeneration: pod.metadata.generation,
    lastProbeTime: null,
    lastTransitionTime: rfc3339(now),
    reason: "PreemptionByScheduler",
    message: `${schedulerName}: preempting to accommodate a higher priority pod`,
  };
  const others = conditions.filter(({ type }) => type !== "DisruptionTarget");
  return { ...pod, status: { ...pod.status, conditions: [...others, condition] } };
}
