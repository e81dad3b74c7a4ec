import type { HttpRequest, HttpResponse } from "../../../base/http.ts";
import { type JsonObject, toJson } from "../../../base/json.ts";
import { Status } from "../../../kinds/status.ts";
import type { ApiServer } from "../server.ts";
import { versionInfo } from "../version.ts";
import { discoveryPage } from "./discovery.ts";
import { openApiPage } from "./openapi.ts";

const json = { "content-type": "application/json", "cache-control": "no-cache, private" };
const plain = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" };

/** What a server without fault says at /livez?verbose (1.35). */
const checks = [
  "ping",
  "log",
  "etcd",
  "poststarthook/start-apiserver-admission-initializer",
  "poststarthook/generic-apiserver-start-informers",
  "poststarthook/priority-and-fairness-config-consumer",
  "poststarthook/priority-and-fairness-filter",
  "poststarthook/storage-object-count-tracker-hook",
  "poststarthook/start-apiextensions-informers",
  "poststarthook/start-apiextensions-controllers",
  "poststarthook/crd-informer-synced",
  "poststarthook/start-system-namespaces-controller",
  "poststarthook/start-cluster-authentication-info-controller",
  "poststarthook/start-kube-apiserver-identity-lease-controller",
  "poststarthook/start-kube-apiserver-identity-lease-garbage-collector",
  "poststarthook/start-legacy-token-tracking-controller",
  "poststarthook/start-service-ip-repair-controllers",
  "poststarthook/rbac/bootstrap-roles",
  "poststarthook/scheduling/bootstrap-system-priority-classes",
  "poststarthook/priority-and-fairness-config-producer",
  "poststarthook/bootstrap-controller",
  "poststarthook/start-kubernetes-service-cidr-controller",
  "poststarthook/aggregator-reload-proxy-client-cert",
  "poststarthook/start-kube-aggregator-informers",
  "poststarthook/apiservice-status-local-available-controller",
  "poststarthook/apiservice-status-remote-available-controller",
  "poststarthook/apiservice-registration-controller",
  "poststarthook/apiservice-discovery-controller",
  "poststarthook/kube-apiserver-autoregistration",
  "autoregister-completion",
  "poststarthook/apiservice-openapi-controller",
  "poststarthook/apiservice-openapiv3-controller",
];

/** Answers a path that is no resource: discovery, version, health, the API's description. */
export function answerPage(
  server: ApiServer,
  request: HttpRequest,
  path: string,
  query: URLSearchParams,
): HttpResponse {
  const discovered = discoveryPage(server.context.kinds, path, request.headers.accept ?? "");
  if (discovered) return { status: 200, headers: { ...json, "content-type": discovered.type }, body: discovered.body };
  const described = openApiPage(server, path, request.headers.accept ?? "");
  if (described) return described;
  switch (path) {
    case "/version":
    case "/version/":
      return { status: 200, headers: json, body: toJson(versionInfo(server.release) as JsonObject, { indent: 2 }) };
    case "/healthz":
    case "/livez":
    case "/readyz":
      return { status: 200, headers: plain, body: query.has("verbose") ? verbose(path.slice(1)) : "ok" };
    case "/metrics":
    case "/logs":
      throw new Status("NotFound", `${path} is not simulated`, {});
    case "/":
      return { status: 200, headers: json, body: { paths: rootPaths(server) } };
    default: {
      const [, root, check] = /^\/(healthz|livez|readyz)\/(.+)$/.exec(path) ?? [];
      if (root && check && checks.includes(check)) return { status: 200, headers: plain, body: "ok" };
      return notFoundPage();
    }
  }
}

/** What the mux says of a path nobody answers; clients make "the server could not find the requested resource" of it. */
export function notFoundPage(): HttpResponse {
  return { status: 404, headers: plain, body: "404 page not found\n" };
}

function verbose(name: string): string {
  const all =
    name === "readyz"
      ? [...checks.slice(0, 3), "etcd-readiness", "informer-sync", ...checks.slice(3), "shutdown"]
      : checks;
  return `${all.map((check) => `[+]${check} ok\n`).join("")}${name} check passed\n`;
}

function rootPaths({ context }: ApiServer): string[] {
  const paths = new Set(["/api", "/apis", "/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version"]);
  for (const { group, version } of context.kinds.all) {
    if (group !== "") paths.add(`/apis/${group}`);
    paths.add(group === "" ? `/api/${version}` : `/apis/${group}/${version}`);
  }
  return [...paths].sort();
}
