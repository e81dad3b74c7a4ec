import { compareQuantity, parseQuantity } from "../../base/quantity.ts";
import { matchesNodeTerms } from "../../kinds/node-selector.ts";
import { Status } from "../../kinds/status.ts";
import type { Node, PersistentVolume, PersistentVolumeClaim } from "../../kinds/types/core.ts";
import type { NodeSelectorTerm, Pod, Volume } from "../../kinds/types/pod.ts";
import { root } from "../../machine/define-files.ts";
import { csiSourceOf } from "../storage/csi-source.ts";
import { claimNameOf, isMadeFor, notOwner } from "../storage/pod-claims.ts";
import { expandCsi, mountCsi } from "./csi-mount.ts";
import { csiDriverOn } from "./csi-plugins.ts";
import { ClaimFailure, MountFailure } from "./mount-failure.ts";
import { mountNfs, type NfsSource } from "./nfs-mount.ts";
import type { VolumeTools } from "./volume-payload.ts";
import type { VolumeTree } from "./volumes.ts";

/** A volume that outlives its pod, or that lies outside its node. */
interface Mounted {
  readonly claim: PersistentVolumeClaim;
  readonly volume: PersistentVolume;
}

/** Volumes of a pod that other machines or devices would have to hold. */
const remote = ["csi", "iscsi", "fc", "cephfs", "rbd", "glusterfs", "flexVolume", "cinder", "azureDisk", "azureFile"];
const mounted = ["persistentVolumeClaim", "ephemeral", "nfs", ...remote];

/** Whether a volume's files are not the pod's own: they are mounted once, before its containers start. */
export function isPersistent(volume: Volume): boolean {
  return mounted.some((source) => volume[source] !== undefined);
}

/** Mounts such a volume. Throws VolumeError. */
export function mountPersistent(volume: Volume, pod: Pod, tools: VolumeTools): VolumeTree {
  if (volume.nfs) return mountNfs(tools.host, volume.nfs as NfsSource, volume.name, pod, []);
  if (!volume.persistentVolumeClaim && !volume.ephemeral) throw unmountable(volume, tools);
  const { claim, volume: pv } = boundVolume(volume, pod, tools);
  checkNode(pv, tools);
  const { name } = pv.metadata;
  const { hostPath, local, nfs, mountOptions = [] } = pv.spec;
  const { files } = tools.host;
  if (local) {
    const { path } = local as { path: string };
    if (!files.find(path, root))
      throw new MountFailure("MountVolume.NewMounter initialization failed", name, `path "${path}" does not exist`);
    return { tree: files, from: path };
  }
  if (hostPath) return { tree: files, from: hostPath.path };
  if (nfs) return mountNfs(tools.host, nfs as NfsSource, name, pod, mountOptions);
  if (csiSourceOf(pv)) {
    const tree = mountCsi(pv, tools);
    growFileSystem({ claim, volume: pv }, pod, tools);
    return tree;
  }
  throw new MountFailure("MountVolume.SetUp failed", name, "volumes of this type are not simulated");
}

/** Why a volume that stands in the pod itself cannot be mounted. */
function unmountable({ name, csi }: Volume, { host }: VolumeTools): MountFailure {
  const step = "MountVolume.SetUp failed";
  const { driver } = (csi ?? {}) as { driver?: string };
  if (driver === undefined || csiDriverOn(host, driver))
    return new MountFailure(step, name, "volumes of this type are not simulated");
  const unknown = `driver name ${driver} not found in the list of registered CSI drivers`;
  return new MountFailure(step, name, `kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: ${unknown}`);
}

/** The hostPath behind a claim, whose type is checked as that of a pod's own. */
export function hostPathOf(volume: Volume, pod: Pod, tools: VolumeTools): PersistentVolume["spec"]["hostPath"] {
  if (!volume.persistentVolumeClaim && !volume.ephemeral) return undefined;
  return boundVolume(volume, pod, tools).volume.spec.hostPath;
}

