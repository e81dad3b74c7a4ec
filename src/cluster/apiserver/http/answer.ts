import type { HttpRequest, HttpResponse } from "../../../base/http.ts";
import type { JsonObject } from "../../../base/json.ts";
import { Status } from "../../../kinds/status.ts";
import { authenticate } from "../authentication.ts";
import { checkAccess } from "../authorization/access.ts";
import type { ApiServer } from "../server.ts";
import { answerResource } from "./answer-resource.ts";
import { impersonated } from "./impersonation.ts";
import { answerPage } from "./pages.ts";
import { attributesOf, resourcePath, verbOf } from "./route.ts";

/** Groups whose objects are answered and never stored. */
const reviews = /^(authentication|authorization)\.k8s\.io$/;

/** A request that came in by the door, from its credentials to its answer. */
export function answer(server: ApiServer, request: HttpRequest): HttpResponse {
  server.warnings = [];
  try {
    return withWarnings(server, answered(server, request));
  } catch (error) {
    if (!(error instanceof Status)) throw error;
    return withWarnings(server, failure(error));
  }
}

/** A Status as an answer. */
export function failure(status: Status): HttpResponse {
  const headers: Record<string, string> = { "content-type": "application/json", "cache-control": "no-cache, private" };
  const seconds = status.details?.retryAfterSeconds;
  if (seconds) headers["retry-after"] = String(seconds);
  return { status: status.code, headers, body: status.toObject() as JsonObject };
}

function answered(server: ApiServer, request: HttpRequest): HttpResponse {
  const { context } = server;
  const mark = request.path.indexOf("?");
  const path = mark < 0 ? request.path : request.path.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? "" : request.path.slice(mark + 1));
  const user = impersonated(context, authenticate(context, request), request.headers);
  const resource = resourcePath(path);
  const verb = resource && verbOf(request.method, resource, query);
  if (!resource || !verb) {
    checkAccess(context.authorizer, user, { verb: request.method.toLowerCase(), path });
    return answerPage(server, request, path, query);
  }
  checkAccess(context.authorizer, user, attributesOf(resource, verb, query));
  // What etcd's client says is handed on as it is (endpoints/handlers/responsewriters/status.go, 1.35).
  if (server.unavailable !== undefined && !reviews.test(resource.group)) throw new Status("", server.unavailable);
  return answerResource(server, request, { resource, verb, query, user });
}

function withWarnings({ warnings }: ApiServer, response: HttpResponse): HttpResponse {
  if (warnings.length === 0) return response;
  const warning = warnings.map((text) => `299 - "${text.replace(/["\\]/g, "\\$&")}"`).join(", ");
  return { ...response, headers: { ...response.headers, warning } };
}
