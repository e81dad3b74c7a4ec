import type { HttpResponse } from "../../../base/http.ts";
import type { JsonObject } from "../../../base/json.ts";
import type { Status } from "../../../kinds/status.ts";

/** A Status as an answer. */
export function failure(status: Status): HttpResponse {
  const headers: Record<string, string> = { "content-type": "application/json", "cache-control": "no-cache, private" };
  const seconds = status.details?.retryAfterSeconds;
  if (seconds) headers["retry-after"] = String(seconds);
  return { status: status.code, headers, body: status.toObject() as JsonObject };
}
