import type { Service } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";

interface Seen {
  readonly service: string;
  readonly pods: ReadonlyMap<string, string>;
}

/** When what the endpoints of each Service show came to be, as far as it is new since the look before (k8s.io/endpointslice util TriggerTimeTracker, 0.35). */
export class TriggerTimes {
  private readonly seen = new Map<string, Seen>();

  /** The earliest change of readiness since then; of a Service seen for the first time its creation; undefined where nothing is new. */
  of({ metadata }: Service, pods: readonly Pod[]): string | undefined {
    const key = `${metadata.namespace}/${metadata.name}`;
    const service = metadata.creationTimestamp ?? "";
    const before = this.seen.get(key);
    const times = new Map<string, string>();
    let earliest: string | undefined;
    const note = (time: string, old: string) => {
      if (time > old && (earliest === undefined || time < earliest)) earliest = time;
    };
    for (const pod of pods) {
      const time = pod.status?.conditions?.find(({ type }) => type === "Ready")?.lastTransitionTime;
      if (!time) continue;
      times.set(pod.metadata.name, time);
      note(time, before?.pods.get(pod.metadata.name) ?? "");
    }
    note(service, before?.service ?? "");
    this.seen.set(key, { service, pods: times });
    return before ? earliest : service || undefined;
  }

  forget(namespace: string, name: string): void {
    this.seen.delete(`${namespace}/${name}`);
  }
}
