import type { Micros } from "../../../base/clock.ts";
import type { Json, JsonObject } from "../../../base/json.ts";
import { rfc3339Micro } from "../../../base/time.ts";
import type { Attributes } from "../authorization/authorizer.ts";
import type { UserInfo } from "../define.ts";
import type { Stage } from "./policy.ts";

/** What is known of a request when one of its stages is recorded. */
export interface Request {
  readonly id: string;
  readonly uri: string;
  readonly attributes: Attributes;
  readonly user: UserInfo | undefined;
  impersonated?: UserInfo | undefined;
  readonly from: string | undefined;
  readonly agent: string | undefined;
  readonly received: Micros;
  body?: Json | undefined;
  readonly annotations: Record<string, string>;
}

/** How it was answered. */
export interface Answer {
  readonly code: number;
  /** A refusal, or what a server says instead of an object. */
  readonly status?: JsonObject | undefined;
  readonly body?: Json | undefined;
}

/** An event of audit.k8s.io/v1, its fields in their order (apiserver pkg/apis/audit/v1/types.go, 1.35). */
export function eventOf(request: Request, level: string, stage: Stage, now: Micros, answer?: Answer): JsonObject {
  const { id, uri, attributes, user, impersonated, from, agent, received, body, annotations } = request;
  const event: Record<string, Json> = {
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level,
    auditID: id,
    stage,
    requestURI: uri,
    verb: attributes.verb,
    user: userText(user),
  };
  if (impersonated) event.impersonatedUser = userText(impersonated);
  if (from) event.sourceIPs = [from];
  if (agent) event.userAgent = agent;
  if ("resource" in attributes) event.objectRef = objectRef(attributes, body);
  if (answer) event.responseStatus = { metadata: {}, ...answer.status, code: answer.code };
  const bodies = level === "Request" || level === "RequestResponse";
  if (bodies && body !== undefined) event.requestObject = body;
  if (level === "RequestResponse" && answer?.body !== undefined) event.responseObject = answer.body;
  event.requestReceivedTimestamp = rfc3339Micro(received);
  event.stageTimestamp = rfc3339Micro(now);
  if (answer && Object.keys(annotations).length > 0)
    event.annotations = Object.fromEntries(Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : 1)));
  return event;
}

function userText(user: UserInfo | undefined): JsonObject {
  if (!user) return {};
  const { name, uid, groups, extra = {} } = user;
  const text: Record<string, Json> = { username: name };
  if (uid) text.uid = uid;
  if (groups.length > 0) text.groups = [...groups];
  if (Object.keys(extra).length > 0)
    text.extra = Object.fromEntries(Object.entries(extra).map(([k, v]) => [k, [...v]]));
  return text;
}

/** What is asked for; of an object that comes with the request its name, too. */
function objectRef(attributes: Exclude<Attributes, { path: string }>, body: Json | undefined): JsonObject {
  const { resource, namespace, name, group, version, subresource } = attributes;
  const isObject = typeof body === "object" && body !== null && !Array.isArray(body);
  const metadata = ((isObject ? (body as JsonObject).metadata : undefined) ?? {}) as Record<string, string | undefined>;
  const own = isObject && attributes.verb !== "patch" && attributes.verb !== "delete" ? metadata : {};
  const ref: Record<string, string | undefined> = {
    resource,
    namespace: namespace ?? own.namespace,
    name: name ?? own.name,
    uid: own.uid,
    apiGroup: group,
    apiVersion: version,
    resourceVersion: own.resourceVersion,
    subresource,
  };
  const said: Record<string, string> = {};
  for (const key in ref) if (ref[key]) said[key] = ref[key];
  return said;
}

/** The older format, a line of text (apiserver pkg/audit/format.go, 1.35). */
export function legacyLine(event: JsonObject): string {
  const text = (value: unknown) => JSON.stringify(value === undefined || value === "" ? "<none>" : String(value));
  const user = event.user as { username?: string; groups?: string[] };
  const as = event.impersonatedUser as { username?: string; groups?: string[] } | undefined;
  const quoted = (groups: readonly string[] | undefined) =>
    (groups ?? []).map((group) => JSON.stringify(group)).join(",");
  const ref = event.objectRef as { namespace?: string } | undefined;
  const status = event.responseStatus as { code?: number } | undefined;
  const parts = [
    `id=${text(event.auditID)}`,
    `stage=${text(event.stage)}`,
    `ip=${text((event.sourceIPs as string[] | undefined)?.[0])}`,
    `method=${text(event.verb)}`,
    `user=${text(user.username)}`,
    `groups=${user.groups?.length ? JSON.stringify(quoted(user.groups)) : '"<none>"'}`,
    `as=${JSON.stringify(as?.username ?? "<self>")}`,
    `asgroups=${as?.groups?.length ? JSON.stringify(quoted(as.groups)) : '"<lookup>"'}`,
    `user-agent=${text(event.userAgent)}`,
    `namespace=${text(ref?.namespace)}`,
    `uri=${text(event.requestURI)}`,
    `response=${JSON.stringify(status ? String(status.code) : "<deferred>")}`,
  ];
  return `${String(event.requestReceivedTimestamp)} AUDIT: ${parts.join(" ")}`;
}
