import { compareQuantity, parseQuantity } from "../../base/quantity.ts";
import type { Problem } from "../define.ts";
import { equal } from "../equal.ts";
import { type InternalType, internalDiff } from "../internal-json.ts";
import { forbidden, immutable, required, wrong } from "../problem.ts";
import type { PersistentVolumeClaim } from "../types/core.ts";
import { checkAccessModes, checkVolumeMode } from "./access-modes.ts";
import { check, checkSelector } from "./labels.ts";
import { checkAmount } from "./resources.ts";
import { dnsSubdomain } from "./words.ts";

// kubernetes pkg/apis/core/validation ValidatePersistentVolumeClaim, 1.35.

type Spec = PersistentVolumeClaim["spec"];

export function claimProblems({ spec }: PersistentVolumeClaim): readonly Problem[] {
  const problems: Problem[] = [];
  if (!spec.accessModes?.length) problems.push(required("spec.accessModes", "at least 1 access mode is required"));
  checkSelector(spec.selector, "spec.selector", problems);
  checkAccessModes(spec.accessModes ?? [], "spec.accessModes", problems);
  const size = spec.resources?.requests?.storage;
  const path = "spec.resources[storage]";
  if (size === undefined) problems.push(required(path));
  else if (parseQuantity(size).nanos <= 0n) problems.push(wrong(path, size, "must be greater than zero"));
  else checkAmount("storage", size, path, problems);
  if (spec.storageClassName) check(dnsSubdomain, spec.storageClassName, "spec.storageClassName", problems);
  checkVolumeMode(spec.volumeMode, "spec.volumeMode", problems);
  const source = spec.dataSource as { kind?: string; name?: string; apiGroup?: string } | undefined;
  if (source) {
    if (!source.name) problems.push(required("spec.dataSource.name"));
    if (!source.kind) problems.push(required("spec.dataSource.kind"));
    if (!source.apiGroup && source.kind !== "PersistentVolumeClaim") {
      const detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
      problems.push(wrong("spec.dataSource", source.kind ?? "", detail));
    }
  }
  if (spec.volumeAttributesClassName)
    check(dnsSubdomain, spec.volumeAttributesClassName, "spec.volumeAttributesClassName", problems);
  return problems;
}

const specType: InternalType = [
  ["AccessModes"],
  ["Selector"],
  ["Resources", { type: [["Limits"], ["Requests"]] }],
  ["VolumeName", { zero: "" }],
  ["StorageClassName"],
  ["VolumeMode"],
  ["DataSource"],
  ["DataSourceRef"],
  ["VolumeAttributesClassName"],
];

/** A claim keeps its spec; once bound it may ask for more. */
export function claimProblemsOfUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): readonly Problem[] {
  const problems: Problem[] = [];
  const kept = keptOf(claim, old);
  const before: Spec = { ...old.spec };
  if (!before.volumeName && claim.spec.volumeName) before.volumeName = claim.spec.volumeName;
  if (!equal(kept, before)) {
    const what =
      "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
    problems.push(forbidden("spec", `${what}\n${internalDiff(before, kept, specType)}`));
  }
  const [size, oldSize] = [sizeOf(claim.spec.resources?.requests), sizeOf(old.spec.resources?.requests)];
  if (compareQuantity(size, oldSize) < 0 && compareQuantity(size, sizeOf(old.status?.capacity)) <= 0)
    problems.push(forbidden("spec.resources.requests.storage", "field can not be less than status.capacity"));
  if (claim.spec.volumeMode !== old.spec.volumeMode) problems.push(immutable("volumeMode", claim.spec.volumeMode));
  if (old.spec.volumeAttributesClassName !== undefined && claim.spec.volumeAttributesClassName === undefined) {
    const detail = "update from non-nil value to nil is forbidden";
    problems.push(forbidden("spec.volumeAttributesClassName", detail));
  }
  return problems;
}

function sizeOf(list: Readonly<Record<string, string>> | undefined) {
  return parseQuantity(list?.storage ?? "0");
}

/** The new spec with what may change put back to what it was. */
function keptOf(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): Spec {
  const kept: Spec = { ...claim.spec };
  if (old.spec.storageClassName === undefined && claim.spec.storageClassName !== undefined)
    delete kept.storageClassName;
  if (claim.status?.phase !== "Bound") return kept;
  const storage = old.spec.resources?.requests?.storage;
  if (kept.resources?.requests && storage !== undefined)
    kept.resources = { ...kept.resources, requests: { ...kept.resources.requests, storage } };
  if (kept.volumeAttributesClassName !== undefined) {
    if (old.spec.volumeAttributesClassName === undefined) delete kept.volumeAttributesClassName;
    else kept.volumeAttributesClassName = old.spec.volumeAttributesClassName;
  }
  return kept;
}
