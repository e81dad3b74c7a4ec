import { ageColumn, nameColumn } from "./cells.ts";
import type { Kind, Problem } from "./define.ts";
import { wrong } from "./problem.ts";
import type { DeviceClass } from "./types/devices.ts";
import { checkDeviceConfig, checkDeviceSelectors } from "./validation/devices.ts";
import { isExtended } from "./validation/resources.ts";

/** Devices of one sort, by what they must be like. */
export const deviceClass: Kind<DeviceClass> = {
  kind: "DeviceClass",
  plural: "deviceclasses",
  group: "resource.k8s.io",
  version: "v1",
  namespaced: false,
  countsGenerations: true,
  defaults(object) {
    object.spec ??= {};
  },
  problems({ spec }) {
    const problems: Problem[] = [];
    checkDeviceSelectors(spec.selectors, "spec.selectors", problems);
    for (const [index, config] of (spec.config ?? []).entries())
      checkDeviceConfig(config, `spec.config[${index}]`, problems);
    const name = spec.extendedResourceName;
    if (name !== undefined && !isExtended(name))
      problems.push(wrong("spec.extendedResourceName", name, "must be a valid extended resource name"));
    return problems;
  },
  columns: [nameColumn, ageColumn],
};
