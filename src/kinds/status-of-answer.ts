import type { HttpResponse } from "../base/http.ts";
import { type JsonObject, parseJson } from "../base/json.ts";
import { isObject } from "../base/json-object.ts";
import { Status, type StatusDetails, type StatusReason } from "./status.ts";

const words: Readonly<Record<number, readonly [reason: StatusReason, message: string]>> = {
  400: ["BadRequest", "the server rejected our request for an unknown reason"],
  401: ["Unauthorized", "the server has asked for the client to provide credentials"],
  403: ["Forbidden", "unknown"],
  404: ["NotFound", "the server could not find the requested resource"],
  405: ["MethodNotAllowed", "the server does not allow this method on the requested resource"],
  409: ["Conflict", "the server reported a conflict"],
  410: ["Expired", "the resource is no longer available"],
  415: ["UnsupportedMediaType", "the body of the request was in an unknown format"],
  429: ["TooManyRequests", "the server has received too many requests and has asked us to try again later"],
  503: ["ServiceUnavailable", "the server is currently unable to handle the request"],
  504: [
    "Timeout",
    "the server was unable to return a response in the time allotted, but may still be processing the request",
  ],
};

/** What the server refused with: the Status in its answer, or what client-go makes of one without. */
export function statusOf(
  body: JsonObject | undefined,
  response: HttpResponse,
  ask: { readonly method?: string; readonly path: string },
): Status {
  if (body?.kind !== "Status") return statusWithoutBody(response, ask);
  const { reason, message, details, code } = body;
  return new Status(
    ((reason as string | undefined) ?? "") as StatusReason,
    String(message ?? ""),
    details as StatusDetails | undefined,
    Number(code ?? response.status),
  );
}

/** What client-go makes of a failing answer that is no Status (api/errors NewGenericServerResponse, 1.35). */
function statusWithoutBody(
  { status, body }: HttpResponse,
  ask: { readonly method?: string; readonly path: string },
): Status {
  const text = typeof body === "string" ? body.trim() : "";
  const [reason, said] = words[status] ?? [
    "InternalError" as const,
    `an error on the server (${JSON.stringify(text || "unknown")}) has prevented the request from succeeding`,
  ];
  const message = status === 403 && text !== "" ? text : said;
  const about = requestWords(ask);
  return new Status(reason, about === "" ? message : `${message} (${about})`, undefined, status);
}

/** get pods web: the verb and resource of a request, "" for a path that is none. */
function requestWords({ method = "GET", path }: { readonly method?: string; readonly path: string }): string {
  const found = /^\/(?:api\/[^/]+|apis\/([^/]+)\/[^/]+)(?:\/namespaces\/[^/]+(?=\/))?\/([^/?]+)(?:\/([^/?]+))?/.exec(
    path,
  );
  if (!found) return "";
  const [, group, plural, name] = found;
  const resource = group ? `${plural}.${group}` : plural;
  return [method.toLowerCase(), resource, name].filter(Boolean).join(" ");
}

/** The object that an answer's text is; undefined where it is none. */
export function objectIn(text: string): JsonObject | undefined {
  if (!text.startsWith("{")) return undefined;
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}
