import { rfc3339 } from "../../../base/time.ts";
import type { PersistentVolume } from "../../../kinds/types/core.ts";
import type { CSINode, VolumeAttachment } from "../../../kinds/types/storage.ts";
import type { Task } from "../../../machine/define.ts";
import { followResources } from "../../daemon/follow-resources.ts";
import { CsiError } from "../../storage/csi-driver.ts";
import { csiSidecar, type Sidecar } from "../../storage/csi-sidecar.ts";
import { csiSourceOf } from "../../storage/csi-source.ts";
import { ATTACHMENTS, CSI_NODES } from "../../storage/define.ts";
import type { Image } from "./define.ts";

/** Seconds until an attachment that failed is tried again. */
const RETRY = 10;

function* work(sidecar: Sidecar): Task {
  const { proc, api } = sidecar;
  const resources = [ATTACHMENTS, "persistentvolumes", CSI_NODES];
  yield* followResources(proc, api, resources, () => {
    let failed = false;
    const mine = api.list<VolumeAttachment>(ATTACHMENTS).filter(({ spec }) => spec.attacher === sidecar.driverName);
    for (const attachment of mine) if (!sync(sidecar, attachment)) failed = true;
    releaseVolumes(sidecar, mine);
    return failed ? RETRY : undefined;
  });
}

function finalizerOf({ driverName }: Sidecar): string {
  return `external-attacher/${driverName.replace(/[./]/g, "-")}`;
}

/** Attaches or detaches one volume; false where the driver cannot. */
function sync(sidecar: Sidecar, attachment: VolumeAttachment): boolean {
  const { api } = sidecar;
  const { deletionTimestamp, finalizers = [] } = attachment.metadata;
  const finalizer = finalizerOf(sidecar);
  if (deletionTimestamp && !finalizers.includes(finalizer)) return true;
  if (!deletionTimestamp && attachment.status?.attached) return true;
  const { nodeName, source } = attachment.spec;
  const volume = api.get<PersistentVolume>("persistentvolumes", undefined, source.persistentVolumeName ?? "");
  const handle = volume && csiSourceOf(volume)?.volumeHandle;
  if (deletionTimestamp) {
    if (
      handle !== undefined &&
      !attempt(sidecar, attachment, "detachError", (driver) => driver.detach(handle, nodeName))
    )
      return false;
    hold(sidecar, attachment, finalizer, false);
    return true;
  }
  if (!volume || handle === undefined) {
    const message = `persistentvolumes "${source.persistentVolumeName}" not found`;
    return fail(sidecar, attachment, "attachError", message);
  }
  const node = api.get<CSINode>(CSI_NODES, undefined, nodeName);
  if (!node?.spec.drivers?.some(({ name }) => name === sidecar.driverName))
    return fail(
      sidecar,
      attachment,
      "attachError",
      `CSINode ${nodeName} does not contain driver ${sidecar.driverName}`,
    );
  hold(sidecar, attachment, finalizer, true);
  hold(sidecar, volume, finalizer, true);
  if (!attempt(sidecar, attachment, "attachError", (driver) => driver.attach(handle, nodeName))) return false;
  api.modify<VolumeAttachment>(attachment, (now) => ({ ...now, status: { attached: true } }), "status");
  return true;
}

function attempt(
  sidecar: Sidecar,
  attachment: VolumeAttachment,
  field: "attachError" | "detachError",
  call: (driver: ReturnType<Sidecar["driver"]>) => void,
): boolean {
  try {
    call(sidecar.driver());
    return true;
  } catch (error) {
    if (!(error instanceof CsiError)) throw error;
    return fail(sidecar, attachment, field, error.message);
  }
}

function fail(
  { api, proc }: Sidecar,
  attachment: VolumeAttachment,
  field: "attachError" | "detachError",
  message: string,
): false {
  const time = rfc3339(proc.machine.kernel.clock.now);
  api.modify<VolumeAttachment>(
    attachment,
    (now) =>
      now.status?.[field]?.message === message
        ? now
        : { ...now, status: { attached: now.status?.attached ?? false, [field]: { message, time } } },
    "status",
  );
  return false;
}

function hold({ api }: Sidecar, object: VolumeAttachment | PersistentVolume, finalizer: string, held: boolean): void {
  api.modify<VolumeAttachment | PersistentVolume>(object, (now) => {
    const finalizers = now.metadata.finalizers ?? [];
    if (finalizers.includes(finalizer) === held) return now;
    const next = held ? [...finalizers, finalizer] : finalizers.filter((one) => one !== finalizer);
    return { ...now, metadata: { ...now.metadata, finalizers: next } };
  });
}

/** Volumes that are to go and are attached nowhere. */
function releaseVolumes(sidecar: Sidecar, attachments: readonly VolumeAttachment[]): void {
  const finalizer = finalizerOf(sidecar);
  for (const volume of sidecar.api.list<PersistentVolume>("persistentvolumes")) {
    const { deletionTimestamp, finalizers = [], name } = volume.metadata;
    if (!deletionTimestamp || !finalizers.includes(finalizer)) continue;
    if (attachments.some(({ spec }) => spec.source.persistentVolumeName === name)) continue;
    hold(sidecar, volume, finalizer, false);
  }
}

/** Carries out VolumeAttachments by calling a CSI driver. */
export const csiAttacher: Image = {
  repository: "registry.k8s.io/sig-storage/csi-attacher",
  tags: ["v4.9.0", "v4.8.1", "v4.7.0", "v4.6.1", "v4.4.3"],
  size: 29_000_000,
  usage: { cpu: 1, memory: 11 },
  entrypoint: ["/csi-attacher"],
  programs: [csiSidecar("csi-attacher", (driver) => `external-attacher ${driver}`, work)],
  userland: "none",
};
