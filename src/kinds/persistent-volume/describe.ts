import { accessModesText, ageOf } from "../cells.ts";
import type { DescribeOptions, Describing } from "../define.ts";
import { classOf } from "../describe/claim.ts";
import { writeEvents } from "../describe/events.ts";
import { writeLabelsAndAnnotations, writeName } from "../describe/labels.ts";
import { eventsOf } from "../describe/related.ts";
import { writePersistentSource } from "../describe/volumes.ts";
import { Writer } from "../describe/writer.ts";
import type { PersistentVolume } from "../types/core.ts";
import type { NodeSelectorTerm } from "../types/pod.ts";

/** The text of `kubectl describe persistentvolume`. */
export function* describePersistentVolume(object: PersistentVolume, options: DescribeOptions): Describing {
  const { metadata, spec, status } = object;
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  writeName(w, metadata);
  writeLabelsAndAnnotations(w, metadata);
  w.field(0, "Finalizers", `[${(metadata.finalizers ?? []).join(" ")}]`);
  w.field(0, "StorageClass", classOf({ metadata, spec }));
  const ending = metadata.deletionTimestamp;
  w.field(0, "Status", ending ? `Terminating (lasts ${ageOf(ending, options.now)})` : (status?.phase ?? ""));
  const { claimRef } = spec;
  w.field(0, "Claim", claimRef ? `${claimRef.namespace ?? ""}/${claimRef.name ?? ""}` : "");
  w.field(0, "Reclaim Policy", spec.persistentVolumeReclaimPolicy ?? "");
  w.field(0, "Access Modes", accessModesText(spec.accessModes));
  if (spec.volumeMode !== undefined) w.field(0, "VolumeMode", spec.volumeMode);
  w.field(0, "Capacity", spec.capacity?.storage ?? "0");
  writeNodeAffinity(w, spec.nodeAffinity?.required?.nodeSelectorTerms as readonly NodeSelectorTerm[] | undefined);
  w.field(0, "Message", status?.message ?? "");
  w.line(0, "Source:");
  writePersistentSource(w, spec);
  writeEvents(w, events, options.now);
  return w.text();
}

/** From which nodes the volume can be reached. */
function writeNodeAffinity(w: Writer, terms: readonly NodeSelectorTerm[] | undefined): void {
  w.line(0, `Node Affinity:\t${terms ? "" : "<none>"}`);
  if (!terms) return;
  w.line(1, `Required Terms:\t${terms.length === 0 ? "<none>" : ""}`);
  terms.forEach(({ matchExpressions = [] }, i) => {
    w.add(2, `Term ${i}:\t`);
    if (matchExpressions.length === 0) w.line(0, "<none>");
    matchExpressions.forEach(({ key, operator, values = [] }, n) => {
      if (n > 0) w.add(2, "\t");
      w.line(0, `${key} ${operator.toLowerCase()}${values.length > 0 ? ` [${values.join(", ")}]` : ""}`);
    });
  });
}
