import { CommandFault } from "./faults.ts";
import { urlEscaped } from "./query-text.ts";

/** A resource that the server has, as discovery tells it. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly short: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly { readonly name: string; readonly verbs: readonly string[] }[];
}

/** apps/v1, v1 */
export function groupVersion({ group, version }: Pick<Resource, "group" | "version">): string {
  return group === "" ? version : `${group}/${version}`;
}

/** deployments.apps, pods */
export function qualifiedName({ plural, group }: Pick<Resource, "plural" | "group">): string {
  return group === "" ? plural : `${plural}.${group}`;
}

/** deployment.apps, pod: what stands before the name in `deployment.apps/web created`. */
export function kindName({ kind, group }: Pick<Resource, "kind" | "group">): string {
  return group === "" ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`;
}

/** The path of a resource, of one object (which must have a name), or of what lies below it. */
export function resourcePath(resource: Resource, namespace?: string, name?: string, subresource?: string): string {
  const { group, version, plural, namespaced } = resource;
  if (name === "") throw new CommandFault("resource name may not be empty");
  let path = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  if (namespaced && namespace !== undefined && namespace !== "") path += `/namespaces/${urlEscaped(namespace)}`;
  path += `/${plural}`;
  if (name !== undefined) path += `/${urlEscaped(name)}`;
  return subresource === undefined || subresource === "" ? path : `${path}/${subresource}`;
}

/** Whether two resources are of one type, whatever their version. */
export function isSameType(a: Resource, b: Resource): boolean {
  return a.group === b.group && a.plural === b.plural;
}
