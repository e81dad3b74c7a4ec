import type { Json, JsonObject } from "../base/json.ts";
import type { PublishedResource, PublishedSubresource } from "./define.ts";
import { typeOfKind } from "./types.ts";

interface Target {
  readonly resource: PublishedResource;
  readonly sub?: PublishedSubresource;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly ref: string;
}

const meta = "io.k8s.apimachinery.pkg.apis.meta.v1";
const answers = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf", "application/cbor"];
const patches = [
  "application/apply-patch+cbor",
  "application/apply-patch+yaml",
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
];
const writing = ["dryRun", "fieldManager", "fieldValidation"];
const listing = [
  "allowWatchBookmarks",
  "continue",
  "fieldSelector",
  "labelSelector",
  "limit",
  "resourceVersion",
  "resourceVersionMatch",
  "sendInitialEvents",
  "timeoutSeconds",
  "watch",
];
const deleting = [
  "dryRun",
  "gracePeriodSeconds",
  "ignoreStoreReadErrorWithClusterBreakingPotential",
  "orphanDependents",
  "propagationPolicy",
];
const integers = new Set(["gracePeriodSeconds", "limit", "timeoutSeconds"]);
const booleans = new Set([
  "allowWatchBookmarks",
  "force",
  "ignoreStoreReadErrorWithClusterBreakingPotential",
  "orphanDependents",
  "sendInitialEvents",
  "watch",
]);

/** The paths of a resource with their operations. The outdated `/watch/` paths are not among them. */
export function resourcePaths(resource: PublishedResource): JsonObject {
  const { group, version, plural, namespaced } = resource;
  const base = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = namespaced ? "/namespaces/{namespace}" : "";
  const target = targetOf(resource);
  const paths: Record<string, Json> = {};
  const collection = operations(target, { list: "get", create: "post", deletecollection: "delete" });
  if (collection) paths[`${base}${scope}/${plural}`] = { ...collection, ...parametersOf(namespaced, false) };
  const item = operations(target, { get: "get", update: "put", patch: "patch", delete: "delete" });
  if (item) paths[`${base}${scope}/${plural}/{name}`] = { ...item, ...parametersOf(namespaced, true) };
  const everywhere = namespaced ? operations(target, { list: "get" }) : undefined;
  if (everywhere) paths[`${base}/${plural}`] = { ...everywhere, ...parametersOf(false, false) };
  for (const sub of resource.subresources ?? []) {
    const found = operations(targetOf(resource, sub), {
      get: "get",
      create: "post",
      update: "put",
      patch: "patch",
      delete: "delete",
    });
    if (found) paths[`${base}${scope}/${plural}/{name}/${sub.name}`] = { ...found, ...parametersOf(namespaced, true) };
  }
  return paths;
}

function targetOf(resource: PublishedResource, sub?: PublishedSubresource): Target {
  const kind = sub?.kind ?? resource.kind;
  const group = sub?.group ?? resource.group;
  const version = sub?.version ?? resource.version;
  const type = resource.type && !sub?.kind ? resource.type : typeOfKind(group, version, kind);
  return { resource, ...(sub ? { sub } : {}), group, version, kind, ref: type?.name ?? `${meta}.Status` };
}

/** The operations for the verbs a resource has: verb → HTTP method. */
function operations(target: Target, methods: Readonly<Record<string, string>>): JsonObject | undefined {
  const has = target.sub?.verbs ?? target.resource.verbs;
  const found: Record<string, Json> = {};
  for (const [verb, method] of Object.entries(methods)) {
    if (!has || has.includes(verb)) found[method] = operation(target, verb);
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

const actions: Readonly<Record<string, string>> = { create: "post", update: "put" };

function operation(target: Target, verb: string): JsonObject {
  const { group, version, kind, resource } = target;
  return {
    operationId: operationId(target, verb),
    tags: [`${(resource.group || "core").split(".")[0]}_${resource.version}`],
    parameters: queryOf(verb).map(queryParameter),
    ...requestBody(target, verb),
    responses: responses(target, verb),
    "x-kubernetes-action": actions[verb] ?? verb,
    "x-kubernetes-group-version-kind": { group, version, kind },
  };
}

function operationId({ resource, sub }: Target, verb: string): string {
  const verbs: Readonly<Record<string, string>> = {
    get: "read",
    update: "replace",
    deletecollection: "deleteCollection",
  };
  const words = [
    (resource.group || "core").split(".")[0] ?? "",
    resource.version,
    resource.namespaced ? "namespaced" : "",
  ];
  return (verbs[verb] ?? verb) + [...words, resource.kind, sub?.name ?? ""].map(capital).join("");
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function queryOf(verb: string): readonly string[] {
  switch (verb) {
    case "create":
    case "update":
      return writing;
    case "patch":
      return [...writing, "force"];
    case "list":
      return listing;
    case "delete":
      return deleting;
    case "deletecollection":
      return [...deleting, ...listing.filter((name) => name !== "allowWatchBookmarks" && name !== "watch")];
    default:
      return [];
  }
}

function queryParameter(name: string): JsonObject {
  const type = integers.has(name) ? "integer" : booleans.has(name) ? "boolean" : "string";
  return { in: "query", name, schema: { type, uniqueItems: true } };
}

function requestBody(target: Target, verb: string): JsonObject {
  if (verb === "patch") {
    // A custom resource has no strategic merge patch; kubectl apply looks here.
    const types = target.resource.type ? patches.filter((type) => !type.includes("strategic")) : patches;
    return { requestBody: { content: contentOf(types, `${meta}.Patch`), required: true } };
  }
  if (verb === "create" || verb === "update")
    return { requestBody: { content: contentOf(["*/*"], target.ref), required: true } };
  return verb.startsWith("delete") ? { requestBody: { content: contentOf(["*/*"], `${meta}.DeleteOptions`) } } : {};
}

function contentOf(types: readonly string[], name: string): JsonObject {
  return Object.fromEntries(types.map((type) => [type, { schema: { $ref: `#/components/schemas/${name}` } }]));
}

function responses(target: Target, verb: string): JsonObject {
  const list = verb === "list" && !target.resource.type;
  const name = verb.startsWith("delete") ? `${meta}.Status` : list ? `${target.ref}List` : target.ref;
  const content = contentOf(answers, name);
  const found: Record<string, Json> = { "200": { description: "OK", content } };
  if (verb === "create" || verb === "update" || verb === "patch") found["201"] = { description: "Created", content };
  if (verb === "create" || verb === "delete") found["202"] = { description: "Accepted", content };
  return { ...found, "401": { description: "Unauthorized" } };
}

function parametersOf(namespaced: boolean, named: boolean): JsonObject {
  const found = [...(named ? ["name"] : []), ...(namespaced ? ["namespace"] : [])].map((name) => ({
    in: "path",
    name,
    required: true,
    schema: { type: "string", uniqueItems: true },
  }));
  return { parameters: [...found, { in: "query", name: "pretty", schema: { type: "string", uniqueItems: true } }] };
}
