import type { HttpResponse } from "../../../base/http.ts";
import type { JsonObject } from "../../../base/json.ts";
import { textOf } from "../../../base/text-bytes.ts";
import type { Kind } from "../../../kinds/define.ts";
import type { PublishedResource } from "../../../schema/define.ts";
import {
  openApiDocument,
  openApiIndex,
  openApiPath,
  openApiV2Answer,
  openApiV2ContentType,
} from "../../../schema/openapi.ts";
import type { KindTable } from "../kind-table.ts";
import type { ApiServer } from "../server.ts";

const json = { "content-type": "application/json" };
/** The description is large and seldom asked for: documents are made when they are, and kept while the kinds stay. */
const documents = new WeakMap<KindTable, { revision: number; known: Map<string, JsonObject> }>();

/** Answers /openapi/v3, its documents, and /openapi/v2 (protobuf only). */
export function openApiPage({ context }: ApiServer, path: string, accept: string): HttpResponse | undefined {
  if (path === "/openapi/v2") {
    if (!accept.includes("protobuf") && accept !== "" && !accept.includes("*/*")) {
      return {
        status: 406,
        headers: { "content-type": "text/plain; charset=utf-8" },
        body: "only protobuf is simulated\n",
      };
    }
    return { status: 200, headers: { "content-type": openApiV2ContentType }, body: textOf(openApiV2Answer) };
  }
  if (path !== "/openapi/v3" && !path.startsWith("/openapi/v3/")) return undefined;
  const { kinds } = context;
  let memory = documents.get(kinds);
  if (memory?.revision !== kinds.revision) {
    memory = { revision: kinds.revision, known: new Map() };
    documents.set(kinds, memory);
  }
  const name = path.slice("/openapi/v3".length).replace(/^\/|\/$/g, "");
  let body = memory.known.get(name);
  if (!body) {
    body = name === "" ? openApiIndex(kinds.all.map(published)) : documentOf(kinds, name);
    if (!body) return undefined;
    memory.known.set(name, body);
  }
  return { status: 200, headers: json, body };
}

function documentOf(kinds: KindTable, name: string): JsonObject | undefined {
  const own = kinds.all.filter(({ group, version }) => openApiPath(group, version) === name);
  return own.length === 0 ? undefined : openApiDocument(own.map(published));
}

function published({ group, version, kind, plural, namespaced, verbs, subresources, type }: Kind): PublishedResource {
  return {
    group,
    version,
    kind,
    plural,
    namespaced,
    ...(verbs ? { verbs } : {}),
    ...(subresources ? { subresources } : {}),
    ...(type ? { type } : {}),
  };
}
