import { amountOf } from "../../kinds/pod-resources.ts";
import type { Pod, Volume } from "../../kinds/types/pod.ts";
import { type Files, root } from "../../machine/define-files.ts";
import { createFiles } from "../../machine/files/create-files.ts";
import { hardwareOf } from "../../machine/hardware.ts";
import type { Kernel } from "../../machine/kernel.ts";
import type { Machine } from "../../machine/machine.ts";
import { Unreachable } from "../apiserver/define.ts";
import { hostPathOf, isPersistent, mountPersistent } from "./persistent-mount.ts";
import { imageFiles } from "./runtime/image-files.ts";
import { RUNTIME_PART, type Runtime } from "./runtime/runtime.ts";
import { type Payload, payloadOf, VolumeError, type VolumeTools } from "./volume-payload.ts";
import { writePayload } from "./write-payload.ts";

/** Where a volume's files are: a tree, and the folder in it. */
export interface VolumeTree {
  readonly tree: Files;
  readonly from: string;
  /** It lies on the node's disk and counts as the pod's own. */
  readonly local?: boolean;
  /** The file system, where it is not the node's: "tmpfs" lies in memory. */
  readonly type?: "tmpfs" | "nfs4";
  /** What is mounted there as df names it, where it is not the node's disk. */
  readonly source?: string;
  /** Brings files that come from objects up to date. */
  readonly refresh?: (pod: Pod) => void;
}

/** The volumes of a pod that were set up: one tree each for all its containers. */
export type PodVolumes = Map<string, VolumeTree>;

/**
 * Checks that a volume can be set up now, and gives what the kubelet writes into it. Throws VolumeError; makes nothing
 * but what hostPath's type asks for.
 */
export function checkVolume(volume: Volume, pod: Pod, tools: VolumeTools): Payload | undefined {
  const payload = payloadOf(volume, pod, tools);
  const hostPath = volume.hostPath ?? hostPathOf(volume, pod, tools);
  if (hostPath) checkHostPath(tools.host.files, hostPath.path, hostPath.type ?? "");
  return payload;
}

/** A volume with files from objects as they were when it was set up; its tree is made when somebody looks. */
export class WrittenVolume implements VolumeTree {
  readonly from = "/";
  readonly type = "tmpfs";
  private readonly payload: Payload;
  private readonly group: number | undefined;
  private readonly kernel: Kernel;
  private made: Files | undefined;

  constructor(payload: Payload, { spec }: Pod, { kernel }: Machine) {
    this.payload = payload;
    this.group = spec.securityContext?.fsGroup as number | undefined;
    this.kernel = kernel;
  }

  get tree(): Files {
    if (!this.made) {
      this.made = createFiles(this.kernel);
      writePayload(this.made, this.payload, this.kernel.clock.now, this.group);
    }
    return this.made;
  }
}

function checkHostPath(files: Files, path: string, type: string): void {
  const found = files.find(path, root);
  const wanted = hostPathKinds[type];
  if (type === "DirectoryOrCreate" && !found) files.mkdir(path, root, { parents: true });
  else if (type === "FileOrCreate" && !found) files.write(path, "", root);
  else if (type === "DirectoryOrCreate" && found?.kind !== "directory")
    throw new VolumeError(`hostPath type check failed: ${path} is not a directory`);
  else if (type === "FileOrCreate" && found?.kind !== "file")
    throw new VolumeError(`hostPath type check failed: ${path} is not a file`);
  else if (wanted && found?.kind !== wanted.kind)
    throw new VolumeError(`hostPath type check failed: ${path} is not a ${wanted.word}`);
  else if (type === "" && !found) files.mkdir(path, root, { parents: true });
}

/** What a path has to be for each type of hostPath, and how its absence is said (pkg/volume/hostpath/host_path.go, 1.35). */
const hostPathKinds: Readonly<Record<string, { readonly kind: string; readonly word: string }>> = {
  Directory: { kind: "directory", word: "directory" },
  File: { kind: "file", word: "file" },
  Socket: { kind: "socket", word: "socket file" },
  CharDevice: { kind: "device", word: "character device" },
  BlockDevice: { kind: "block device", word: "block device" },
};

