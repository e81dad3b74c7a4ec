import { column, containersCell, nameColumn } from "./cells.ts";
import { podTemplateDefaults } from "./defaults/pod-spec.ts";
import type { Kind, Problem } from "./define.ts";
import { labelsText } from "./label-selector.ts";
import type { PodTemplate } from "./types/workload.ts";
import { checkPodTemplate } from "./validation/pod-spec.ts";
import { podWarnings } from "./validation/pod-warnings.ts";

/** A template of pods that stands by itself. */
export const podTemplate: Kind<PodTemplate> = {
  kind: "PodTemplate",
  plural: "podtemplates",
  group: "",
  version: "v1",
  namespaced: true,
  countsGenerations: true,
  defaults: (object) => podTemplateDefaults(object),
  problems(object) {
    const problems: Problem[] = [];
    checkPodTemplate(object.template, "template", problems);
    return problems;
  },
  warnings: ({ template }) => podWarnings(template, "template"),
  columns: [
    nameColumn,
    column("Containers", (object) => containersCell(object.template, "name")),
    column("Images", (object) => containersCell(object.template, "image")),
    column("Pod Labels", ({ template }) => labelsText(template.metadata?.labels) || "<none>"),
  ],
};
