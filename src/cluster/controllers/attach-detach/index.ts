import { type Micros, SECOND } from "../../../base/clock.ts";
import { conditionOf } from "../../../kinds/labels.ts";
import type { Node, PersistentVolume, PersistentVolumeClaim } from "../../../kinds/types/core.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { CSIDriver, VolumeAttachment } from "../../../kinds/types/storage.ts";
import type { Api } from "../../apiserver/define.ts";
import { attachmentName } from "../../storage/attachment-name.ts";
import { type CsiSource, csiSourceOf } from "../../storage/csi-source.ts";
import { ATTACHMENTS, CSI_DRIVERS } from "../../storage/define.ts";
import { claimNamesOf } from "../../storage/pod-claims.ts";
import type { Again, Controller, ControllerTools, Key, Sentence } from "../define.ts";
import { showAttached } from "./node-status.ts";
import { tellFailed, tellMultiAttach } from "./tell.ts";

/** How long a volume stays at a node that does not answer, after its last pod (attachdetach ReconcilerMaxWaitForUnmountDuration, 1.35). */
const MOST_WAIT = 360 * SECOND;
const OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

/** What the controller keeps in mind: since when a node's volume is unused, and what was said to whom. */
interface Memory {
  readonly unused: Map<string, Micros>;
  readonly told: Map<string, { text: string; at: Micros }>;
}

/** Attaches volumes to the nodes of the pods that use them, and detaches them (pkg/controller/volume/attachdetach, 1.35). */
export const attachDetach: Controller = {
  name: "persistentvolume-attach-detach-controller",
  account: "attachdetach-controller",
  begin(_api, _tools) {
    const memory: Memory = { unused: new Map(), told: new Map() };
    const sentence: Sentence<PersistentVolume> = {
      for: "persistentvolumes",
      concerns: (volume) => csiSourceOf(volume) !== undefined,
      watches: [
        { resource: "pods", keys: volumesOfPod },
        { resource: ATTACHMENTS, keys: (object) => volumeOf(object as VolumeAttachment) },
        { resource: "nodes", keys: volumesOfNode },
      ],
      reconcile: (api, volume, _key, tools) => (volume ? sync(api, volume, memory, tools) : undefined),
    };
    return [sentence];
  },
};

function volumeOf({ spec }: VolumeAttachment): readonly Key[] {
  const { persistentVolumeName: name } = spec.source;
  return name === undefined ? [] : [{ namespace: "", name }];
}

/** The volumes of a pod that came to a node, ended or went. */
function volumesOfPod(object: KubeObject, api: Api, old: KubeObject | undefined, type: string): readonly Key[] {
  const pod = object as Pod;
  const before = old as Pod | undefined;
  const same = before && before.spec.nodeName === pod.spec.nodeName && before.status?.phase === pod.status?.phase;
  if (!pod.spec.nodeName || !pod.spec.volumes || (same && type !== "DELETED")) return [];
  return claimNamesOf(pod).flatMap((claimName) => {
    const claim = api.get<PersistentVolumeClaim>("persistentvolumeclaims", pod.metadata.namespace, claimName);
    return claim?.spec.volumeName ? [{ namespace: "", name: claim.spec.volumeName }] : [];
  });
}

/** What is attached to a node that went, came back or was taken out of service. */
function volumesOfNode(object: KubeObject, api: Api, old: KubeObject | undefined, type: string): readonly Key[] {
  const [node, before] = [object as Node, old as Node | undefined];
  if (type === "MODIFIED" && before && isReady(before) === isReady(node) && before.spec.taints === node.spec.taints)
    return [];
  return api
    .list<VolumeAttachment>(ATTACHMENTS)
    .filter(({ spec }) => spec.nodeName === node.metadata.name)
    .flatMap(volumeOf);
}

function isReady(node: Node): boolean {
  return conditionOf(node, "Ready")?.status === "True";
}

function sync(api: Api, volume: PersistentVolume, memory: Memory, tools: ControllerTools): Again | undefined {
  const source = csiSourceOf(volume);
  if (!source) return undefined;
  const users = usersOf(api, volume);
  const attached = api
    .list<VolumeAttachment>(ATTACHMENTS)
    .filter(({ spec }) => spec.source.persistentVolumeName === volume.metadata.name);
  const wait = detachUnused(api, volume, attached, users, memory, tools.clock.now);
  const driver = api.get<CSIDriver>(CSI_DRIVERS, undefined, source.driver);
  if (driver?.spec.attachRequired !== false) attach(api, volume, source, attached, users, memory, tools.clock.now);
  showAttached(api, source, attached);
  return wait === undefined ? undefined : { againIn: wait };
}

