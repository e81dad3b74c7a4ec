import { parseFieldSelector } from "../../../base/field-selector.ts";
import type { Attributes } from "../authorization/authorizer.ts";
import type { ApiVerb } from "../define.ts";

/** A path of resources, taken apart. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** Takes apart /api/v1/… and /apis/GROUP/VERSION/…; undefined for any other path. */
export function resourcePath(path: string): ResourcePath | undefined {
  // Health pages are asked for each second.
  if (!path.includes("api") && !path.includes("%")) return undefined;
  const parts = path.split("/").filter((part) => part !== "");
  const [root, ...rest] = parts.map((part) => decodePart(part));
  if (root !== "api" && root !== "apis") return undefined;
  const group = root === "api" ? "" : (rest.shift() ?? "");
  const version = rest.shift();
  if (version === undefined || rest.length === 0) return undefined;
  // namespaces/x is the namespace x itself, unless a resource follows that is no part of it.
  const inNamespace = rest[0] === "namespaces" && rest.length > 2 && !["finalize", "status"].includes(rest[2] ?? "");
  const namespace = inNamespace ? rest[1] : undefined;
  const [plural = "", name, ...below] = inNamespace ? rest.slice(2) : rest;
  // What follows a proxy belongs to the far end.
  const subresource = below[0] === "proxy" ? "proxy" : below.length > 0 ? below.join("/") : undefined;
  return { group, version, plural, namespace, name, subresource };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** What the method means for a resource path (apiserver endpoints/request/requestinfo.go, 1.35). */
export function verbOf(method: string, { name }: ResourcePath, query: URLSearchParams): ApiVerb | undefined {
  switch (method) {
    case "GET":
    case "HEAD":
      if (query.get("watch") === "true" || query.get("watch") === "1") return "watch";
      return name === undefined ? "list" : "get";
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return name === undefined ? "deletecollection" : "delete";
    default:
      return undefined;
  }
}

/** What is asked of the authorizers. A namespace lies in itself; a field selector may name the object. */
export function attributesOf(path: ResourcePath, verb: ApiVerb, query: URLSearchParams): Attributes {
  const { group, version, plural, subresource } = path;
  const isNamespace = group === "" && plural === "namespaces";
  const selected = selectedFields(verb, query);
  return {
    verb,
    group,
    resource: plural,
    subresource,
    name: path.name ?? (selected?.["metadata.name"] || undefined),
    namespace: path.namespace ?? (isNamespace ? path.name : undefined),
    version,
    ...(selected ? { selected } : {}),
  };
}

function selectedFields(verb: ApiVerb, query: URLSearchParams): Record<string, string> | undefined {
  if (verb !== "list" && verb !== "watch" && verb !== "deletecollection") return undefined;
  const selector = query.get("fieldSelector");
  if (!selector) return undefined;
  try {
    const terms = parseFieldSelector(selector).filter(({ operator }) => operator === "=");
    return Object.fromEntries(terms.map(({ field, value }) => [field, value]));
  } catch {
    return undefined;
  }
}
