import { type Micros, SECOND } from "../../../base/clock.ts";
import type { PersistentVolume } from "../../../kinds/types/core.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Api } from "../../apiserver/define.ts";

/** The same is not said again before this has passed: the longest back-off of a failed operation, 2m2s. */
const QUIET = 122 * SECOND;

type Told = Map<string, { text: string; at: Micros }>;

/** Says of a pod why its volume is not attached. */
export function tellFailed(api: Api, pod: Pod, message: string, key: string, told: Told, now: Micros): void {
  const last = told.get(key);
  if (last?.text === message && now - last.at < QUIET) return;
  told.set(key, { text: message, at: now });
  api.event(pod, { type: "Warning", reason: "FailedAttachVolume", message });
}

/** A volume for one node is wanted on a second one (attachdetach reconciler.reportMultiAttachError, 1.35). */
export function tellMultiAttach(
  api: Api,
  { metadata }: PersistentVolume,
  pods: readonly Pod[],
  others: readonly Pod[],
  told: Told,
  now: Micros,
): void {
  const exclusive = "Volume is already exclusively attached to one node and can't be attached to another";
  for (const pod of pods) {
    const { namespace } = pod.metadata;
    const here = others.filter((other) => other.metadata.namespace === namespace).map((other) => other.metadata.name);
    const elsewhere = others.length - here.length;
    const named =
      here.length === 0
        ? `${elsewhere} pod(s) in different namespaces`
        : `pod(s) ${here.join(", ")}${elsewhere > 0 ? ` and ${elsewhere} pod(s) in different namespaces` : ""}`;
    const why = others.length === 0 ? exclusive : `Volume is already used by ${named}`;
    const message = `Multi-Attach error for volume "${metadata.name}" ${why}`;
    const key = `${pod.metadata.uid}/${metadata.name}`;
    // Once a pod: the controller marks the volume as reported.
    if (told.get(key)?.text !== message) tellFailed(api, pod, message, key, told, now);
  }
}
