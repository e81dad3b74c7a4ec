import type { HttpRequest, HttpResponse } from "../../base/http.ts";

const prometheus = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

/** The kubelet's pages below /metrics; undefined for any other page. */
export function metricsPages(page: () => string): (request: HttpRequest) => HttpResponse | undefined {
  return (request) => {
    const path = request.path.split("?")[0] ?? "";
    if (path !== "/metrics" && !path.startsWith("/metrics/")) return undefined;
    if (path === "/metrics/resource") return { status: 200, headers: { "content-type": prometheus }, body: page() };
    const headers = { "content-type": "text/plain; charset=utf-8" };
    return { status: 404, headers, body: `${path} is not simulated\n` };
  };
}
