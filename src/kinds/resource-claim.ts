import { ageColumn, column, nameColumn } from "./cells.ts";
import type { Kind, Problem } from "./define.ts";
import { equal } from "./equal.ts";
import { internalClaimSpec } from "./internal-device-claim.ts";
import { immutable } from "./problem.ts";
import type { ResourceClaim } from "./types/devices.ts";
import { checkDeviceClaim, deviceClaimDefaults } from "./validation/devices.ts";

/** Devices that a pod needs. No driver prepares any in the lab: the pod is scheduled at most. */
export const resourceClaim: Kind<ResourceClaim> = {
  kind: "ResourceClaim",
  plural: "resourceclaims",
  group: "resource.k8s.io",
  version: "v1",
  namespaced: true,
  subresources: [{ name: "status", kind: "ResourceClaim", verbs: ["get", "patch", "update"] }],
  defaults(object) {
    object.spec ??= {};
    object.spec.devices ??= {};
    deviceClaimDefaults(object.spec.devices);
  },
  prepareForCreate(object) {
    object.status = {};
  },
  problemsOfCreate({ spec }) {
    const problems: Problem[] = [];
    checkDeviceClaim(spec.devices, "spec.devices", problems);
    return problems;
  },
  problemsOfUpdate: ({ spec }, old) => (equal(spec, old.spec) ? [] : [immutable("spec", internalClaimSpec(spec))]),
  columns: [nameColumn, column("State", stateOf), ageColumn],
};

function stateOf({ metadata, status }: ResourceClaim): string {
  const states: string[] = [];
  if (metadata.deletionTimestamp) states.push("deleted");
  if (!status?.allocation) {
    if (!metadata.deletionTimestamp) states.push("pending");
  } else states.push("allocated", ...(status.reservedFor?.length ? ["reserved"] : []));
  return states.join(",");
}
