import type { Pod } from "../../kinds/types/pod.ts";
import type { Machine } from "../../machine/machine.ts";
import { NFS_PORT, type NfsServer } from "../storage/nfs/nfs-server.ts";
import { MountFailure } from "./mount-failure.ts";
import type { VolumeTree } from "./volumes.ts";

/** Where the files of an nfs volume are. */
export interface NfsSource {
  readonly server: string;
  readonly path: string;
  readonly readOnly?: boolean;
}

/** Mounts what another host exports, as mount.nfs does: its words stand in the event (pkg/volume/nfs, k8s.io/mount-utils 0.35). */
export function mountNfs(
  host: Machine,
  source: NfsSource,
  name: string,
  pod: Pod,
  options: readonly string[],
): VolumeTree {
  const mounted = attempt(host, source);
  if (typeof mounted !== "string") return { ...mounted, type: "nfs4", source: `${source.server}:${source.path}` };
  const target = `/var/lib/kubelet/pods/${pod.metadata.uid}/volumes/kubernetes.io~nfs/${name}`;
  const all = source.readOnly ? [...options, "ro"] : options;
  const flags = all.length > 0 ? ` -o ${[...all].sort().join(",")}` : "";
  const command = `Mounting command: mount\nMounting arguments: -t nfs${flags} ${source.server}:${source.path} ${target}`;
  const why = `mount failed: exit status 32\n${command}\nOutput: mount.nfs: ${mounted}\n`;
  throw new MountFailure("MountVolume.SetUp failed", name, why);
}

/** The files, or what mount.nfs says. */
function attempt(host: Machine, { server, path }: NfsSource): VolumeTree | string {
  const resolved = host.network.resolve(host, server);
  if ("failed" in resolved) return `Failed to resolve server ${server}: Name or service not known`;
  const dialled = host.network.dial(host, resolved.addresses[0] ?? "", NFS_PORT);
  if ("failed" in dialled) {
    if (dialled.failed === "timeout") return "Connection timed out";
    return dialled.failed === "refused" ? "Connection refused" : "No route to host";
  }
  const there = dialled.listener.direct as Partial<NfsServer> | undefined;
  if (!there?.nfs || !there.mount) return "Connection refused";
  const found = there.mount(path, host.net.addresses[0] ?? "");
  if (!("refused" in found)) return found;
  return found.refused === "denied"
    ? `access denied by server while mounting ${server}:${path}`
    : `mounting ${server}:${path} failed, reason given by server: No such file or directory`;
}