/** The files of a volume, made on first use. */
export function volumeTree(volume: Volume, pod: Pod, tools: VolumeTools): VolumeTree {
  const { host } = tools;
  if (volume.hostPath) return { tree: host.files, from: volume.hostPath.path };
  if (isPersistent(volume)) return mountPersistent(volume, pod, tools);
  if (volume.image) return imageTree(volume.image.reference ?? "", tools);
  const payload = payloadOf(volume, pod, tools);
  if (!payload) return volume.emptyDir?.medium === "Memory" ? inMemory(volume, pod, tools) : empty(pod, tools);
  // Only what is in ConfigMaps lies on the disk (pkg/volume, wrappedVolumeSpec).
  const tree = createFiles(host.kernel, volume.configMap ? { on: host.files } : undefined);
  const group = pod.spec.securityContext?.fsGroup as number | undefined;
  writePayload(tree, payload, host.kernel.clock.now, group);
  const where = volume.configMap ? {} : { type: "tmpfs" as const };
  return { tree, from: "/", local: true, ...where, refresh: refresher(tree, volume, payload, tools, group) };
}

/** The files of an image that is on the node. */
function imageTree(reference: string, { host }: VolumeTools): VolumeTree {
  const runtime = host.parts.get(RUNTIME_PART) as Runtime | undefined;
  const stored = runtime?.stored(reference);
  if (!stored) throw new VolumeError(`image ${JSON.stringify(reference)} is not on the node`);
  return { tree: imageFiles(stored, host.programs), from: "/" };
}

function empty(pod: Pod, { host }: VolumeTools): VolumeTree {
  const tree = createFiles(host.kernel, { on: host.files });
  shareEmpty(tree, pod);
  return { tree, from: "/", local: true };
}

/** A tmpfs of at most its sizeLimit, or what the pod may use of the node's memory (SizeMemoryBackedVolumes, 1.32). */
function inMemory({ emptyDir }: Volume, pod: Pod, { host, facts }: VolumeTools): VolumeTree {
  const node = amountOf("memory", facts().allocatable.memory ?? "0") || hardwareOf(host).memoryKib * 1024;
  const limits = pod.spec.containers.map(({ resources }) => resources?.limits?.memory);
  const most = limits.every(Boolean) ? limits.reduce((sum, limit) => sum + amountOf("memory", limit ?? "0"), 0) : node;
  const asked = emptyDir?.sizeLimit === undefined ? 0 : amountOf("memory", emptyDir.sizeLimit);
  const capacityBytes = Math.min(most, node, asked > 0 ? asked : Number.POSITIVE_INFINITY);
  const runtime = host.parts.get(RUNTIME_PART) as Runtime | undefined;
  const onGrowth = () => {
    for (const container of runtime?.containersOf(pod.metadata.uid ?? "") ?? [])
      container.machine.onGrowth?.(undefined);
  };
  const tree = createFiles(host.kernel, { capacityBytes, onGrowth });
  shareEmpty(tree, pod);
  return { tree, from: "/", type: "tmpfs" };
}

/** An empty folder that everybody may write to; it belongs to the pod's fsGroup. */
function shareEmpty(tree: Files, pod: Pod): void {
  const fsGroup = pod.spec.securityContext?.fsGroup as number | undefined;
  if (fsGroup !== undefined) tree.chown("/", undefined, fsGroup, root);
  tree.chmod("/", fsGroup === undefined ? 0o777 : 0o2777, root);
}

function refresher(
  tree: Files,
  volume: Volume,
  first: Payload,
  tools: VolumeTools,
  group: number | undefined,
): (pod: Pod) => void {
  let known = first;
  return (pod) => {
    try {
      const payload = payloadOf(volume, pod, tools) ?? known;
      if (isSame(payload, known)) return;
      known = payload;
      writePayload(tree, payload, tools.host.kernel.clock.now, group);
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
