import { BuildFault } from "./fault.ts";
import { atField, type FieldSpec } from "./field-spec.ts";
import { gvkOf, gvkText, isClusterScoped, type ResId, sameGvk, sameId } from "./ids.ts";
import type { Var } from "./kustomization.ts";
import { lookup, smartPath } from "./paths.ts";
import type { Place } from "./place.ts";
import type { ResourceMap } from "./resource-map.ts";
import { isMap, isSeq, type Tree } from "./tree.ts";

/** A variable as Go prints it. */
function goText(one: Var): string {
  return `{${one.name ?? ""} ${gvkText(idOf(one))} {${one.fieldref?.fieldPath ?? ""}}}`;
}

/** Variables as Go prints them before they have been looked at: without the version of their objects. */
export function varsText(vars: readonly Var[]): string {
  const all = vars.map(({ objref = {}, ...one }) => {
    const { apiVersion: _, ...gvk } = objref;
    return goText({ ...one, objref: gvk });
  });
  return `[${all.join(" ")}]`;
}

/** The deprecated variables of a build: texts like $(NAME) that stand for fields of resources. */
export class Vars {
  private readonly byName = new Map<string, Var>();

  /** Takes up variables and notes on the resources which of them they give their value. */
  add(vars: readonly Var[], map: ResourceMap): void {
    for (const one of vars) {
      const id = idOf(one);
      const exact = id.namespace !== "" || id.clusterScoped;
      const found = map.byAnyId((other) => (exact ? sameId(id, other) : id.name === other.name && sameGvk(id, other)));
      if (found.length > 1)
        throw new BuildFault(`found ${found.length} resId matches for var ${goText(one)} (unable to disambiguate)`);
      for (const resource of found) resource.varNames = [...resource.varNames, one.name ?? ""];
    }
    for (const one of vars) this.addOne(one);
  }

  merge(other: Vars): void {
    for (const one of other.byName.values()) this.addOne(one);
  }

  private addOne(one: Var): void {
    const name = one.name ?? "";
    if (this.byName.has(name)) throw new BuildFault(`var '${name}' already encountered`);
    const fieldPath = one.fieldref?.fieldPath || "metadata.name";
    this.byName.set(name, { ...one, fieldref: { fieldPath } });
  }

  /** Puts the values in; answers with the names of variables that stood nowhere. */
  resolve(map: ResourceMap, fields: readonly FieldSpec[]): readonly string[] {
    if (this.byName.size === 0) return [];
    const values = new Map<string, Tree>();
    const names = [...this.byName.keys()].sort();
    for (const name of names) values.set(name, this.varValue(map, this.byName.get(name) ?? {}));
    const used = new Set<string>();
    const lookUp = (name: string): Tree => {
      const value = values.get(name);
      if (value === undefined || typeof value === "object") return `$(${name})`;
      used.add(name);
      return value;
    };
    for (const { object } of map.resources)
      for (const field of fields) atField(object, field, undefined, (place) => replaceAt(place, lookUp));
    return names.filter((name) => !used.has(name));
  }

  private varValue(map: ResourceMap, one: Var): Tree {
    const resource = map.resources.find(({ varNames }) => varNames.includes(one.name ?? ""));
    if (!resource)
      throw new BuildFault(`var '${goText(one)}' cannot be mapped to a field in the set of known resources`);
    const path = smartPath(one.fieldref?.fieldPath ?? "").flatMap((part) => part.split(/\[(\d+)\]/).filter(Boolean));
    const value = lookup(resource.object, path);
    if (value === undefined)
      throw new BuildFault(`field specified in var '${goText(one)}' not found in corresponding resource`);
    return value;
  }
}

function idOf({ objref = {} }: Var): ResId {
  const { apiVersion, group = "", version = "", kind = "", name = "", namespace = "" } = objref;
  const gvk = apiVersion ? gvkOf(apiVersion, kind) : { group, version, kind };
  return { ...gvk, name, namespace, clusterScoped: apiVersion ? false : isClusterScoped(gvk) };
}

function replaceAt(place: Place, lookUp: (name: string) => Tree): void {
  const { value } = place;
  if (isMap(value)) {
    for (const [key, item] of Object.entries(value)) if (typeof item === "string") value[key] = expand(item, lookUp);
  } else if (isSeq(value)) {
    for (const [i, item] of value.entries()) {
      if (typeof item !== "string") throw new BuildFault("invalid value type expect a string");
      value[i] = expand(item, lookUp);
    }
  } else if (typeof value === "string") place.put(expand(value, lookUp));
}

/** A text with its $(NAME)s replaced; $$ is a dollar. A text that is one variable takes its type. */
function expand(text: string, lookUp: (name: string) => Tree): Tree {
  let out = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    const next = text[at + 1];
    if (character !== "$" || next === undefined) {
      out += character;
      continue;
    }
    const end = next === "(" ? text.indexOf(")", at + 2) : -1;
    if (end >= 0) {
      const name = text.slice(at + 2, end);
      const value = lookUp(name);
      if (text === `$(${name})`) return value;
      out += String(value);
      at = end;
    } else {
      out += next === "$" ? "$" : `$${next}`;
      at++;
    }
  }
  return out;
}
