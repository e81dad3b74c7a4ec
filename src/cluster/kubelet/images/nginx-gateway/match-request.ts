import type { HttpRequest } from "../../../../base/http.ts";
import { guestRegex } from "../../../../base/regex.ts";
import { pathAndQuery, prefixFits } from "../../../network/http/match.ts";
import type { TableEntry } from "./routing-table.ts";
import type { RouteMatch } from "./types.ts";

/** The first entry that a request fits. */
export function entryFor(entries: readonly TableEntry[], request: HttpRequest): TableEntry | undefined {
  const { path, query } = pathAndQuery(request.path);
  const parameters = new URLSearchParams(query);
  return entries.find(({ match, grpc }) => {
    const fits = grpc ? callFits(match, request, path) : methodAndPathFit(match, request.method, path);
    return (
      fits &&
      (match.headers ?? []).every(({ name, type, value }) =>
        valueFits(request.headers[name.toLowerCase()], type, value),
      ) &&
      (match.queryParams ?? []).every(({ name, type, value }) =>
        valueFits(parameters.get(name) ?? undefined, type, value),
      )
    );
  });
}

function methodAndPathFit({ method, path }: RouteMatch, asked: string, target: string): boolean {
  if (typeof method === "string" && method !== asked) return false;
  const { type = "PathPrefix", value = "/" } = path ?? {};
  if (type === "Exact") return target === value;
  if (type === "RegularExpression") return guestRegex(value).test(target);
  return prefixFits(value, target);
}

/** A gRPC call is a POST of /service/method (GRPCRouteMatch). */
function callFits({ method }: RouteMatch, request: HttpRequest, path: string): boolean {
  if (!(request.headers["content-type"] ?? "").startsWith("application/grpc")) return false;
  if (typeof method !== "object") return true;
  const [, service = "", called = ""] = path.split("/");
  return valueFits(service, method.type, method.service ?? "") && valueFits(called, method.type, method.method ?? "");
}

function valueFits(is: string | undefined, type: string | undefined, wanted: string): boolean {
  if (is === undefined) return false;
  if (wanted === "") return true;
  return type === "RegularExpression" ? guestRegex(wanted).test(is) : is === wanted;
}
