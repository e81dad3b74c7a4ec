import { ageColumn, column, nameColumn } from "./cells.ts";
import type { Kind, Problem } from "./define.ts";
import { duplicate, immutable, required, wrong } from "./problem.ts";
import type { ResourceSlice } from "./types/devices.ts";
import { checkNodeSelector } from "./validation/affinity.ts";
import { checkSubdomain } from "./validation/devices.ts";
import { check } from "./validation/labels.ts";
import { dnsLabel, dnsSubdomain } from "./validation/words.ts";

type Spec = ResourceSlice["spec"];

/** Devices that a driver has to give, of one node or of all. */
export const resourceSlice: Kind<ResourceSlice> = {
  kind: "ResourceSlice",
  plural: "resourceslices",
  group: "resource.k8s.io",
  version: "v1",
  namespaced: false,
  countsGenerations: true,
  defaults(object) {
    object.spec ??= {};
  },
  problems,
  problemsOfUpdate({ spec }, { spec: old }) {
    const found: Problem[] = [];
    if (spec.pool?.name !== old.pool?.name) found.push(immutable("spec.pool.name", spec.pool?.name));
    if (spec.driver !== old.driver) found.push(immutable("spec.driver", spec.driver));
    if (spec.nodeName !== old.nodeName) found.push(immutable("spec.nodeName", spec.nodeName ?? null));
    return found;
  },
  selectable: ({ spec }) => ({ "spec.nodeName": spec.nodeName ?? "", "spec.driver": spec.driver ?? "" }),
  columns: [
    nameColumn,
    column("Node", ({ spec }) => spec.nodeName ?? ""),
    column("Driver", ({ spec }) => spec.driver ?? ""),
    column("Pool", ({ spec }) => spec.pool?.name ?? ""),
    ageColumn,
  ],
};

const mostDevices = 128;
const places = ["nodeName", "nodeSelector", "allNodes", "perDeviceNodeSelection"] as const;

/** kubernetes pkg/apis/resource/validation ValidateResourceSlice, 1.35. */
function problems({ spec }: ResourceSlice): readonly Problem[] {
  const found: Problem[] = [];
  checkSubdomain(spec.driver, "spec.driver", found);
  checkPool(spec.pool ?? {}, found);
  checkPlace(spec, found);
  if (spec.sharedCounters && spec.devices)
    found.push(wrong("spec", "", "only one of `sharedCounters` or `devices` is allowed"));
  const { devices = [] } = spec;
  if (devices.length > mostDevices) {
    const detail = `must have at most ${mostDevices} items`;
    found.push({ type: "TooMany", path: "spec.devices", value: devices.length, detail });
  }
  const names = new Set<string>();
  for (const [index, { name = "", attributes = {} }] of devices.entries()) {
    const at = `spec.devices[${index}]`;
    if (name === "") found.push(required(`${at}.name`));
    else check(dnsLabel, name, `${at}.name`, found);
    if (names.has(name)) found.push(duplicate(at, name));
    names.add(name);
    for (const [attribute, value] of Object.entries(attributes))
      if (Object.keys(value).length !== 1) {
        const shown = Object.keys(value).length === 0 ? "" : value;
        found.push(wrong(`${at}.attributes[${attribute}]`, shown, "exactly one value must be specified"));
      }
  }
  return found;
}

function checkPool({ name = "", generation = 0, resourceSliceCount = 0 }: NonNullable<Spec["pool"]>, found: Problem[]) {
  if (name === "") found.push(required("spec.pool.name"));
  else for (const part of name.split("/")) check(dnsSubdomain, part, "spec.pool.name", found);
  if (resourceSliceCount <= 0)
    found.push(wrong("spec.pool.resourceSliceCount", resourceSliceCount, "must be greater than zero"));
  if (generation < 0) found.push(wrong("spec.pool.generation", generation, "must be greater than or equal to zero"));
}

function checkPlace(spec: Spec, found: Problem[]): void {
  const one = `exactly one of ${places.map((place) => `\`${place}\``).join(", ")} is required`;
  if (spec.nodeName === "") found.push(wrong("spec.nodeName", "", "must be either unset or set to a non-empty string"));
  else if (spec.nodeName !== undefined) check(dnsSubdomain, spec.nodeName, "spec.nodeName", found);
  if (spec.nodeSelector) {
    checkNodeSelector(spec.nodeSelector, "spec.nodeSelector", found);
    const terms = spec.nodeSelector.nodeSelectorTerms ?? [];
    if (terms.length !== 1)
      found.push(wrong("spec.nodeSelector.nodeSelectorTerms", terms, "must have exactly one node selector term"));
  }
  for (const flag of ["allNodes", "perDeviceNodeSelection"] as const)
    if (spec[flag] === false) found.push(wrong(`spec.${flag}`, false, "must be either unset or set to true"));
  const set = places.filter((place) => spec[place]).map((place) => `\`${place}\``);
  if (set.length === 0) found.push(required("spec", one));
  else if (set.length > 1) found.push(wrong("spec", `{${set.join(", ")}}`, `${one}, but multiple fields are set`));
}