/** The pods that use a volume, by node: those that have not ended. */
function usersOf(api: Api, { spec }: PersistentVolume): ReadonlyMap<string, readonly Pod[]> {
  const users = new Map<string, Pod[]>();
  const { namespace, name } = spec.claimRef ?? {};
  if (name === undefined) return users;
  for (const pod of api.list<Pod>("pods", namespace)) {
    const { nodeName, volumes } = pod.spec;
    const over = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
    if (!nodeName || !volumes || over || !claimNamesOf(pod).includes(name)) continue;
    users.set(nodeName, [...(users.get(nodeName) ?? []), pod]);
  }
  return users;
}

/** Detaches the volume from nodes where nobody uses it; seconds until that is due where a node does not answer. */
function detachUnused(
  api: Api,
  volume: PersistentVolume,
  attached: readonly VolumeAttachment[],
  users: ReadonlyMap<string, unknown>,
  { unused }: Memory,
  now: Micros,
): number | undefined {
  let wait: number | undefined;
  for (const attachment of attached) {
    const { nodeName } = attachment.spec;
    const key = `${volume.metadata.name}/${nodeName}`;
    if (users.has(nodeName)) unused.delete(key);
    else if (!attachment.metadata.deletionTimestamp) {
      const node = api.get<Node>("nodes", undefined, nodeName);
      const since = unused.get(key) ?? now;
      unused.set(key, since);
      const free = !node || isReady(node) || node.spec.taints?.some((taint) => taint.key === OUT_OF_SERVICE);
      if (free || now - since >= MOST_WAIT) {
        unused.delete(key);
        api.delete(attachment);
      } else wait = Math.min(wait ?? Number.POSITIVE_INFINITY, (since + MOST_WAIT - now) / SECOND);
    }
  }
  return wait;
}

/** A volume that only one node may have at a time. */
function isExclusive({ spec }: PersistentVolume): boolean {
  return !(spec.accessModes ?? []).some((mode) => mode === "ReadWriteMany" || mode === "ReadOnlyMany");
}

function attach(
  api: Api,
  volume: PersistentVolume,
  source: CsiSource,
  attached: readonly VolumeAttachment[],
  users: ReadonlyMap<string, readonly Pod[]>,
  memory: Memory,
  now: Micros,
): void {
  let taken = attached.length > 0;
  for (const [node, pods] of users) {
    const own = attached.find(({ spec }) => spec.nodeName === node);
    if (own) {
      if (!own.metadata.deletionTimestamp) tellState(api, volume, own, pods, memory, now);
      continue;
    }
    if (isExclusive(volume) && taken) {
      const others = [...users].filter(([name]) => name !== node).flatMap(([, list]) => list);
      tellMultiAttach(api, volume, pods, others, memory.told, now);
      continue;
    }
    taken = true;
    api.create<VolumeAttachment>({
      apiVersion: "storage.k8s.io/v1",
      kind: "VolumeAttachment",
      metadata: { name: attachmentName(source.volumeHandle, source.driver, node) },
      spec: { attacher: source.driver, nodeName: node, source: { persistentVolumeName: volume.metadata.name } },
    });
  }
}

function tellState(
  api: Api,
  volume: PersistentVolume,
  attachment: VolumeAttachment,
  pods: readonly Pod[],
  { told }: Memory,
  now: Micros,
): void {
  const { name } = volume.metadata;
  const { attached, attachError } = attachment.status ?? { attached: false };
  for (const pod of pods) {
    const key = `${pod.metadata.uid}/${name}`;
    if (attached) {
      const message = `AttachVolume.Attach succeeded for volume "${name}" `;
      if (told.get(key)?.text === message) continue;
      told.set(key, { text: message, at: now });
      // Whoever finds the volume attached already hears nothing.
      if (pod.status?.phase === "Pending")
        api.event(pod, { type: "Normal", reason: "SuccessfulAttachVolume", message });
    } else if (attachError?.message) {
      const message = `AttachVolume.Attach failed for volume "${name}" : ${attachError.message}`;
      tellFailed(api, pod, message, key, told, now);
    }
  }
}
