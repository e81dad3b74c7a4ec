import type { KubeObject } from "../../kinds/types/meta.ts";

/** The resources of snapshot.storage.k8s.io, as clients name them. */
export const SNAPSHOTS = "volumesnapshots.snapshot.storage.k8s.io";
export const SNAPSHOT_CONTENTS = "volumesnapshotcontents.snapshot.storage.k8s.io";
export const SNAPSHOT_CLASSES = "volumesnapshotclasses.snapshot.storage.k8s.io";

/** Finalizers and annotations of snapshots (external-snapshotter pkg/utils, 8.3). */
export const SNAPSHOT_BOUND = "snapshot.storage.kubernetes.io/volumesnapshot-bound-protection";
export const CONTENT_BOUND = "snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection";
export const BEING_DELETED = "snapshot.storage.kubernetes.io/volumesnapshot-being-deleted";
export const DEFAULT_SNAPSHOT_CLASS = "snapshot.storage.kubernetes.io/is-default-class";

interface SnapshotError {
  readonly message?: string;
  readonly time?: string;
}

export interface VolumeSnapshot extends KubeObject {
  spec: {
    source: { persistentVolumeClaimName?: string; volumeSnapshotContentName?: string };
    volumeSnapshotClassName?: string;
  };
  status?: {
    boundVolumeSnapshotContentName?: string;
    creationTime?: string;
    readyToUse?: boolean;
    restoreSize?: string;
    error?: SnapshotError;
  };
}

export interface VolumeSnapshotContent extends KubeObject {
  spec: {
    deletionPolicy: "Delete" | "Retain";
    driver: string;
    source: { volumeHandle?: string; snapshotHandle?: string };
    sourceVolumeMode?: string;
    volumeSnapshotClassName?: string;
    volumeSnapshotRef: {
      apiVersion?: string;
      kind?: string;
      name: string;
      namespace: string;
      uid?: string;
      resourceVersion?: string;
    };
  };
  status?: {
    creationTime?: number | bigint;
    readyToUse?: boolean;
    restoreSize?: number;
    snapshotHandle?: string;
    error?: SnapshotError;
  };
}

export interface VolumeSnapshotClass extends KubeObject {
  driver: string;
  deletionPolicy: "Delete" | "Retain";
  parameters?: Record<string, string>;
}
