import type { Container, Pod, Volume } from "../../kinds/types/pod.ts";
import { type Files, root } from "../../machine/define-files.ts";
import type { PodVolumes } from "./volumes.ts";

/** runc's words for a folder that is to be mounted on a file of the image, or a file on a folder (runc 1.3); undefined where all fits. */
export function mountFault(
  pod: Pod,
  spec: Container,
  image: Files,
  volumes: PodVolumes,
  partOf: (mount: NonNullable<Container["volumeMounts"]>[number]) => string | undefined,
): string | undefined {
  for (const [index, mount] of (spec.volumeMounts ?? []).entries()) {
    const there = image.find(mount.mountPath, root);
    const volume = pod.spec.volumes?.find(({ name }) => name === mount.name);
    const asked = volume?.image && partOf(mount);
    if (asked && !volumes.get(mount.name)?.tree.find(`/${asked}`, root))
      return `the image ${JSON.stringify(volume.image?.reference)} has no "${asked}" (what containerd says of that is not simulated)`;
    if (!there || !volume) continue;
    const part = partOf(mount);
    const isFile = sourceIsFile(volume, volumes, part);
    if (isFile === undefined || isFile === (there.kind !== "directory")) continue;
    const folder = `/var/lib/kubelet/pods/${pod.metadata.uid}`;
    const source = volume.hostPath
      ? volume.hostPath.path
      : part
        ? `${folder}/volume-subpaths/${mount.name}/${spec.name}/${index}`
        : `${folder}/volumes/kubernetes.io~${pluginOf(volume)}/${mount.name}`;
    const way = `mount src=${source}, dst=${mount.mountPath}, dstFd=/proc/thread-self/fd/11, flags=MS_BIND|MS_REC`;
    return `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting "${source}" to rootfs at "${mount.mountPath}": ${way}: not a directory: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type`;
  }
  return undefined;
}

function sourceIsFile(volume: Volume, volumes: PodVolumes, part: string | undefined): boolean | undefined {
  const known = volumes.get(volume.name);
  if (!known) return volume.emptyDir ? false : undefined;
  const from = part ? `${known.from === "/" ? "" : known.from}/${part}` : known.from;
  const found = known.tree.find(from, root);
  return found ? found.kind !== "directory" : part !== undefined ? false : undefined;
}

function pluginOf({ configMap, secret, projected, downwardAPI, emptyDir }: Volume): string {
  if (configMap) return "configmap";
  if (secret) return "secret";
  if (projected) return "projected";
  if (downwardAPI) return "downward-api";
  return emptyDir ? "empty-dir" : "csi";
}
