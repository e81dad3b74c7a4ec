import { Status } from "../../kinds/status.ts";
import type { PersistentVolume } from "../../kinds/types/core.ts";
import type { CSIDriver, VolumeAttachment } from "../../kinds/types/storage.ts";
import type { Api } from "../apiserver/define.ts";
import { attachmentName } from "../storage/attachment-name.ts";
import { type CsiDriver, CsiError } from "../storage/csi-driver.ts";
import { csiSourceOf } from "../storage/csi-source.ts";
import { ATTACHMENTS, CSI_DRIVERS } from "../storage/define.ts";
import { csiDriverOn } from "./csi-plugins.ts";
import { MountFailure, MountPending } from "./mount-failure.ts";
import type { VolumeTools } from "./volume-payload.ts";
import type { VolumeTree } from "./volumes.ts";

const DEVICE = "MountVolume.MountDevice failed";

/** Mounts a CSI volume: once it is attached to this node, by the driver that is registered here (pkg/volume/csi, 1.35). */
export function mountCsi(volume: PersistentVolume, tools: VolumeTools): VolumeTree {
  const source = csiSourceOf(volume);
  const { name } = volume.metadata;
  if (!source) throw new MountFailure(DEVICE, name, "no CSI source");
  const { api, host } = tools;
  const object = api.get<CSIDriver>(CSI_DRIVERS, undefined, source.driver);
  if (object?.spec.attachRequired !== false) {
    const attachment = attachmentName(source.volumeHandle, source.driver, host.name);
    if (!isAttached(api, attachment)) throw new MountPending(`volume ${name} is not attached yet`);
  }
  const driver = driverOn(volume, tools);
  return speak(DEVICE, name, () => driver.publish(source.volumeHandle));
}

/** A kubelet may not read what is not there: its node is the one that the attachment names. */
function isAttached(api: Api, name: string): boolean {
  try {
    return api.get<VolumeAttachment>(ATTACHMENTS, undefined, name)?.status?.attached ?? false;
  } catch (error) {
    if (!(error instanceof Status)) throw error;
    return false;
  }
}

/** Lets the file system of a volume grow on this node. */
export function expandCsi(volume: PersistentVolume, tools: VolumeTools): void {
  const driver = driverOn(volume, tools);
  const handle = csiSourceOf(volume)?.volumeHandle ?? "";
  speak("MountVolume.NodeExpandVolume failed", volume.metadata.name, () => driver.expandOnNode(handle));
}

function driverOn(volume: PersistentVolume, { host }: VolumeTools): CsiDriver {
  const wanted = csiSourceOf(volume)?.driver ?? "";
  const driver = csiDriverOn(host, wanted);
  if (driver) return driver;
  const why = `kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name ${wanted} not found in the list of registered CSI drivers`;
  throw new MountFailure(DEVICE, volume.metadata.name, why);
}

function speak<T>(step: string, volume: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof CsiError || error instanceof Status)) throw error;
    throw new MountFailure(step, volume, error.message);
  }
}
