import type { JsonObject } from "../../base/json.ts";
import { isObject } from "../../base/json-object.ts";
import { typeBehind } from "../../schema/types.ts";
import { CommandFault } from "./faults.ts";
import { checkRegistered, goTypeName, kindOf } from "./kind-of.ts";
import type { Found } from "./selection.ts";
import { goTypeOf } from "./typed-object.ts";

/** Where the spec of an object's pods stands: ["spec"] of a pod, ["spec", "template", "spec"] of a workload. */
export function podSpecPath({ resource, object }: Found): readonly string[] | undefined {
  const at = kindOf(resource)?.templateAt;
  if (at !== undefined) return at === "" ? ["spec"] : [...at.split("."), "spec"];
  // Kinds that cannot be rolled out have a template all the same.
  for (const path of [
    ["spec", "template", "spec"],
    ["spec", "jobTemplate", "spec", "template", "spec"],
  ])
    if (hasType(object, [...path, "containers"])) return path;
  return undefined;
}

function hasType(object: JsonObject, path: readonly string[]): boolean {
  let type = goTypeOf(object);
  for (const [i, name] of path.entries()) {
    const field = type?.fields.get(name);
    if (!field) return false;
    if (i < path.length - 1) type = typeBehind(field);
  }
  return true;
}

/** deployments/web: how errors of `kubectl set` name an object; of a file alone by its kind. */
export function shortName({ resource, name }: Found, local: boolean): string {
  return `${local ? resource.singular : resource.plural}/${name}`;
}

/** The object with another pod spec. Throws where it has none. */
export function withPodSpec(found: Found, local: boolean, change: (spec: JsonObject) => JsonObject): JsonObject {
  const path = podSpecPath(found);
  if (!path) checkRegistered(found.resource);
  if (!path)
    throw new CommandFault(
      `error: ${shortName(found, local)} the object is not a pod or does not have a pod template: ${goTypeName(found.resource)}\n`,
    );
  return changedAt(found.object, path, change);
}

/** An object with what stands at a path changed; the levels above are copied. */
export function changedAt(
  object: JsonObject,
  path: readonly string[],
  change: (value: JsonObject) => JsonObject,
): JsonObject {
  const [first, ...rest] = path;
  if (first === undefined) return change(object);
  const value = object[first];
  return { ...object, [first]: changedAt(isObject(value) ? value : {}, rest, change) };
}

/** The containers of a pod spec's list. */
export function containersIn(spec: JsonObject, list: "containers" | "initContainers"): readonly JsonObject[] {
  return (spec[list] ?? []) as readonly JsonObject[];
}

/** Whether a container is chosen by -c, where * stands for any characters. */
export function isChosen(container: JsonObject, pattern: string): boolean {
  if (pattern === "*") return true;
  const parts = pattern.split("*");
  let text = String(container.name ?? "");
  if (parts.length === 1) return text === pattern;
  const [first = ""] = parts;
  const last = parts.at(-1) ?? "";
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  text = text.slice(first.length, text.length - last.length);
  for (const part of parts.slice(1, -1)) {
    const at = text.indexOf(part);
    if (at < 0) return false;
    text = text.slice(at + part.length);
  }
  return true;
}
