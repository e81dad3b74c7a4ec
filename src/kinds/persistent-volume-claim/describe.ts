import { compareText } from "../../base/go-text.ts";
import { ageOf } from "../cells.ts";
import type { DescribeOptions, Describing } from "../define.ts";
import { writeClaim } from "../describe/claim.ts";
import { writeTimedConditions } from "../describe/conditions.ts";
import { writeEvents } from "../describe/events.ts";
import { writeItems } from "../describe/labels.ts";
import { eventsOf, neededListOf } from "../describe/related.ts";
import { Writer } from "../describe/writer.ts";
import type { PersistentVolumeClaim } from "../types/core.ts";
import type { Pod } from "../types/pod.ts";

/** The text of `kubectl describe persistentvolumeclaim`, with the pods that use it. */
export function* describePersistentVolumeClaim(object: PersistentVolumeClaim, options: DescribeOptions): Describing {
  const { metadata, status } = object;
  const ask = { apiVersion: "v1", resource: "pods" };
  const pods = yield* neededListOf<Pod>(metadata.namespace ? { ...ask, namespace: metadata.namespace } : ask);
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  const ending = metadata.deletionTimestamp;
  writeClaim(w, object, {
    status: ending ? `Terminating (lasts ${ageOf(ending, options.now)})` : (status?.phase ?? ""),
  });
  writeItems(w, "Used By", usersOf(object, pods).sort(compareText));
  writeTimedConditions(w, status?.conditions, "lastProbeTime");
  writeEvents(w, events, options.now);
  return w.text();
}

/** Pods with a volume of the claim, and the pod the claim was made for. */
function usersOf({ metadata }: PersistentVolumeClaim, pods: readonly Pod[]): string[] {
  const users = pods.flatMap((pod) =>
    (pod.spec.volumes ?? [])
      .filter(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === metadata.name)
      .map(() => pod),
  );
  for (const { kind, uid } of metadata.ownerReferences ?? []) {
    const owner = kind === "Pod" ? pods.find((pod) => pod.metadata.uid === uid) : undefined;
    if (owner && !users.includes(owner)) users.push(owner);
  }
  return users.map((pod) => pod.metadata.name);
}
