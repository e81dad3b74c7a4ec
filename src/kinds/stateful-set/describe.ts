import type { DescribeOptions, Describing } from "../define.ts";
import { classOf } from "../describe/claim.ts";
import { writeEvents } from "../describe/events.ts";
import { writeLabels, writeLabelsAndAnnotations, writeName } from "../describe/labels.ts";
import { writePodTemplate } from "../describe/pod-template.ts";
import { eventsOf, podCounts } from "../describe/related.ts";
import { dateText } from "../describe/times.ts";
import { Writer } from "../describe/writer.ts";
import { selectorText } from "../label-selector.ts";
import { Status } from "../status.ts";
import type { StatefulSet } from "../types/workload.ts";

/** The text of `kubectl describe statefulset`. */
export function* describeStatefulSet(object: StatefulSet, options: DescribeOptions): Describing {
  const { metadata, spec, status } = object;
  const selector = selectorText(spec.selector);
  const pods = yield* podCounts(object, selector);
  if (pods instanceof Status) throw pods;
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  writeName(w, metadata);
  w.field(0, "CreationTimestamp", dateText(metadata.creationTimestamp));
  w.field(0, "Selector", selector);
  writeLabelsAndAnnotations(w, metadata);
  w.field(0, "Replicas", `${spec.replicas ?? 0} desired | ${status?.replicas ?? 0} total`);
  w.field(0, "Update Strategy", spec.updateStrategy?.type ?? "");
  const { partition, maxUnavailable } = spec.updateStrategy?.rollingUpdate ?? {};
  if (partition !== undefined) {
    w.field(1, "Partition", partition);
    if (maxUnavailable !== undefined) w.field(1, "MaxUnavailable", maxUnavailable);
  }
  w.field(0, "Pods Status", pods);
  writePodTemplate(w, spec.template);
  writeClaimTemplates(w, spec.volumeClaimTemplates);
  writeEvents(w, events, options.now);
  return w.text();
}

function writeClaimTemplates(w: Writer, claims: StatefulSet["spec"]["volumeClaimTemplates"]): void {
  if (!claims?.length) {
    w.field(0, "Volume Claims", "<none>");
    return;
  }
  w.line(0, "Volume Claims:");
  for (const claim of claims) {
    const { metadata = {} as typeof claim.metadata, spec } = claim;
    w.field(1, "Name", metadata.name);
    w.field(1, "StorageClass", classOf({ metadata, spec }));
    writeLabels(w, "  Labels", metadata.labels);
    writeLabels(w, "  Annotations", metadata.annotations);
    w.field(1, "Capacity", spec.resources?.requests?.storage ?? "<default>");
    w.field(1, "Access Modes", `[${(spec.accessModes ?? []).join(" ")}]`);
  }
}
