import type { Kind, Problem } from "../../kinds/define.ts";
import type { KubeObject, ObjectMeta, OwnerReference } from "../../kinds/types/meta.ts";
import {
  dnsLabel,
  dnsLabel1035,
  dnsSubdomain,
  labelKey,
  labelValue,
  pathSegment,
} from "../../kinds/validation/words.ts";

// apimachinery pkg/api/validation/objectmeta.go, 1.35.

/** All annotations of an object together may have so many bytes. */
const annotationsLimit = 256 * 1024;

/** What is wrong with the metadata of a new object. */
export function metadataProblems(kind: Kind, object: KubeObject): Problem[] {
  const { metadata } = object;
  const problems: Problem[] = [];
  if (metadata.generateName) {
    for (const detail of nameProblems(kind, metadata.generateName, true)) {
      problems.push({ type: "Invalid", path: "metadata.generateName", value: metadata.generateName, detail });
    }
  }
  if (!metadata.name) {
    problems.push({ type: "Required", path: "metadata.name", detail: "name or generateName is required" });
  } else {
    for (const detail of nameProblems(kind, metadata.name, false)) {
      problems.push({ type: "Invalid", path: "metadata.name", value: metadata.name, detail });
    }
  }
  if (kind.namespaced) {
    if (!metadata.namespace) problems.push({ type: "Required", path: "metadata.namespace" });
    else {
      for (const detail of dnsLabel(metadata.namespace)) {
        problems.push({ type: "Invalid", path: "metadata.namespace", value: metadata.namespace, detail });
      }
    }
  } else if (metadata.namespace) {
    problems.push({ type: "Forbidden", path: "metadata.namespace", detail: "not allowed on this type" });
  }
  return [...problems, ...commonProblems(metadata), ...finalizerProblems(kind, metadata)];
}

/** What is wrong with a change of metadata. */
export function metadataProblemsOfUpdate(kind: Kind, next: ObjectMeta, old: ObjectMeta): Problem[] {
  if (next === old) return [];
  const problems: Problem[] = [];
  if (old.deletionTimestamp) {
    const added = (next.finalizers ?? []).filter((finalizer) => !old.finalizers?.includes(finalizer));
    if (added.length > 0) {
      const list = added.map((finalizer) => JSON.stringify(finalizer)).join(", ");
      const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
      problems.push({ type: "Forbidden", path: "metadata.finalizers", detail });
    }
  }
  for (const field of ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp"] as const) {
    if (next[field] !== old[field]) {
      problems.push({ type: "Invalid", path: `metadata.${field}`, value: next[field], detail: "field is immutable" });
    }
  }
  return [...problems, ...commonProblems(next, old), ...finalizerProblems(kind, next)];
}

/** What was right before and is still the same is not looked at again. */
function commonProblems(metadata: ObjectMeta, old?: ObjectMeta): Problem[] {
  const problems: Problem[] = [];
  if (metadata.labels && metadata.labels !== old?.labels)
    problems.push(...labelsProblems(metadata.labels, "metadata.labels"));
  if (metadata.annotations && metadata.annotations !== old?.annotations)
    problems.push(...annotationsProblems(metadata.annotations));
  if (metadata.ownerReferences && metadata.ownerReferences !== old?.ownerReferences)
    problems.push(...ownerProblems(metadata.ownerReferences));
  for (const finalizer of metadata.finalizers ?? []) {
    for (const detail of labelKey(finalizer)) {
      problems.push({ type: "Invalid", path: "metadata.finalizers", value: finalizer, detail });
    }
  }
  return problems;
}

/** Built-in kinds take finalizers with a domain, and three old ones (core validation validateKubeFinalizerName, 1.35). */
function finalizerProblems(kind: Kind, { finalizers = [] }: ObjectMeta): Problem[] {
  if (kind.readBody) return [];
  const detail = "name is neither a standard finalizer name nor is it fully qualified";
  return finalizers.flatMap((value, i) =>
    value.includes("/") || standardFinalizers.includes(value)
      ? []
      : [{ type: "Invalid", path: `metadata.finalizers[${i}]`, value, detail }],
  );
}

const standardFinalizers = ["foregroundDeletion", "kubernetes", "orphan"];

function labelsProblems(labels: Readonly<Record<string, string>>, path: string): Problem[] {
  const problems: Problem[] = [];
  for (const key in labels) {
    for (const detail of labelKey(key)) problems.push({ type: "Invalid", path, value: key, detail });
    const value = labels[key] ?? "";
    for (const detail of labelValue(value)) problems.push({ type: "Invalid", path, value, detail });
  }
  return problems;
}

function annotationsProblems(annotations: Readonly<Record<string, string>>): Problem[] {
  const path = "metadata.annotations";
  const problems: Problem[] = [];
  let size = 0;
  for (const key in annotations) {
    for (const detail of labelKey(key.toLowerCase())) problems.push({ type: "Invalid", path, value: key, detail });
    size += key.length + (annotations[key]?.length ?? 0);
  }
  if (size > annotationsLimit) {
    problems.push({ type: "TooLong", path, detail: `may not be more than ${annotationsLimit} bytes` });
  }
  return problems;
}

function ownerProblems(owners: readonly OwnerReference[]): Problem[] {
  const problems: Problem[] = [];
  let controller: OwnerReference | undefined;
  owners.forEach((owner) => {
    const path = "metadata.ownerReferences";
    if (owner.kind === "Event" && /^(v1|events\.k8s\.io\/v1)$/.test(owner.apiVersion)) {
      const [group = "", version] = owner.apiVersion.includes("/")
        ? owner.apiVersion.split("/")
        : ["", owner.apiVersion];
      const detail = `${group}/${version}, Kind=Event is disallowed from being an owner`;
      problems.push({ type: "Invalid", path, value: owner, detail });
    }
    const missing = (field: string, what: string, value: string): void => {
      if (!value)
        problems.push({ type: "Invalid", path: `${path}.${field}`, value, detail: `${what} must not be empty` });
    };
    missing("apiVersion", "version", owner.apiVersion ?? "");
    missing("kind", "kind", owner.kind ?? "");
    missing("name", "name", owner.name ?? "");
    missing("uid", "uid", owner.uid ?? "");
    if (!owner.controller) return;
    if (controller) {
      const [a, b] = [`${controller.kind}/${controller.name}`, `${owner.kind}/${owner.name}`];
      const detail = `Only one reference can have Controller set to true. Found "true" in references for ${a} and ${b}`;
      problems.push({ type: "Invalid", path: "metadata.ownerReferences", value: owners, detail });
    }
    controller ??= owner;
  });
  return problems;
}

function nameProblems(kind: Kind, name: string, prefix: boolean): readonly string[] {
  // A prefix may end with what a name may not: five characters will follow (maskTrailingDash).
  const text = prefix && name.length > 1 && name.endsWith("-") ? `${name.slice(0, -2)}a` : name;
  switch (kind.nameRule ?? "subdomain") {
    case "label":
      return dnsLabel(text);
    case "label1035":
      return dnsLabel1035(text);
    case "path":
      return prefix && /^\.{1,2}$/.test(name) ? [] : pathSegment(name);
    case "any":
      return [];
    default:
      return dnsSubdomain(text);
  }
}
