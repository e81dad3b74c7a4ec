import type { Json, JsonObject } from "../base/json.ts";
import type { PublishedResource, TypeInfo } from "./define.ts";
import { resourcePaths } from "./openapi-paths.ts";
import { componentSchemas } from "./openapi-schemas.ts";
import { kubernetesVersion, typeNamed, typeOfKind } from "./types.ts";

/** api/v1 or apis/apps/v1: how the description names a group-version. */
export function openApiPath(group: string, version: string): string {
  return group === "" ? `api/${version}` : `apis/${group}/${version}`;
}

/** What `/openapi/v3` answers: the documents and their hashes. */
export function openApiIndex(resources: readonly PublishedResource[]): JsonObject {
  const byPath = new Map<string, PublishedResource[]>();
  for (const resource of resources) {
    const path = openApiPath(resource.group, resource.version);
    byPath.set(path, [...(byPath.get(path) ?? []), resource]);
  }
  const paths: Record<string, Json> = {};
  for (const path of [...byPath.keys()].sort()) {
    paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${documentHash(byPath.get(path) ?? [])}` };
  }
  return { paths };
}

/** The document of a group-version, for the resources it serves. */
export function openApiDocument(resources: readonly PublishedResource[]): JsonObject {
  const types: TypeInfo[] = [];
  for (const resource of resources) types.push(...typesOf(resource));
  const verbs = new Set(
    resources.flatMap((r) => [...(r.verbs ?? allVerbs), ...(r.subresources ?? []).flatMap((s) => s.verbs)]),
  );
  for (const [name, verb] of sharedTypes) {
    const type = typeNamed(`${meta}.${name}`);
    if (type && (verb === undefined || verbs.has(verb))) types.push(type);
  }
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: kubernetesVersion.gitVersion },
    paths: Object.assign({}, ...resources.map(resourcePaths)),
    components: {
      schemas: { ...componentSchemas(types), ...(verbs.has("patch") ? { [`${meta}.Patch`]: patchSchema } : {}) },
      securitySchemes: {
        BearerToken: {
          description: "Bearer Token authentication",
          in: "header",
          name: "authorization",
          type: "apiKey",
        },
      },
    },
  };
}

const meta = "io.k8s.apimachinery.pkg.apis.meta.v1";
const allVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/** Types that documents share, and the verb that needs them. */
const sharedTypes: readonly (readonly [name: string, verb?: string])[] = [
  ["APIResourceList"],
  ["Status", "delete"],
  ["DeleteOptions", "delete"],
  ["WatchEvent", "list"],
];

const patchSchema: JsonObject = {
  description: "Patch is provided to give a concrete name and type to the Kubernetes PATCH request body.",
  type: "object",
};

/** The kind of a resource, its list, and the kinds of its subresources. */
function typesOf(resource: PublishedResource): TypeInfo[] {
  const { group, version, kind } = resource;
  if (resource.type) return [resource.type];
  const found = [typeOfKind(group, version, kind), typeOfKind(group, version, `${kind}List`)];
  for (const sub of resource.subresources ?? []) {
    if (sub.kind) found.push(typeOfKind(sub.group ?? group, sub.version ?? version, sub.kind));
  }
  return found.filter((type) => type !== undefined);
}

/** Changes whenever the document would: clients keep documents by it. */
export function documentHash(resources: readonly PublishedResource[]): string {
  const text = JSON.stringify([kubernetesVersion, resources], (_, value) =>
    value instanceof Map ? [...value] : value,
  );
  let hash = "";
  for (let round = 0; hash.length < 128; round++) hash += fnv(text, round).toString(16).toUpperCase().padStart(8, "0");
  return hash;
}

/** FNV-1a, 32 bit, from a start of its own per round. */
function fnv(text: string, round: number): number {
  let hash = (0x811c9dc5 + round * 0x9e3779b9) >>> 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

/** What `/openapi/v2` answers in protobuf: a document that says swagger "2.0" and no more, which is all kubectl needs. */
export const openApiV2Answer = Uint8Array.of(0x0a, 0x03, 0x32, 0x2e, 0x30);
export const openApiV2ContentType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
