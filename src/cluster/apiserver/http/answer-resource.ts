import type { HttpRequest, HttpResponse } from "../../../base/http.ts";
import type { JsonObject } from "../../../base/json.ts";
import type { Kind, ResourceVerb } from "../../../kinds/define.ts";
import { answerComponents, isComponents } from "../components.ts";
import type { ApiRequest, ApiVerb, PatchType, UserInfo } from "../define.ts";
import { methodNotSupported, unknownPath } from "../errors.ts";
import { answerReview, isReview } from "../reviews/index.ts";
import type { ApiServer } from "../server.ts";
import { answerSubresource } from "../subresources/index.ts";
import { createOne, deleteAll, deleteOne, getOne, patchOne, updateOne } from "../verbs/index.ts";
import { listObjects } from "../verbs/list.ts";
import type { Outcome } from "../verbs/outcome.ts";
import { watchObjects } from "../verbs/watch.ts";
import { wantedForm } from "./accept.ts";
import { checkMediaType, mediaType, objectIn, readBody, readPatchBody, unsupportedMediaType } from "./body.ts";
import { deleteOptionsOf, optionsOf } from "./options.ts";
import { notFoundPage } from "./pages.ts";
import { render } from "./render.ts";
import type { ResourcePath } from "./route.ts";
import type { IncludeObject } from "./table.ts";

interface Authorized {
  readonly resource: ResourcePath;
  readonly verb: ApiVerb;
  readonly query: URLSearchParams;
  readonly user: UserInfo;
}

const patchTypes: Readonly<Record<string, PatchType>> = {
  "application/json-patch+json": "json",
  "application/merge-patch+json": "merge",
  "application/strategic-merge-patch+json": "strategic",
  "application/apply-patch+yaml": "apply",
  "application/apply-patch+cbor": "apply",
};

/** Answers a request for a resource, after authorization. */
export function answerResource(server: ApiServer, http: HttpRequest, asked: Authorized): HttpResponse {
  const { context } = server;
  const { group, version, plural, subresource } = asked.resource;
  const kind = context.kinds.byGroupVersionResource(group, version, plural);
  if (!kind || (asked.resource.namespace !== undefined && !kind.namespaced)) return notFoundPage();
  if (kind.deprecation !== undefined) context.warn(kind.deprecation);
  const query = asked.query;
  const form = wantedForm(http.headers.accept);
  const { request, text } = requestOf(kind, http, asked);
  context.trail?.sent(request.body);
  const rendering = { context, form, include: (query.get("includeObject") ?? "Metadata") as IncludeObject };
  if (subresource !== undefined && subresource !== "status") {
    return render(answerSubresource(context, { request, text, query }), rendering);
  }
  return render(outcomeOf(server, request, text), rendering);
}

function outcomeOf(server: ApiServer, request: ApiRequest, text: string | undefined): Outcome {
  const { context } = server;
  const { kind, verb, subresource, namespace } = request;
  checkSupported(kind, verb, subresource);
  if (isReview(kind)) return answerReview(context, request, text);
  if (isComponents(kind)) return answerComponents(context, request);
  if (verb === "create" && kind.namespaced && namespace === undefined) throw methodNotSupported(kind, "create");
  switch (verb) {
    case "get":
      return getOne(context, request);
    case "list":
      return listObjects(context, request);
    case "watch":
      return watchObjects(context, request, (end) => server.onStop(end));
    case "create":
      return createOne(context, { request, text });
    case "update":
      return updateOne(context, { request, text });
    case "patch":
      return patchOne(context, { request, text });
    case "delete":
      return deleteOne(context, request);
    case "deletecollection":
      return deleteAll(context, request);
  }
}

function checkSupported(kind: Kind, verb: ApiVerb, subresource: string | undefined): void {
  if (subresource !== undefined) {
    const found = kind.subresources?.find(({ name }) => name === subresource);
    if (!found) throw unknownPath();
    if (!found.verbs.includes(verb)) throw methodNotSupported(kind, verb);
    return;
  }
  if (kind.verbs && !kind.verbs.includes(verb as ResourceVerb)) throw methodNotSupported(kind, verb);
}

function requestOf(
  kind: Kind,
  http: HttpRequest,
  asked: Authorized,
): { request: ApiRequest; text: string | undefined } {
  const { resource, verb, query, user } = asked;
  const { namespace, name, subresource } = resource;
  const base = { verb, kind, namespace, name, subresource, user, agent: agentOf(http) };
  const options = optionsOf(query);
  if (verb === "create" || verb === "update") {
    checkMediaType(http);
    const body = readBody(http, kind.kind);
    const optional = subresource !== undefined && body.value === undefined;
    return { request: { ...base, options, body: optional ? undefined : objectIn(body, kind.kind) }, text: body.text };
  }
  if (verb === "patch") {
    const type = mediaType(http);
    const patchType = patchTypes[type];
    if (!patchType) throw unsupportedMediaType(Object.keys(patchTypes));
    const body = readPatchBody(http, kind.kind, patchType);
    return { request: { ...base, options, patchType, body: body.value ?? null }, text: body.text };
  }
  if (verb === "delete" || verb === "deletecollection") {
    const { value } = readBody(http, "DeleteOptions");
    return {
      request: { ...base, options: deleteOptionsOf(options, value as JsonObject | undefined) },
      text: undefined,
    };
  }
  return { request: { ...base, options }, text: undefined };
}

/** The client's program name: what stands before the first slash of its User-Agent. */
function agentOf({ headers }: HttpRequest): string {
  return headers["user-agent"]?.split("/", 1)[0] || "unknown";
}