/** The name under which the kubelet speaks of a volume: that of the persistent volume behind it. */
export function shownName(volume: Volume, pod: Pod, { api }: VolumeTools): string {
  const name = claimNameOf(pod, volume);
  if (name === undefined) return volume.name;
  try {
    const claim = api.get<PersistentVolumeClaim>("persistentvolumeclaims", pod.metadata.namespace, name);
    return claim?.spec.volumeName ?? volume.name;
  } catch (error) {
    if (!(error instanceof Status)) throw error;
    return volume.name;
  }
}

/** The volume behind a claim (desired_state_of_world_populator.go getPVCExtractPV, 1.35). */
function boundVolume(volume: Volume, pod: Pod, { api }: VolumeTools): Mounted {
  const { namespace } = pod.metadata;
  const name = claimNameOf(pod, volume) ?? "";
  const fail = (why: string): ClaimFailure => {
    const processing = `error processing PVC ${namespace}/${name}: ${why}`;
    const lists = `unmounted volumes=[${volume.name}], unattached volumes=[], failed to process volumes=[${volume.name}]`;
    return new ClaimFailure(`Unable to attach or mount volumes: ${lists}: ${processing}`);
  };
  const claim = api.get<PersistentVolumeClaim>("persistentvolumeclaims", namespace, name);
  if (!claim) throw fail(`failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`);
  if (volume.ephemeral && !isMadeFor(claim, pod)) throw fail(notOwner(claim, pod));
  if (claim.metadata.deletionTimestamp) throw fail("PVC is being deleted");
  const { volumeName } = claim.spec;
  if (claim.status?.phase !== "Bound" || !volumeName) throw fail("PVC is not bound");
  const found = api.get<PersistentVolume>("persistentvolumes", undefined, volumeName);
  if (!found)
    throw fail(`failed to fetch PV ${volumeName} from API server: persistentvolumes "${volumeName}" not found`);
  return { claim, volume: found };
}

/** A volume that other nodes reach only (operation_generator.go checkNodeAffinity, 1.35). */
function checkNode({ metadata, spec }: PersistentVolume, { api, host }: VolumeTools): void {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms as NodeSelectorTerm[] | undefined;
  const node = terms && api.get<Node>("nodes", undefined, host.name);
  if (terms && node && !matchesNodeTerms(terms, node))
    throw new MountFailure("MountVolume.NodeAffinity check failed", metadata.name, "no matching NodeSelectorTerms");
}

/** Lets the file system of a volume that a pod has mounted grow to the size its driver gave it. */
export function growMounted(volume: Volume, pod: Pod, tools: VolumeTools): void {
  if (!volume.persistentVolumeClaim && !volume.ephemeral) return;
  try {
    const mounted = boundVolume(volume, pod, tools);
    if (csiSourceOf(mounted.volume)) growFileSystem(mounted, pod, tools);
  } catch (error) {
    if (!(error instanceof ClaimFailure || error instanceof MountFailure)) throw error;
  }
}

/** NodeExpandVolume, where the volume is larger than the claim shows (operation_generator.go nodeExpandVolume, 1.35). */
function growFileSystem({ claim, volume }: Mounted, pod: Pod, tools: VolumeTools): void {
  const size = volume.spec.capacity?.storage ?? "0";
  const shown = claim.status?.capacity?.storage ?? "0";
  const waits = claim.status?.conditions?.some(({ type }) => type === "FileSystemResizePending");
  if (!waits || compareQuantity(parseQuantity(size), parseQuantity(shown)) <= 0) return;
  expandCsi(volume, tools);
  const { api, host } = tools;
  api.modify<PersistentVolumeClaim>(
    claim,
    (now) => {
      const { conditions, allocatedResourceStatuses: _statuses, ...status } = (now.status ?? {}) as Growing;
      const others = (conditions ?? []).filter(({ type }) => type !== "FileSystemResizePending" && type !== "Resizing");
      const capacity = { ...now.status?.capacity, storage: size };
      return { ...now, status: { ...status, capacity, ...(others.length > 0 ? { conditions: others } : {}) } };
    },
    "status",
  );
  const message = `MountVolume.NodeExpandVolume succeeded for volume "${volume.metadata.name}" ${host.name}`;
  for (const about of [pod, claim]) api.event(about, { type: "Normal", reason: "FileSystemResizeSuccessful", message });
}

type Growing = NonNullable<PersistentVolumeClaim["status"]> & { allocatedResourceStatuses?: unknown };
