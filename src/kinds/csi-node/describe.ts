import { goValue } from "../../base/go-text.ts";
import type { DescribeOptions, Describing } from "../define.ts";
import { writeEvents } from "../describe/events.ts";
import { writeLabelsAndAnnotations } from "../describe/labels.ts";
import { eventsOf } from "../describe/related.ts";
import { dateText } from "../describe/times.ts";
import { Writer } from "../describe/writer.ts";
import type { CSINode } from "../types/storage.ts";

/** The text of `kubectl describe csinode` (pkg/describe CSINodeDescriber, 1.33). */
export function* describeCsiNode(object: CSINode, options: DescribeOptions): Describing {
  const events = yield* eventsOf(object, options);
  const { metadata, spec } = object;
  const w = new Writer();
  w.field(0, "Name", metadata.name);
  writeLabelsAndAnnotations(w, metadata);
  w.field(0, "CreationTimestamp", dateText(metadata.creationTimestamp));
  w.line(0, "Spec:");
  if (spec.drivers) w.line(1, "Drivers:");
  for (const { name, nodeID, allocatable, topologyKeys } of spec.drivers ?? []) {
    w.line(2, `${name}:`);
    w.field(3, "Node ID", nodeID);
    if (allocatable?.count !== undefined) {
      w.line(3, "Allocatables:");
      w.field(4, "Count", String(allocatable.count));
    }
    if (topologyKeys) w.field(3, "Topology Keys", goValue(topologyKeys));
  }
  writeEvents(w, events, options.now);
  return w.text();
}
