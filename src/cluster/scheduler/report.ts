import type { Micros } from "../../base/clock.ts";
import { rfc3339 } from "../../base/time.ts";
import type { Condition } from "../../kinds/types/meta.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Api } from "../apiserver/define.ts";
import { noteOf } from "./refusal-text.ts";

/** Who speaks in events: a profile, and the host it runs on. */
export interface Reporter {
  readonly reporter: string;
  readonly instance?: string;
}

/** Why a pod was not scheduled, and where it has been promised room. */
interface ScheduleFailure {
  readonly reason: "Unschedulable" | "SchedulerError";
  readonly message: string;
  /** undefined: as before; "": nowhere any more. */
  readonly nominate?: string | undefined;
  readonly now: Micros;
  readonly reporter: Reporter;
}

/** Says in an event and in the pod's status that it was not scheduled (schedule_one.go handleSchedulingFailure, 1.35). */
export function reportFailure(api: Api, pod: Pod, failure: ScheduleFailure): void {
  const { reason, message, nominate, now, reporter } = failure;
  const event = { type: "Warning", reason: "FailedScheduling", action: "Scheduling" } as const;
  api.event(pod, { ...event, message: noteOf(message), ...reporter });
  api.modify<Pod>(
    pod,
    (current) => {
      const conditions = current.status?.conditions ?? [];
      const known = conditions.find((c) => c.type === "PodScheduled");
      const told = known?.status === "False" && known.message === message && known.reason === reason;
      const nominated = current.status?.nominatedNodeName ?? "";
      const promise = nominate ?? nominated;
      if (told && promise === nominated) return current;
      const { nominatedNodeName: _, ...status } = current.status ?? {};
      const since = known?.status === "False" ? known.lastTransitionTime : rfc3339(now);
      const condition: Condition = {
        type: "PodScheduled",
        status: "False",
        observedGeneration: current.metadata.generation,
        lastProbeTime: null,
        lastTransitionTime: since ?? null,
        reason,
        message,
      };
      const others = conditions.filter((c) => c.type !== "PodScheduled");
      const promised = promise === "" ? {} : { nominatedNodeName: promise };
      return { ...current, status: { ...status, ...promised, conditions: told ? conditions : [...others, condition] } };
    },
    "status",
  );
}
