import type { PersistentVolumeClaim } from "../../../kinds/types/core.ts";
import type { Pod, Volume } from "../../../kinds/types/pod.ts";
import { claimNamesOf } from "../../storage/pod-claims.ts";
import type { NodeInfo, SchedulerPlugin } from "../define.ts";
import { podLeft, storageChanged } from "../events.ts";

const NAME = "VolumeRestrictions";

interface Kept {
  /** The pod's claims that only one pod may use. */
  readonly single: readonly string[];
  /** How many others use one of them, also in thought. */
  users: number;
  readonly disks: readonly Volume[];
}

/** A disk that is attached to one node for one user; what it is called. */
interface Disk {
  readonly same: (other: Volume) => boolean;
  /** Whether several may read it together. */
  readonly readOnly: (volume: Volume) => boolean;
}

interface Sources {
  readonly gcePersistentDisk?: { pdName?: string; readOnly?: boolean };
  readonly awsElasticBlockStore?: { volumeID?: string };
  readonly iscsi?: { iqn?: string; readOnly?: boolean };
  readonly rbd?: { monitors?: string[]; pool?: string; image?: string; readOnly?: boolean };
}

/** What makes two volumes the same disk (volumerestrictions isVolumeConflict, 1.35). */
function diskOf(volume: Volume): Disk | undefined {
  const { gcePersistentDisk: gce, awsElasticBlockStore: aws, iscsi, rbd } = volume as Sources;
  if (gce)
    return {
      same: (other) => (other as Sources).gcePersistentDisk?.pdName === gce.pdName,
      readOnly: (one) => (one as Sources).gcePersistentDisk?.readOnly === true,
    };
  if (aws)
    return {
      same: (other) => (other as Sources).awsElasticBlockStore?.volumeID === aws.volumeID,
      readOnly: () => false,
    };
  if (iscsi)
    return {
      same: (other) => (other as Sources).iscsi?.iqn === iscsi.iqn,
      readOnly: (one) => (one as Sources).iscsi?.readOnly === true,
    };
  if (!rbd) return undefined;
  const same = (other: Volume) => {
    const { rbd: theirs } = other as Sources;
    const shared = theirs?.monitors?.some((monitor) => rbd.monitors?.includes(monitor)) ?? false;
    return shared && (theirs?.pool ?? "rbd") === (rbd.pool ?? "rbd") && theirs?.image === rbd.image;
  };
  return { same, readOnly: (one) => (one as Sources).rbd?.readOnly === true };
}

function conflicts(disks: readonly Volume[], { pods }: NodeInfo): boolean {
  for (const volume of disks) {
    const disk = diskOf(volume);
    if (!disk) continue;
    for (const { spec } of pods.values())
      for (const other of spec.volumes ?? [])
        if (disk.same(other) && !(disk.readOnly(volume) && disk.readOnly(other))) return true;
  }
  return false;
}

/** Some disks can be at one pod only, and so can claims of mode ReadWriteOncePod. */
export const volumeRestrictions: SchedulerPlugin = {
  name: NAME,
  preFilter(pod, state) {
    const volumes = pod.spec.volumes ?? [];
    const { namespace = "" } = pod.metadata;
    const single: string[] = [];
    for (const { persistentVolumeClaim: used } of volumes) {
      if (!used) continue;
      const { claimName: name } = used;
      const claim = state.api.get<PersistentVolumeClaim>("persistentvolumeclaims", namespace, name);
      if (!claim) return { reasons: [`persistentvolumeclaim "${name}" not found`], unresolvable: true };
      if (claim.spec.accessModes?.includes("ReadWriteOncePod")) single.push(name);
    }
    const users = single.filter((name) => state.usersOf(namespace, name) > 0).length;
    const disks = volumes.filter((volume) => diskOf(volume) !== undefined);
    if (users === 0 && disks.length === 0) return "skip";
    state.kept.set(NAME, { single, users, disks });
    return undefined;
  },
  filter(_pod, node, { kept }) {
    const { users, disks } = kept.get(NAME) as Kept;
    if (disks.length > 0 && conflicts(disks, node))
      return { reasons: ["node(s) had no available disk"], unresolvable: false };
    if (users <= 0) return undefined;
    const mode = "ReadWriteOncePod access mode";
    return {
      reasons: [`node has pod using PersistentVolumeClaim with the same name and ${mode}`],
      unresolvable: false,
    };
  },
  supposed(pod, other, _node, sign, { kept }) {
    const now = kept.get(NAME) as Kept;
    if (other.metadata.namespace !== pod.metadata.namespace) return;
    now.users += sign * now.single.filter((name) => claimNamesOf(other).includes(name)).length;
  },
  helpedBy(event, pod) {
    if (podLeft(event) && event.of === "pod") return mayFree(event.object, pod);
    return storageChanged(event, "PersistentVolumeClaim") || (event.of === "node" && event.type === "ADDED");
  },
};

function mayFree(gone: Pod, pod: Pod): boolean {
  const names = claimNamesOf(gone);
  return claimNamesOf(pod).some((name) => names.includes(name)) || (pod.spec.volumes ?? []).some((v) => diskOf(v));
}
