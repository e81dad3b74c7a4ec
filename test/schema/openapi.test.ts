import { describe, expect, test } from "vitest";
import { customType } from "../../src/schema/custom-type.ts";
import type { PublishedResource, PublishedSubresource } from "../../src/schema/define.ts";
import { documentHash, openApiDocument, openApiIndex } from "../../src/schema/openapi.ts";
import { isPublishedThere, type PublishedDocument, publishedDocuments, type Schema } from "./published.ts";

const verbs = new Set(["create", "delete", "deletecollection", "get", "list", "patch", "post", "put"]);

/** The resources that a published document describes, from its paths. */
function resourcesOf({ paths, group, version }: PublishedDocument): PublishedResource[] {
  const found = new Map<
    string,
    { -readonly [K in keyof PublishedResource]: PublishedResource[K] } & { verbs: string[] }
  >();
  const subs: [string, PublishedSubresource][] = [];
  for (const [path, methods] of Object.entries(paths)) {
    if (path.includes("/watch/")) continue;
    const match =
      /^\/apis?(?:\/[^/]+)?\/v\w+(\/namespaces\/\{namespace\})?\/([^/{]+)(?:\/\{name\}(?:\/([^{]+))?)?$/.exec(path);
    if (!match) continue;
    const [, namespaced, plural = "", sub] = match;
    for (const operation of Object.values(methods)) {
      const action = String(operation["x-kubernetes-action"] ?? "");
      const gvk = operation["x-kubernetes-group-version-kind"] as
        | { group: string; version: string; kind: string }
        | undefined;
      if (!verbs.has(action) || !gvk) continue;
      const verb = action === "post" ? "create" : action === "put" ? "update" : action;
      if (sub !== undefined) subs.push([plural, { name: sub, ...gvk, verbs: [verb] }]);
      else {
        const known = found.get(plural) ?? { plural, group, version, kind: gvk.kind, namespaced: false, verbs: [] };
        if (namespaced) known.namespaced = true;
        known.verbs.push(verb);
        found.set(plural, known);
      }
    }
  }
  for (const [plural, sub] of subs) {
    const parent = found.get(plural);
    if (!parent) continue;
    const same = parent.subresources?.find((s) => s.name === sub.name);
    parent.subresources = same
      ? parent.subresources?.map((s) => (s === same ? { ...s, verbs: [...s.verbs, ...sub.verbs] } : s))
      : [...(parent.subresources ?? []), sub];
  }
  return [...found.values()];
}

/** Without texts and enums, which the published documents lack, and the meta types of other groups. */
function shape(schema: Schema): unknown {
  return JSON.parse(
    JSON.stringify(schema, (key, value) =>
      key === "description" && typeof value === "string"
        ? undefined
        : key === "enum" && Array.isArray(value)
          ? undefined
          : value,
    ),
  );
}

const documents = publishedDocuments().map((published) => ({ published, path: published.path }));

describe.skipIf(!isPublishedThere)("documents beside the published ones of 1.35", () => {
  test.each(documents)("$path: schemas", ({ published }) => {
    const ours = openApiDocument(resourcesOf(published)).components as { schemas: Record<string, Schema> };
    for (const [name, schema] of Object.entries(ours.schemas)) {
      const theirs = published.schemas[name];
      const { "x-kubernetes-group-version-kind": _, ...rest } = theirs ?? {};
      const { "x-kubernetes-group-version-kind": __, ...own } = schema;
      expect([name, shape(own)]).toEqual([name, shape(rest)]);
    }
    expect(Object.keys(published.schemas).filter((name) => !ours.schemas[name])).toEqual([]);
  });

  test.each(documents)("$path: paths, kinds and fieldValidation", ({ published }) => {
    const ours = openApiDocument(resourcesOf(published)).paths as PublishedDocument["paths"];
    const seen = (paths: PublishedDocument["paths"]): unknown =>
      Object.entries(paths)
        .filter(([path]) => Object.keys(ours).includes(path))
        .map(([path, methods]) => [
          path,
          Object.entries(methods)
            .filter(
              ([method, operation]) => method !== "parameters" && verbs.has(String(operation["x-kubernetes-action"])),
            )
            .map(([method, operation]) => [
              method,
              operation["x-kubernetes-action"],
              operation["x-kubernetes-group-version-kind"],
              JSON.stringify([operation, methods.parameters]).includes('"fieldValidation"'),
            ])
            .sort(),
        ])
        .sort();
    expect(seen(ours)).toEqual(seen(published.paths));
  });
});

const pods: PublishedResource = { kind: "Pod", plural: "pods", group: "", version: "v1", namespaced: true };

describe("the description", () => {
  test("index", () => {
    expect(openApiIndex([pods, { ...pods, kind: "Deployment", plural: "deployments", group: "apps" }])).toEqual({
      paths: {
        "api/v1": { serverRelativeURL: `/openapi/v3/api/v1?hash=${documentHash([pods])}` },
        "apis/apps/v1": {
          serverRelativeURL: expect.stringMatching(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{128}$/),
        },
      },
    });
  });

  test("enums stand in it as a live server shows them", () => {
    const schemas = (openApiDocument([pods]).components as { schemas: Record<string, Schema> }).schemas;
    const protocol = schemas["io.k8s.api.core.v1.ContainerPort"]?.properties?.protocol;
    expect(protocol?.enum).toEqual(["SCTP", "TCP", "UDP"]);
    expect(protocol?.description).toBe(
      'Protocol for port. Must be UDP, TCP, or SCTP. Defaults to "TCP".\n\nPossible enum values:\n - `"SCTP"` is the SCTP protocol.\n - `"TCP"` is the TCP protocol.\n - `"UDP"` is the UDP protocol.',
    );
  });

  test("a custom resource", () => {
    const kind = { group: "example.com", version: "v1", kind: "Widget" };
    const spec = {
      type: "object",
      required: ["size"],
      properties: { size: { type: "integer", description: "How large." } },
    };
    const type = customType({ type: "object", properties: { spec } }, kind);
    const widgets = { ...kind, plural: "widgets", namespaced: true, type };
    const document = openApiDocument([widgets]);
    const schemas = (document.components as { schemas: Record<string, Schema> }).schemas;
    expect(schemas["com.example.v1.Widget"]?.properties?.spec).toEqual({
      type: "object",
      required: ["size"],
      properties: { size: { type: "integer", format: "int64", description: "How large." } },
    });
    expect(Object.keys(document.paths as object)).toContain(
      "/apis/example.com/v1/namespaces/{namespace}/widgets/{name}",
    );
    expect(documentHash([widgets])).not.toBe(documentHash([{ ...widgets, type: customType({}, kind) }]));
  });
});
