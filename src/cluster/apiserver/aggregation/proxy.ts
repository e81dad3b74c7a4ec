import type { HttpRequest, HttpResponse } from "../../../base/http.ts";
import { conditionOf } from "../../../kinds/labels.ts";
import type { Context } from "../context.ts";
import type { UserInfo } from "../define.ts";
import { askRemote, type RemoteService } from "./remote-services.ts";

const plain = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" };

/** Hands a request on to the server behind an APIService (kube-aggregator pkg/apiserver/handler_proxy.go, 1.35). */
export function proxied(context: Context, service: RemoteService, request: HttpRequest, user: UserInfo): HttpResponse {
  if (conditionOf(service, "Available")?.status !== "True") return unavailable("service unavailable");
  const headers: Record<string, string> = { ...request.headers };
  delete headers.authorization;
  headers["x-remote-user"] = user.name;
  headers["x-remote-group"] = user.groups.join(",");
  const { method, path, body } = request;
  const answer = askRemote(context, service, { method, path, headers, body });
  return typeof answer === "string" ? unavailable(`error trying to reach service: ${answer}`) : answer;
}

function unavailable(why: string): HttpResponse {
  return { status: 503, headers: plain, body: `${why}\n` };
}
