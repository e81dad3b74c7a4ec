import type { DescribeOptions, Describing } from "../define.ts";
import { writeConditions } from "../describe/conditions.ts";
import { writeEvents } from "../describe/events.ts";
import { labelsOrNone, writeLabelsAndAnnotations, writeName } from "../describe/labels.ts";
import { writePodTemplate } from "../describe/pod-template.ts";
import { eventsOf, podCounts } from "../describe/related.ts";
import { Writer } from "../describe/writer.ts";
import { labelsText } from "../label-selector.ts";
import { Status } from "../status.ts";
import type { ReplicationController } from "../types/workload.ts";

/** The text of `kubectl describe replicationcontroller`. */
export function* describeReplicationController(object: ReplicationController, options: DescribeOptions): Describing {
  const { metadata, spec, status } = object;
  const pods = yield* podCounts(object, labelsText(spec.selector));
  if (pods instanceof Status) throw pods;
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  writeName(w, metadata);
  w.field(0, "Selector", labelsOrNone(spec.selector));
  writeLabelsAndAnnotations(w, metadata);
  w.field(0, "Replicas", `${status?.replicas ?? 0} current / ${spec.replicas ?? 0} desired`);
  w.field(0, "Pods Status", pods);
  writePodTemplate(w, spec.template);
  writeConditions(w, status?.conditions);
  writeEvents(w, events, options.now);
  return w.text();
}
