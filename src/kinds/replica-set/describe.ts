import { formatSelector } from "../../base/selector.ts";
import type { DescribeOptions, Describing } from "../define.ts";
import { writeConditions } from "../describe/conditions.ts";
import { writeEvents } from "../describe/events.ts";
import { writeLabelsAndAnnotations, writeName } from "../describe/labels.ts";
import { writePodTemplate } from "../describe/pod-template.ts";
import { eventsOf, podCounts } from "../describe/related.ts";
import { Writer } from "../describe/writer.ts";
import { selectorText } from "../label-selector.ts";
import { controllerOf } from "../labels.ts";
import { Status } from "../status.ts";
import type { ReplicaSet } from "../types/workload.ts";

/** The text of `kubectl describe replicaset`. */
export function* describeReplicaSet(object: ReplicaSet, options: DescribeOptions): Describing {
  const { metadata, spec, status } = object;
  const pods = yield* podCounts(object, selectorText(spec.selector));
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  writeName(w, metadata);
  w.field(0, "Selector", formatSelector(spec.selector));
  writeLabelsAndAnnotations(w, metadata);
  const owner = controllerOf(object);
  if (owner) w.field(0, "Controlled By", `${owner.kind}/${owner.name}`);
  w.field(0, "Replicas", `${status?.replicas ?? 0} current / ${spec.replicas ?? 0} desired`);
  w.field(0, "Pods Status", pods instanceof Status ? `error in fetching pods: ${pods.message}` : pods);
  writePodTemplate(w, spec.template);
  writeConditions(w, status?.conditions);
  writeEvents(w, events, options.now);
  return w.text();
}
