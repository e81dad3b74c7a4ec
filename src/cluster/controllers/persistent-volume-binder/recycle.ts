import { parseQuantity } from "../../../base/quantity.ts";
import type { Event, PersistentVolume } from "../../../kinds/types/core.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Api } from "../../apiserver/define.ts";
import type { Key } from "../define.ts";

const PREFIX = "recycler-for-";
const NAMESPACE = "default";
/** The longest that wiping may take, in seconds, and so much more for each Gi (--pv-recycler-minimum-timeout-hostpath and -increment-timeout, 1.35; nfs has 300). */
const LEAST = 60;
const PER_GI = 30;
const scrub = `test -e /scrub && find /scrub -mindepth 1 -delete && test -z "$(ls -A /scrub)" || exit 1`;

/** Wipes a volume whose claim is gone by a pod of its own; undefined while that goes on (pkg/volume/util/recyclerclient, 1.35). */
export function recycle(
  api: Api,
  volume: PersistentVolume,
  said: PodEvents,
): "recycled" | { readonly error: string } | undefined {
  const { name } = volume.metadata;
  const { hostPath, nfs, capacity } = volume.spec;
  if (!hostPath && !nfs) return { error: "No recycler plugin found for the volume!" };
  const pod = api.get<Pod>("pods", NAMESPACE, `${PREFIX}${name}`);
  if (!pod) {
    const size = Number(parseQuantity(capacity?.storage ?? "0").whole) / 1024 ** 3;
    api.create(podFor(volume, nfs ? Math.max(300, 30 * size) : Math.max(LEAST, PER_GI * size)));
    return undefined;
  }
  for (const { type = "Normal", message = "" } of said.take(pod))
    api.event(volume, { type, reason: "RecyclerPod", message: `Recycler pod: ${message}` });
  if (pod.metadata.deletionTimestamp) return undefined;
  const { phase, message } = pod.status ?? {};
  if (phase !== "Succeeded" && phase !== "Failed") return undefined;
  api.delete(pod);
  if (phase === "Succeeded") return "recycled";
  return { error: `Recycle failed: ${message || "pod failed, pod.Status.Message unknown"}` };
}

function podFor({ metadata, spec }: PersistentVolume, seconds: number): Pod {
  const source = spec.hostPath ? { hostPath: { path: spec.hostPath.path } } : { nfs: spec.nfs };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `${PREFIX}${metadata.name}`, namespace: NAMESPACE },
    spec: {
      activeDeadlineSeconds: Math.ceil(seconds),
      restartPolicy: "Never",
      volumes: [{ name: "vol", ...source }],
      containers: [
        {
          name: "pv-recycler",
          image: "registry.k8s.io/build-image/debian-base:bookworm-v1.0.6",
          command: ["/bin/sh"],
          args: ["-c", scrub],
          volumeMounts: [{ name: "vol", mountPath: "/scrub" }],
        },
      ],
    },
  };
}

/** What is said of recycler pods, until it is passed on: their volumes' events repeat it (recyclerclient waitForPod, 1.35). */
export class PodEvents {
  private readonly waiting = new Map<string, Event[]>();

  /** Keeps an event of a recycler pod; gives the volume. */
  keep(event: Event, isNew: boolean): readonly Key[] {
    const { name = "", namespace, uid = "" } = event.involvedObject;
    if (!isNew || namespace !== NAMESPACE || !name.startsWith(PREFIX)) return [];
    this.waiting.set(uid, [...(this.waiting.get(uid) ?? []), event]);
    return [{ namespace: "", name: name.slice(PREFIX.length) }];
  }

  take({ metadata: { uid = "" } }: Pod): readonly Event[] {
    const events = this.waiting.get(uid) ?? [];
    this.waiting.delete(uid);
    return events;
  }
}

/** The volume that a recycler pod wipes. */
export function recycledBy({ metadata }: Pod): readonly Key[] {
  if (metadata.namespace !== NAMESPACE || !metadata.name.startsWith(PREFIX)) return [];
  return [{ namespace: "", name: metadata.name.slice(PREFIX.length) }];
}
