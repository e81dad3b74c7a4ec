import type { HttpRequest } from "../../../../base/http.ts";
import type { Settings } from "./settings.ts";

const HEADERS =
  "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization";
const METHODS = "GET, PUT, POST, DELETE, PATCH, OPTIONS";

/** The headers of enable-cors: none where the asking page's origin is not among those allowed (annotations/cors, 1.13). */
export function corsHeaders(settings: Settings, { method, headers }: HttpRequest): Record<string, string> {
  if (!settings.is("enable-cors")) return {};
  const allowed = (settings.text("cors-allow-origin") ?? "*").split(",").map((one) => one.trim());
  const origin = allowed.includes("*") ? "*" : allowed.find((one) => fits(one, headers.origin ?? ""));
  if (origin === undefined) return {};
  const exposed = settings.text("cors-expose-headers");
  const credentials = settings.is("cors-allow-credentials") ?? true;
  return {
    "access-control-allow-origin": origin === "*" ? "*" : (headers.origin ?? ""),
    ...(credentials ? { "access-control-allow-credentials": "true" } : {}),
    "access-control-allow-methods": settings.text("cors-allow-methods") ?? METHODS,
    "access-control-allow-headers": settings.text("cors-allow-headers") ?? HEADERS,
    ...(exposed === undefined ? {} : { "access-control-expose-headers": exposed }),
    "access-control-max-age": String(settings.number("cors-max-age") ?? 1728000),
    ...(method === "OPTIONS" ? { "content-type": "text/plain charset=UTF-8" } : {}),
  };
}

/** https://*.example.com stands for one label more. */
function fits(pattern: string, origin: string): boolean {
  const [before, after] = pattern.split("*");
  if (after === undefined) return pattern === origin;
  const middle = origin.slice(before?.length ?? 0, origin.length - after.length);
  return origin.startsWith(before ?? "") && origin.endsWith(after) && /^[A-Za-z0-9-]+$/.test(middle);
}
