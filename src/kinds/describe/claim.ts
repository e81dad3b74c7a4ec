import { accessModesText } from "../cells.ts";
import type { PersistentVolumeClaim } from "../types/core.ts";
import { writeAnnotations, writeLabels } from "./labels.ts";
import type { Writer } from "./writer.ts";

/** What only a claim of its own has: where it stands, how it is, what it waits for. */
export interface WholeClaim {
  readonly status: string;
}

/** A claim, or with `whole` left out the template of one within a pod. */
export function writeClaim(w: Writer, claim: PersistentVolumeClaim, whole?: WholeClaim): void {
  const { metadata = {} as PersistentVolumeClaim["metadata"], spec } = claim;
  if (whole) {
    w.field(0, "Name", metadata.name);
    w.field(0, "Namespace", metadata.namespace ?? "");
  }
  w.field(0, "StorageClass", classOf({ metadata, spec }));
  if (whole) w.field(0, "Status", whole.status);
  w.field(0, "Volume", spec.volumeName ?? "");
  writeLabels(w, "Labels", metadata.labels);
  writeAnnotations(w, "Annotations", metadata.annotations);
  if (whole) w.field(0, "Finalizers", `[${(metadata.finalizers ?? []).join(" ")}]`);
  w.field(0, "Capacity", spec.volumeName ? (claim.status?.capacity?.storage ?? "0") : "");
  w.field(0, "Access Modes", spec.volumeName ? accessModesText(claim.status?.accessModes) : "");
  if (spec.volumeMode !== undefined) w.field(0, "VolumeMode", spec.volumeMode);
  const source = spec.dataSource as { apiGroup?: string; kind: string; name: string } | undefined;
  if (!source) return;
  w.line(0, "DataSource:");
  if (source.apiGroup !== undefined) w.field(1, "APIGroup", source.apiGroup);
  w.field(1, "Kind", source.kind);
  w.field(1, "Name", source.name);
}

/** The storage class of a volume or claim: the annotation of old goes first. */
export function classOf({ metadata, spec }: Pick<PersistentVolumeClaim, "metadata" | "spec">): string {
  return metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec.storageClassName ?? "";
}
