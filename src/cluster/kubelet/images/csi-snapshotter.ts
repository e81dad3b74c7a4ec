import { rfc3339 } from "../../../base/time.ts";
import type { Task } from "../../../machine/define.ts";
import { followResources } from "../../daemon/follow-resources.ts";
import { CsiError } from "../../storage/csi-driver.ts";
import { csiSidecar, type Sidecar } from "../../storage/csi-sidecar.ts";
import {
  BEING_DELETED,
  CONTENT_BOUND,
  SNAPSHOT_CONTENTS,
  type VolumeSnapshotContent,
} from "../../storage/snapshots.ts";
import type { Image } from "./define.ts";

/** Seconds until a snapshot that failed is tried again. */
const RETRY = 15;

function* work(sidecar: Sidecar): Task {
  const { proc, api } = sidecar;
  yield* followResources(proc, api, [SNAPSHOT_CONTENTS], () => {
    let failed = false;
    for (const content of api.list<VolumeSnapshotContent>(SNAPSHOT_CONTENTS)) {
      if (content.spec.driver !== sidecar.driverName) continue;
      const went = content.metadata.deletionTimestamp ? remove(sidecar, content) : make(sidecar, content);
      if (!went) failed = true;
    }
    return failed ? RETRY : undefined;
  });
}

/** Takes the snapshot that a content stands for (external-snapshotter sidecar, 8.3). */
function make(sidecar: Sidecar, content: VolumeSnapshotContent): boolean {
  const { api } = sidecar;
  if (content.status?.readyToUse) return true;
  const { volumeHandle, snapshotHandle } = content.spec.source;
  try {
    if (snapshotHandle !== undefined) {
      report(sidecar, content, { snapshotHandle, readyToUse: true });
      return true;
    }
    const name = `snapshot-${content.spec.volumeSnapshotRef.uid ?? ""}`;
    const made = sidecar.driver().createSnapshot(name, volumeHandle ?? "");
    const creationTime = BigInt(made.at) * 1000n;
    report(sidecar, content, { snapshotHandle: made.id, creationTime, restoreSize: made.bytes, readyToUse: true });
    return true;
  } catch (error) {
    if (!(error instanceof CsiError)) throw error;
    const message = `Failed to check and update snapshot content: failed to take snapshot of the volume ${volumeHandle}: "${error.message}"`;
    if (content.status?.error?.message !== message) {
      const time = rfc3339(sidecar.proc.machine.kernel.clock.now);
      report(sidecar, content, { error: { message, time }, readyToUse: false });
      api.event(content, { type: "Warning", reason: "SnapshotCreationFailed", message });
    }
    return false;
  }
}

function report(
  { api }: Sidecar,
  content: VolumeSnapshotContent,
  status: NonNullable<VolumeSnapshotContent["status"]>,
): void {
  api.modify<VolumeSnapshotContent>(content, (now) => ({ ...now, status }), "status");
}

/** Deletes the snapshot behind a content that goes, where its policy says so, and lets it go. */
function remove(sidecar: Sidecar, content: VolumeSnapshotContent): boolean {
  const { finalizers = [], annotations } = content.metadata;
  if (!finalizers.includes(CONTENT_BOUND)) return true;
  if (annotations?.[BEING_DELETED] !== "yes") return true;
  try {
    const handle = content.status?.snapshotHandle;
    if (content.spec.deletionPolicy === "Delete" && handle !== undefined) sidecar.driver().deleteSnapshot(handle);
  } catch (error) {
    if (!(error instanceof CsiError)) throw error;
    sidecar.api.event(content, {
      type: "Warning",
      reason: "SnapshotDeleteError",
      message: "Failed to delete snapshot",
    });
    return false;
  }
  sidecar.api.modify<VolumeSnapshotContent>(content, (now) => {
    const left = (now.metadata.finalizers ?? []).filter((one) => one !== CONTENT_BOUND);
    return { ...now, metadata: { ...now.metadata, finalizers: left } };
  });
  return true;
}

/** Takes snapshots by calling a CSI driver. */
export const csiSnapshotter: Image = {
  repository: "registry.k8s.io/sig-storage/csi-snapshotter",
  tags: ["v8.3.0", "v8.2.1", "v8.2.0", "v8.1.0", "v7.0.2", "v6.3.3"],
  size: 30_000_000,
  usage: { cpu: 1, memory: 11 },
  entrypoint: ["/csi-snapshotter"],
  programs: [csiSidecar("csi-snapshotter", (driver) => `csi-snapshotter ${driver}`, work)],
  userland: "none",
};
