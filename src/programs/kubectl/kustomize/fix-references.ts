import type { JsonObject } from "../../../base/json.ts";
import { toYaml } from "../../../base/yaml-out.ts";
import { BuildFault, within } from "./fault.ts";
import { atField, type FieldSpec } from "./field-spec.ts";
import { type Gvk, idText, isSelected, sameNamespace } from "./ids.ts";
import type { NameReference } from "./name-references.ts";
import { itemPlaces, type Place } from "./place.ts";
import type { Resource } from "./resource.ts";
import { byNamespace, type ResourceMap } from "./resource-map.ts";
import { isMap, isSeq, scalarText, type TreeMap } from "./tree.ts";

/** A field of a resource that names others, and those it could mean. */
interface Referring {
  readonly referrer: Resource;
  readonly field: FieldSpec;
  readonly target: Gvk;
  readonly candidates: readonly Resource[];
}

/** Lets fields that name a resource follow when its name has changed (nameReferenceTransformer, 5.6). */
export function fixReferences(map: ResourceMap, references: readonly NameReference[]): void {
  for (const referrer of map.resources) {
    const original = referrer.originalId;
    const candidates = map.couldBeNamedBy(referrer);
    for (const { referrers, ...target } of references) {
      for (const spec of referrers) {
        if (!isSelected(original, spec)) continue;
        const field = { ...spec, ...referrer.gvk };
        const referring = { referrer, field, target, candidates };
        within(
          () => `updating name reference in '${spec.path}' field of '${idText(referrer.id)}'`,
          () => atField(referrer.object, field, undefined, (place) => fix(place, referring)),
        );
      }
    }
  }
}

function fix(place: Place, referring: Referring): void {
  const { value } = place;
  if (isSeq(value)) {
    for (const item of itemPlaces(value)) {
      if (isSeq(item.value)) throw new BuildFault("node is expected to be either a string or a map of string");
      fix(item, referring);
    }
  } else if (isMap(value)) fixMap(value, referring);
  else if (value !== null) fixText(place, referring);
}

function fixText(place: Place, referring: Referring): void {
  const old = scalarText(place.value);
  const found = meant(old, referring.candidates, referring, (all) => new Set(all.map(({ name }) => name)).size === 1);
  if (found && found.name !== old) place.put(found.name);
}

/** A map with name and namespace, as a subject of a role binding. */
function fixMap(map: TreeMap, referring: Referring): void {
  if (map.name === undefined) throw new BuildFault("path config error; no 'name' field in node");
  const old = scalarText(map.name);
  const sameAll = (all: readonly Resource[]) => new Set(all.map((one) => `${one.namespace}/${one.name}`)).size === 1;
  const found = meant(old, inNamespace(map, referring.candidates), referring, sameAll);
  if (!found || (found.name === old && found.namespace === "")) return;
  map.name = found.name;
  if (found.namespace !== "") map.namespace = found.namespace;
}

function inNamespace(map: TreeMap, candidates: readonly Resource[]): readonly Resource[] {
  if (map.namespace === undefined) return candidates;
  const namespace = scalarText(map.namespace);
  const before = byNamespace(candidates, (one) => one.originalId).get(namespace);
  return before ?? byNamespace(candidates, (one) => one.id).get(namespace) ?? [];
}

/** The one that an old name means; undefined where nothing needs to be done. */
function meant(
  old: string,
  candidates: readonly Resource[],
  { referrer, field, target }: Referring,
  alike: (resources: readonly Resource[]) => boolean,
): Resource | undefined {
  const role = roleOf(referrer, field);
  let left = candidates.filter(
    (one) =>
      one.notes.previous.some(({ name }) => name === old) &&
      one.previousIds.some((id) => isSelected(id, target)) &&
      (!role || one.previousIds.some((id) => isSelected(id, role))) &&
      near(referrer, one),
  );
  if (left.length === 1) return left[0];
  left = left.filter((one) => sameAffixes(referrer, one, true));
  if (left.length > 1) left = left.filter((one) => sameAffixes(referrer, one, false));
  const [first] = left;
  if (left.length <= 1 || alike(left)) return first;
  const ids = left.map(({ id }) => idText(id)).join(", ");
  throw new BuildFault(`found multiple possible referrals: ${ids}\n${details(referrer, left)}`);
}

function details(referrer: Resource, found: readonly Resource[]): string {
  const yaml = (one: Resource) => toYaml(one.annotated() as JsonObject);
  const all = found.map((one, i) => `--- possible referral ${i}:\n${yaml(one)}\n`).join("");
  return `\n**** Too many possible referral targets to referrer:\n${yaml(referrer)}\n${all}`;
}

/** The kind of role that a binding names. */
function roleOf({ object }: Resource, { path }: FieldSpec): Gvk | undefined {
  if (!path.endsWith("roleRef/name") || !isMap(object.roleRef)) return undefined;
  const { apiGroup, kind } = object.roleRef;
  if (apiGroup === undefined || kind === undefined) return undefined;
  return { group: scalarText(apiGroup), version: "", kind: scalarText(kind) };
}

function near(referrer: Resource, other: Resource): boolean {
  const [from, to] = [referrer.id, other.id];
  return from.clusterScoped || to.clusterScoped || other.kind === "ServiceAccount" || sameNamespace(from, to);
}

/** Whether two went through the same prefixes and suffixes, the last ones compared. */
function sameAffixes(a: Resource, b: Resource, orNone: boolean): boolean {
  const same = (x: readonly string[], y: readonly string[]) => {
    if (orNone && (x.length === 0 || y.length === 0)) return true;
    const count = Math.min(x.length, y.length);
    if (count === 0) return x.length === y.length;
    return x.slice(-count).join() === y.slice(-count).join();
  };
  return same(a.notes.prefixes, b.notes.prefixes) && same(a.notes.suffixes, b.notes.suffixes);
}
