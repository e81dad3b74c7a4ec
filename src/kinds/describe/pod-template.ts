import type { PodTemplateSpec } from "../types/pod.ts";
import { writeContainers } from "./containers.ts";
import { writeAnnotations, writeLabels } from "./labels.ts";
import { writeSpread, writeTolerations } from "./scheduling.ts";
import { writeVolumes } from "./volumes.ts";
import type { Writer } from "./writer.ts";

/** The pods that a workload makes (kubectl pkg/describe DescribePodTemplate, 1.33). */
export function writePodTemplate(w: Writer, { metadata, spec }: PodTemplateSpec): void {
  const indent = "  ";
  w.line(0, "Pod Template:");
  writeLabels(w, "  Labels", metadata?.labels);
  if (Object.keys(metadata?.annotations ?? {}).length > 0) writeAnnotations(w, "  Annotations", metadata?.annotations);
  if (spec.serviceAccountName) w.field(1, "Service Account", spec.serviceAccountName);
  if (spec.initContainers?.length) writeContainers(w, spec.initContainers, { title: "Init Containers", indent });
  writeContainers(w, spec.containers, { title: "Containers", indent });
  writeVolumes(w, spec.volumes, indent);
  writeSpread(w, spec, indent);
  if (spec.priorityClassName) w.field(1, "Priority Class Name", spec.priorityClassName);
  writeLabels(w, "  Node-Selectors", spec.nodeSelector);
  writeTolerations(w, "  Tolerations", spec.tolerations);
}
