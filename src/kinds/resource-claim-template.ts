import { ageColumn, nameColumn } from "./cells.ts";
import type { Kind, Problem } from "./define.ts";
import { equal } from "./equal.ts";
import { internalTemplateSpec } from "./internal-device-claim.ts";
import { immutable } from "./problem.ts";
import type { ResourceClaimTemplate } from "./types/devices.ts";
import { checkDeviceClaim, deviceClaimDefaults } from "./validation/devices.ts";
import { checkAnnotations, checkLabels } from "./validation/labels.ts";

/** What the claim of each of several pods is made of. */
export const resourceClaimTemplate: Kind<ResourceClaimTemplate> = {
  kind: "ResourceClaimTemplate",
  plural: "resourceclaimtemplates",
  group: "resource.k8s.io",
  version: "v1",
  namespaced: true,
  defaults(object) {
    object.spec ??= { spec: {} };
    object.spec.spec ??= {};
    object.spec.spec.devices ??= {};
    deviceClaimDefaults(object.spec.spec.devices);
  },
  problemsOfCreate({ spec }) {
    const problems: Problem[] = [];
    checkLabels(spec.metadata?.labels, "spec.metadata.labels", problems);
    checkAnnotations(spec.metadata?.annotations, "spec.metadata.annotations", problems);
    checkDeviceClaim(spec.spec.devices, "spec.spec.devices", problems);
    return problems;
  },
  problemsOfUpdate: ({ spec }, old) => (equal(spec, old.spec) ? [] : [immutable("spec", internalTemplateSpec(spec))]),
  columns: [nameColumn, ageColumn],
};
