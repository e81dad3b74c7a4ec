import { toJson } from "../../../base/json.ts";
import { BuildFault } from "./fault.ts";
import { atField, atFields, type FieldSpec } from "./field-spec.ts";
import { gvkText, isSelected, type ResId, sameId } from "./ids.ts";
import type { Replica } from "./kustomization.ts";
import { fieldPlace, type Place, type Setter } from "./place.ts";
import type { Resource } from "./resource.ts";
import type { ResourceMap } from "./resource-map.ts";
import { demandKind, isMap, isSeq, scalarText, type TreeMap } from "./tree.ts";

/** Changes the resources of a build. */
export type Transformer = (map: ResourceMap) => void;

/** Sets a key of a map, or where no key is given the value itself. */
export function setText(key: string, text: string): Setter {
  return (place) => {
    if (key === "") {
      demandKind(place.value, "ScalarNode");
      place.put(text);
      return;
    }
    demandKind(place.value, "MappingNode");
    if (isMap(place.value)) place.value[key] = text;
  };
}

const neverRenamed = [
  { group: "", version: "", kind: "CustomResourceDefinition" },
  { group: "apiregistration.k8s.io", version: "", kind: "APIService" },
  { group: "", version: "", kind: "Namespace" },
];

/** Puts texts before and behind names (PrefixTransformer, SuffixTransformer). */
export function renamer(prefix: string, suffix: string, specs: readonly FieldSpec[]): Transformer {
  return (map) => {
    for (const resource of map.resources) {
      const { originalId } = resource;
      if (neverRenamed.some((gvk) => isSelected(originalId, gvk))) continue;
      for (const spec of specs) {
        if (!isSelected(originalId, spec)) continue;
        if (spec.path === "metadata/name") {
          const { prefixes, suffixes } = resource.notes;
          resource.note({
            prefixes: prefix === "" ? prefixes : [...prefixes, prefix],
            suffixes: suffix === "" ? suffixes : [...suffixes, suffix],
          });
          if (prefix !== "" || suffix !== "") resource.rememberId();
        }
        atField(resource.object, spec, "scalar", (place) => {
          demandKind(place.value, "ScalarNode");
          place.put(prefix + scalarText(place.value) + suffix);
        });
      }
    }
  };
}

/** Puts labels or annotations on all resources (LabelTransformer, AnnotationsTransformer). */
export function texter(texts: Readonly<Record<string, string>>, specs: readonly FieldSpec[]): Transformer {
  return (map) => {
    for (const { object } of map.resources)
      for (const key of Object.keys(texts).sort()) atFields(object, specs, "map", setText(key, texts[key] ?? ""));
  };
}

export type SubjectMode = "defaultOnly" | "allServiceAccounts" | "none";

/** Moves all resources into a namespace (NamespaceTransformer). */
export function mover(
  namespace: string,
  specs: readonly FieldSpec[],
  { unsetOnly = false, subjects = "defaultOnly" as SubjectMode } = {},
): Transformer {
  const set: Setter = (place) => {
    if (!unsetOnly || scalarText(place.value) === "") setText("", namespace)(place);
  };
  return (map) => {
    for (const resource of map.resources) {
      if (resource.isEmpty) continue;
      resource.rememberId();
      const { object, kind, id } = resource;
      const namespaceField = { group: "", version: "", kind: "", path: "metadata/namespace", create: true };
      if (!id.clusterScoped) atField(object, namespaceField, "scalar", set);
      const isBinding = kind === "RoleBinding" || kind === "ClusterRoleBinding";
      if (isBinding) moveSubjects(object, subjects, set);
      const used = specs.filter(
        ({ path, kind: of }) =>
          path !== "metadata/namespace" &&
          (path !== "metadata/name" || object.apiVersion === "v1") &&
          !(isBinding && path === "subjects/namespace" && of.endsWith("RoleBinding")),
      );
      atFields(object, used, "scalar", set);
      refuseDouble(map, resource.id);
    }
  };
}

function refuseDouble(map: ResourceMap, id: ResId): void {
  const same = map.byCurrentId((other) => sameId(id, other));
  const jsonOf = (one: Resource) => toJson(one.annotated(), { sortKeys: true });
  if (same.length !== 1)
    throw new BuildFault(`namespace transformation produces ID conflict: [${same.map(jsonOf).join(" ")}]`);
}

function moveSubjects(object: TreeMap, mode: SubjectMode, set: Setter): void {
  if (mode === "none" || !isSeq(object.subjects)) return;
  for (const subject of object.subjects) {
    if (!isMap(subject)) continue;
    const meant = mode === "defaultOnly" ? subject.name === "default" : subject.kind === "ServiceAccount";
    if (meant) set(fieldPlace(subject, "namespace"));
  }
}

/** Sets how many pods of a name there are (ReplicaCountTransformer). */
export function scaler({ name = "", count = 0 }: Replica, specs: readonly FieldSpec[]): Transformer {
  return (map) => {
    let found = false;
    for (const spec of specs) {
      for (const { object } of map.byAnyId((id) => id.name === name && isSelected(id, spec))) {
        found = true;
        atField(object, spec, "scalar", (place: Place) => {
          demandKind(place.value, "ScalarNode");
          place.put(count);
        });
      }
    }
    if (!found)
      throw new BuildFault(
        `resource with name ${name} does not match a config with the following GVK [${specs.map(gvkText).join(" ")}]`,
      );
  };
}
