import type { HttpRequest, HttpResponse } from "../../../base/http.ts";
import { toJson } from "../../../base/json.ts";
import { Status } from "../../../kinds/status.ts";
import { proxied } from "../aggregation/proxy.ts";
import { type RemoteService, remoteServiceOf } from "../aggregation/remote-services.ts";
import { recordStranger, type Trail, trailOf } from "../audit/trail.ts";
import { authenticate } from "../authentication/authenticate.ts";
import { checkAccess } from "../authorization/access.ts";
import type { Attributes } from "../authorization/authorizer.ts";
import type { UserInfo } from "../define.ts";
import type { ApiServer } from "../server.ts";
import { answerResource } from "./answer-resource.ts";
import { failure } from "./failure.ts";
import { impersonated } from "./impersonation.ts";
import { answerPage } from "./pages.ts";
import { answerProxy, proxiedPath } from "./proxy.ts";
import { attributesOf, resourcePath, verbOf } from "./route.ts";

/** Groups whose objects are answered and never stored. */
const reviews = /^(authentication|authorization)\.k8s\.io$/;

/** Most requests have none; that of a proxied request is for the far end. */
const noQuery = new URLSearchParams();

/** A request that came in by the door, from its credentials (or by somebody who is known) to its answer. */
export function answer(server: ApiServer, request: HttpRequest, known?: UserInfo): HttpResponse {
  server.warnings = [];
  const seen: Seen = known ? { known } : {};
  let response: HttpResponse;
  const { trail: outer } = server.context;
  try {
    response = answered(server, request, seen);
  } catch (error) {
    if (!(error instanceof Status)) throw error;
    response = failure(error);
  } finally {
    server.context.trail = outer;
  }
  seen.trail?.answered(response);
  return readable(request, withWarnings(server, response));
}

/** What is known of a request while it is answered. */
interface Seen {
  /** Its sender, where that needs no credentials any more. */
  known?: UserInfo;
  /** Where it leaves its trail, while requests are recorded. */
  trail?: Trail;
}

/** Whom a request is to be taken for. */
function senderOf({ context }: ApiServer, request: HttpRequest, attributes: Attributes, seen: Seen): UserInfo {
  const { audit } = context.hooks;
  if (!audit) return seen.known ?? impersonated(context, authenticate(context, request), request.headers);
  let user: UserInfo;
  try {
    user = seen.known ?? authenticate(context, request);
  } catch (error) {
    if (error instanceof Status) recordStranger(context, audit, request, attributes);
    throw error;
  }
  seen.trail = trailOf(context, audit, request, user, attributes);
  context.trail = seen.trail;
  const taken = seen.known ?? impersonated(context, user, request.headers);
  seen.trail.actsAs(taken);
  seen.trail.decide(taken, attributes);
  return taken;
}

/** People who ask by hand get indented JSON (endpoints/handlers/negotiation isPrettyPrint, 1.35). */
function readable(request: HttpRequest, response: HttpResponse): HttpResponse {
  const { body } = response;
  if (typeof body !== "object" || !/^(curl|Wget|Mozilla\/5\.0)/.test(request.headers["user-agent"] ?? ""))
    return response;
  return { ...response, body: toJson(body, { indent: 2 }) };
}

function answered(server: ApiServer, request: HttpRequest, seen: Seen): HttpResponse {
  const { context } = server;
  const mark = request.path.indexOf("?");
  const path = mark < 0 ? request.path : request.path.slice(0, mark);
  const query = mark < 0 ? noQuery : new URLSearchParams(request.path.slice(mark + 1));
  const resource = resourcePath(path);
  const below = resource?.subresource === "proxy" ? proxiedPath(path) : undefined;
  const verb = resource && verbOf(request.method, resource, below === undefined ? query : noQuery);
  if (!resource || !verb) {
    const attributes = { verb: request.method.toLowerCase(), path };
    const user = senderOf(server, request, attributes, seen);
    checkAccess(context.authorizer, user, attributes);
    const other = remoteAt(server, path);
    if (other) return proxied(context, other, request, user);
    return answerPage(server, request, path, query);
  }
  const attributes = attributesOf(resource, verb, query);
  const user = senderOf(server, request, attributes, seen);
  checkAccess(context.authorizer, user, attributes);
  // What etcd's client says is handed on as it is (endpoints/handlers/responsewriters/status.go, 1.35).
  if (server.unavailable !== undefined && !reviews.test(resource.group)) throw new Status("", server.unavailable);
  const { group, version, plural } = resource;
  const remote = context.kinds.byGroupVersionResource(group, version, plural) ? undefined : remoteAt(server, path);
  if (remote) return proxied(context, remote, request, user);
  if (below !== undefined) return answerProxy(context, request, resource, below);
  return answerResource(server, request, { resource, verb, query, user });
}

/** The server that a path is handed on to: nothing of its group and version is served here. */
function remoteAt({ context }: ApiServer, path: string): RemoteService | undefined {
  const [, root, group, version] = path.split("/", 4);
  if (root !== "apis" || !group || !version) return undefined;
  const remote = remoteServiceOf(context, group, version);
  const isOurs = remote && context.kinds.all.some((kind) => kind.group === group && kind.version === version);
  return isOurs ? undefined : remote;
}

function withWarnings({ warnings }: ApiServer, response: HttpResponse): HttpResponse {
  if (warnings.length === 0) return response;
  const warning = warnings.map((text) => `299 - "${text.replace(/["\\]/g, "\\$&")}"`).join(", ");
  return { ...response, headers: { ...response.headers, warning } };
}
