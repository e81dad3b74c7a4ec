import { compareQuantity, parseQuantity } from "../../../base/quantity.ts";
import { rfc3339 } from "../../../base/time.ts";
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from "../../../kinds/types/core.ts";
import type { Condition } from "../../../kinds/types/meta.ts";
import type { Task } from "../../../machine/define.ts";
import { followResources } from "../../daemon/follow-resources.ts";
import { CsiError } from "../../storage/csi-driver.ts";
import { csiSidecar, type Sidecar } from "../../storage/csi-sidecar.ts";
import { csiSourceOf } from "../../storage/csi-source.ts";
import { CLASSES } from "../../storage/define.ts";
import { classOf } from "../../storage/match-volume.ts";
import type { Image } from "./define.ts";

/** Seconds until a volume that could not grow is tried again. */
const RETRY = 30;
const size = (text: string | undefined) => parseQuantity(text ?? "0");

type ClaimStatus = NonNullable<PersistentVolumeClaim["status"]> & {
  allocatedResources?: Record<string, string>;
  allocatedResourceStatuses?: Record<string, string>;
};

function* work(sidecar: Sidecar): Task {
  const { proc, api } = sidecar;
  yield* followResources(proc, api, ["persistentvolumeclaims", "persistentvolumes"], () => {
    let failed = false;
    for (const claim of api.list<PersistentVolumeClaim>("persistentvolumeclaims")) {
      const volume = volumeToGrow(sidecar, claim);
      if (volume && !grow(sidecar, claim, volume)) failed = true;
    }
    return failed ? RETRY : undefined;
  });
}

/** The volume behind a claim that asks for more than the volume has, if it may grow. */
function volumeToGrow({ api, driverName }: Sidecar, claim: PersistentVolumeClaim): PersistentVolume | undefined {
  if (claim.status?.phase !== "Bound") return undefined;
  const wanted = size(claim.spec.resources?.requests?.storage);
  if (compareQuantity(wanted, size(claim.status.capacity?.storage)) <= 0) return undefined;
  const volume = api.get<PersistentVolume>("persistentvolumes", undefined, claim.spec.volumeName ?? "");
  if (!volume || csiSourceOf(volume)?.driver !== driverName) return undefined;
  if (compareQuantity(wanted, size(volume.spec.capacity?.storage)) <= 0) return undefined;
  const storageClass = api.get<StorageClass>(CLASSES, undefined, classOf(claim));
  return storageClass?.allowVolumeExpansion ? volume : undefined;
}

/** ControllerExpandVolume; the rest is the kubelet's (external-resizer 1.14). */
function grow(sidecar: Sidecar, claim: PersistentVolumeClaim, volume: PersistentVolume): boolean {
  const { api } = sidecar;
  const { name } = volume.metadata;
  const storage = claim.spec.resources?.requests?.storage ?? "0";
  const allocated = { allocatedResources: { storage } };
  const doing = { ...allocated, allocatedResourceStatuses: { storage: "ControllerResizeInProgress" } };
  mark(sidecar, claim, "Resizing", undefined, doing);
  const message = `External resizer is resizing volume ${name}`;
  api.event(claim, { type: "Normal", reason: "Resizing", message });
  try {
    sidecar.driver().expand(csiSourceOf(volume)?.volumeHandle ?? "", Number(parseQuantity(storage).whole));
  } catch (error) {
    if (!(error instanceof CsiError)) throw error;
    const why = `resize volume "${name}" by resizer "${sidecar.driverName}" failed: ${error.message}`;
    api.event(claim, { type: "Warning", reason: "VolumeResizeFailed", message: why });
    return false;
  }
  api.modify<PersistentVolume>(volume, (now) => ({ ...now, spec: { ...now.spec, capacity: { storage } } }));
  const waits = "Waiting for user to (re-)start a pod to finish file system resize of volume on node.";
  const pending = { ...allocated, allocatedResourceStatuses: { storage: "NodeResizePending" } };
  mark(sidecar, claim, "FileSystemResizePending", waits, pending);
  const required = "Require file system resize of volume on node";
  api.event(claim, { type: "Normal", reason: "FileSystemResizeRequired", message: required });
  return true;
}

function mark(
  { api, proc }: Sidecar,
  claim: PersistentVolumeClaim,
  type: string,
  message: string | undefined,
  more: Partial<ClaimStatus>,
): void {
  const condition: Condition = {
    type,
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: rfc3339(proc.machine.kernel.clock.now),
    ...(message === undefined ? {} : { message }),
  };
  api.modify<PersistentVolumeClaim>(
    claim,
    (now) => {
      const growing = ["Resizing", "FileSystemResizePending"];
      const others = (now.status?.conditions ?? []).filter((one) => !growing.includes(one.type));
      return { ...now, status: { ...now.status, ...more, conditions: [...others, condition] } };
    },
    "status",
  );
}

/** Lets the volumes of a CSI driver grow. */
export const csiResizer: Image = {
  repository: "registry.k8s.io/sig-storage/csi-resizer",
  tags: ["v1.14.0", "v1.13.2", "v1.12.0", "v1.11.1", "v1.9.3"],
  size: 30_000_000,
  usage: { cpu: 1, memory: 11 },
  entrypoint: ["/csi-resizer"],
  programs: [csiSidecar("csi-resizer", (driver) => `external-resizer ${driver}`, work)],
  userland: "none",
};
