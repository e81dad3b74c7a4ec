import { BuildFault, within } from "./fault.ts";
import { compareGvk, type Gvk, gvkOf, idText, isClusterScoped, isSelected } from "./ids.ts";
import { fieldPlace, itemPlaces, type Place, rootPlace, type Setter } from "./place.ts";
import { isMap, isSeq, scalarText, type Tree, type TreeMap } from "./tree.ts";

/** Where in objects of some kinds a transformer works. */
export interface FieldSpec extends Gvk {
  readonly path: string;
  /** Whether the field is made where it is missing. */
  readonly create: boolean;
}

/** What is made of a field that is missing. */
type Made = "map" | "scalar" | undefined;

export function fieldSpec(path: string, spec: Partial<FieldSpec> = {}): FieldSpec {
  return { group: "", version: "", kind: "", create: false, ...spec, path };
}

/** Adds fields to others; one that is there already must be made, or not made, in the same way. */
export function mergeSpecs(specs: readonly FieldSpec[], more: readonly FieldSpec[]): readonly FieldSpec[] {
  const merged = [...specs];
  for (const spec of more) {
    const same = merged.find((one) => isSelected(one, spec) && one.path === spec.path);
    if (!same) merged.push(spec);
    else if (same.create !== spec.create) throw new BuildFault("conflicting fieldspecs");
  }
  return merged;
}

export function sortedSpecs<T extends Gvk>(specs: readonly T[]): readonly T[] {
  return specs.toSorted((a, b) => compareGvk(a, b));
}

/** Works on the field of an object, if the object is of the kind meant and has it (kustomize filters/fieldspec, 5.6). */
export function atField(object: TreeMap, spec: FieldSpec, made: Made, set: Setter): void {
  const gvk = gvkOf(scalarText(object.apiVersion), scalarText(object.kind));
  if (!isSelected(gvk, spec)) return;
  within(
    () => `considering field '${spec.path}' of object ${nameOf(object, gvk)}`,
    () => walk(rootPlace(object), { path: splitPath(spec.path, "/"), create: spec.create, made, set }),
  );
}

export function atFields(object: TreeMap, specs: readonly FieldSpec[], made: Made, set: Setter): void {
  for (const spec of specs) atField(object, spec, made, set);
}

function nameOf(object: TreeMap, gvk: Gvk): string {
  const metadata = isMap(object.metadata) ? object.metadata : {};
  const [name, namespace] = [scalarText(metadata.name), scalarText(metadata.namespace)];
  return idText({ ...gvk, name, namespace, clusterScoped: isClusterScoped(gvk) });
}

interface Walk {
  readonly path: readonly string[];
  readonly create: boolean;
  readonly made: Made;
  readonly set: Setter;
}

function walk(place: Place, how: Walk): void {
  const { value } = place;
  const [step, ...rest] = how.path;
  if (step === undefined) how.set(place);
  else if (value === null) return;
  else if (isSeq(value)) {
    within(`visit traversal on path: [${how.path.join(" ")}]`, () => {
      for (const item of itemPlaces(value)) walk(item, how);
    });
  } else if (isMap(value)) walkMap(value, step, { ...how, path: rest });
  else throw new BuildFault("expected sequence or mapping node");
}

function walkMap(map: TreeMap, step: string, how: Walk): void {
  const name = step.replace(/\[\]$/, "");
  const isList = name !== step;
  if (name === "") throw new BuildFault("cannot set or create an empty field name");
  const empty = emptyValue(how, isList);
  if (map[name] === undefined) {
    if (empty === undefined || isList) return;
    map[name] = empty;
  } else if (map[name] === null && empty !== undefined) map[name] = empty;
  walk(fieldPlace(map, name), how);
}

/** What stands for a field that is missing, or null. */
function emptyValue({ path, create, made }: Walk, isList: boolean): Tree | undefined {
  if (isList) return [];
  if (!create || made === undefined) return undefined;
  return path.length === 0 && made === "scalar" ? "" : {};
}

/** Takes a path apart; a backslash keeps a delimiter in a name. */
export function splitPath(path: string, delimiter: string): string[] {
  const parts = path.split(delimiter);
  if (parts.length > 1 && parts[0] === "") parts.shift();
  const names: string[] = [];
  for (const part of parts) {
    const before = names.at(-1);
    if (before?.endsWith("\\")) names[names.length - 1] = before.slice(0, -1) + delimiter + part;
    else names.push(part);
  }
  return names;
}
