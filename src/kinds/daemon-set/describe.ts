import type { DescribeOptions, Describing } from "../define.ts";
import { writeEvents } from "../describe/events.ts";
import { labelsOrNone, writeLabelsAndAnnotations, writeName } from "../describe/labels.ts";
import { writePodTemplate } from "../describe/pod-template.ts";
import { eventsOf, podCounts } from "../describe/related.ts";
import { Writer } from "../describe/writer.ts";
import { selectorText } from "../label-selector.ts";
import { Status } from "../status.ts";
import type { DaemonSet } from "../types/workload.ts";

/** The text of `kubectl describe daemonset`. */
export function* describeDaemonSet(object: DaemonSet, options: DescribeOptions): Describing {
  const { metadata, spec } = object;
  const selector = selectorText(spec.selector);
  const pods = yield* podCounts(object, selector);
  if (pods instanceof Status) throw pods;
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  writeName(w, metadata);
  w.field(0, "Selector", selector);
  w.field(0, "Node-Selector", labelsOrNone(spec.template.spec.nodeSelector));
  writeLabelsAndAnnotations(w, metadata);
  const { desiredNumberScheduled = 0, currentNumberScheduled = 0, numberMisscheduled = 0 } = object.status ?? {};
  const { updatedNumberScheduled = 0, numberAvailable = 0 } = object.status ?? {};
  w.line(0, `Desired Number of Nodes Scheduled: ${desiredNumberScheduled}`);
  w.line(0, `Current Number of Nodes Scheduled: ${currentNumberScheduled}`);
  w.line(0, `Number of Nodes Scheduled with Up-to-date Pods: ${updatedNumberScheduled}`);
  w.line(0, `Number of Nodes Scheduled with Available Pods: ${numberAvailable}`);
  w.line(0, `Number of Nodes Misscheduled: ${numberMisscheduled}`);
  w.field(0, "Pods Status", pods);
  writePodTemplate(w, spec.template);
  writeEvents(w, events, options.now);
  return w.text();
}
