import type { HttpRequest, HttpResponse } from "../../../base/http.ts";
import type { ApiServer } from "../server.ts";

export function answer(_server: ApiServer, _request: HttpRequest): HttpResponse {
  return { status: 404, headers: {} };
}
