import type { DescribeOptions, Describing } from "../define.ts";
import { writeEvents } from "../describe/events.ts";
import { labelsOrNone } from "../describe/labels.ts";
import { eventsOf } from "../describe/related.ts";
import { Writer } from "../describe/writer.ts";
import type { StorageClass } from "../types/core.ts";

interface Topology {
  readonly matchLabelExpressions?: readonly { key: string; values?: readonly string[] }[];
}

/** The text of `kubectl describe storageclass`. `isDefault`: claims without a class get this one. */
export function* describeStorageClass(object: StorageClass, isDefault: boolean, options: DescribeOptions): Describing {
  const events = yield* eventsOf(object, options);
  const { metadata, allowVolumeExpansion: expands, mountOptions = [] } = object;
  const w = new Writer();
  w.field(0, "Name", metadata.name);
  w.field(0, "IsDefaultClass", isDefault ? "Yes" : "No");
  w.field(0, "Annotations", labelsOrNone(metadata.annotations));
  w.field(0, "Provisioner", object.provisioner);
  w.field(0, "Parameters", labelsOrNone(object.parameters));
  w.field(0, "AllowVolumeExpansion", expands === undefined ? "<unset>" : expands ? "True" : "False");
  w.line(0, mountOptions.length === 0 ? "MountOptions:\t<none>" : "MountOptions:");
  for (const option of mountOptions) w.line(1, option);
  if (object.reclaimPolicy !== undefined) w.field(0, "ReclaimPolicy", object.reclaimPolicy);
  if (object.volumeBindingMode !== undefined) w.field(0, "VolumeBindingMode", object.volumeBindingMode);
  writeTopologies(w, object.allowedTopologies as readonly Topology[] | undefined);
  writeEvents(w, events, options.now);
  return w.text();
}

function writeTopologies(w: Writer, topologies: readonly Topology[] | undefined): void {
  if (!topologies) return;
  w.line(0, `AllowedTopologies:\t${topologies.length === 0 ? "<none>" : ""}`);
  topologies.forEach(({ matchLabelExpressions = [] }, i) => {
    w.add(1, `Term ${i}:\t`);
    if (matchLabelExpressions.length === 0) w.line(0, "<none>");
    matchLabelExpressions.forEach(({ key, values = [] }, n) => {
      if (n > 0) w.add(1, "\t");
      w.line(0, `${key} in${values.length > 0 ? ` [${values.join(", ")}]` : ""}`);
    });
  });
}
