import type { PersistentVolume, PersistentVolumeClaim } from "../../kinds/types/core.ts";
import type { Pod, Volume } from "../../kinds/types/pod.ts";
import { type Files, root } from "../../machine/define-files.ts";
import { createFiles } from "../../machine/files/create-files.ts";
import type { Machine } from "../../machine/machine.ts";
import { Unreachable } from "../apiserver/define.ts";
import { type Payload, payloadOf, VolumeError, type VolumeTools } from "./volume-payload.ts";
import { writePayload } from "./write-payload.ts";

/** Where a volume's files are: a tree, and the folder in it. */
export interface VolumeTree {
  readonly tree: Files;
  readonly from: string;
  /** Brings files that come from objects up to date. */
  readonly refresh?: (pod: Pod) => void;
}

/** The volumes of a pod that were set up: one tree each for all its containers. */
export type PodVolumes = Map<string, VolumeTree>;

/** Checks that a volume can be set up now. Throws VolumeError; makes nothing but what hostPath's type asks for. */
export function checkVolume(volume: Volume, pod: Pod, tools: VolumeTools): void {
  const { hostPath, persistentVolumeClaim } = volume;
  payloadOf(volume, pod, tools);
  if (hostPath) checkHostPath(tools.host.files, hostPath.path, hostPath.type ?? "");
  if (persistentVolumeClaim) volumeOfClaim(pod, tools, persistentVolumeClaim.claimName);
}

function checkHostPath(files: Files, path: string, type: string): void {
  const found = files.find(path, root);
  const wanted = { Directory: "directory", File: "file", Socket: "socket" }[type];
  if (type === "DirectoryOrCreate" && !found) files.mkdir(path, root, { parents: true });
  else if (type === "FileOrCreate" && !found) files.write(path, "", root);
  else if (type === "DirectoryOrCreate" && found?.kind !== "directory")
    throw new VolumeError(`hostPath type check failed: ${path} is not a directory`);
  else if (wanted && found?.kind !== wanted)
    throw new VolumeError(
      `hostPath type check failed: ${path} is not a ${wanted === "socket" ? "socket file" : wanted}`,
    );
  else if (type === "" && !found) files.mkdir(path, root, { parents: true });
}

function volumeOfClaim(pod: Pod, { api }: VolumeTools, name: string): PersistentVolume {
  const claim = api.get<PersistentVolumeClaim>("persistentvolumeclaims", pod.metadata.namespace, name);
  if (!claim) throw new VolumeError(`persistentvolumeclaim "${name}" not found`);
  const volume = claim.spec.volumeName
    ? api.get<PersistentVolume>("persistentvolumes", undefined, claim.spec.volumeName)
    : undefined;
  if (!volume || claim.status?.phase !== "Bound")
    throw new VolumeError(`PVC ${pod.metadata.namespace}/${name} is not bound`);
  return volume;
}

/** The files of a volume, made on first use. */
export function volumeTree(volume: Volume, pod: Pod, tools: VolumeTools): VolumeTree {
  const { host } = tools;
  const { hostPath, persistentVolumeClaim } = volume;
  if (hostPath) return { tree: host.files, from: hostPath.path };
  if (persistentVolumeClaim) {
    const pv = volumeOfClaim(pod, tools, persistentVolumeClaim.claimName);
    const path = pv.spec.hostPath?.path ?? (pv.spec.local as { path: string } | undefined)?.path;
    if (!path) return { tree: networkVolume(host, pv), from: "/" };
    if (!host.files.find(path, root)) host.files.mkdir(path, root, { parents: true });
    return { tree: host.files, from: path };
  }
  const tree = createFiles(host.kernel);
  const payload = payloadOf(volume, pod, tools);
  if (!payload) {
    shareEmpty(tree, pod);
    return { tree, from: "/" };
  }
  writePayload(tree, payload, host.kernel.clock.now);
  return { tree, from: "/", refresh: refresher(tree, volume, payload, tools) };
}

/** An empty folder that everybody may write to; it belongs to the pod's fsGroup. */
function shareEmpty(tree: Files, pod: Pod): void {
  const fsGroup = pod.spec.securityContext?.fsGroup as number | undefined;
  if (fsGroup !== undefined) tree.chown("/", undefined, fsGroup, root);
  tree.chmod("/", fsGroup === undefined ? 0o777 : 0o2777, root);
}

function refresher(tree: Files, volume: Volume, first: Payload, tools: VolumeTools): (pod: Pod) => void {
  let known = first;
  return (pod) => {
    try {
      const payload = payloadOf(volume, pod, tools) ?? known;
      if (isSame(payload, known)) return;
      known = payload;
      writePayload(tree, payload, tools.host.kernel.clock.now);
    } catch (error) {
      // What is gone or unreachable stays as it was.
      if (!(error instanceof VolumeError || error instanceof Unreachable)) throw error;
    }
  };
}

function isSame(a: Payload, b: Payload): boolean {
  if (a.size !== b.size) return false;
  for (const [path, { text }] of a) {
    const other = b.get(path);
    if (!other || (other.text !== text && typeof text === "string")) return false;
  }
  return true;
}

/** A volume that lies outside the nodes (NFS, CSI): one tree for all that mount it. */
function networkVolume(host: Machine, pv: PersistentVolume): Files {
  const shared = host.network as { volumes?: Map<string, Files> };
  shared.volumes ??= new Map();
  const key = pv.metadata.uid ?? pv.metadata.name;
  const known = shared.volumes.get(key);
  if (known) return known;
  const tree = createFiles(host.kernel);
  shared.volumes.set(key, tree);
  return tree;
}
