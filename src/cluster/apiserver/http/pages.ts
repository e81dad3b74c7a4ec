import type { HttpRequest, HttpResponse } from "../../../base/http.ts";
import { type JsonObject, toJson } from "../../../base/json.ts";
import { Status } from "../../../kinds/status.ts";
import { type HealthCheck, healthPage, log, ping } from "../../daemon/health.ts";
import { withRemoteGroups } from "../aggregation/discovery.ts";
import { openIdPage } from "../authentication/openid.ts";
import type { ApiServer } from "../server.ts";
import { versionInfo } from "../version.ts";
import { discoveryPage } from "./discovery.ts";
import { openApiPage } from "./openapi.ts";

const json = { "content-type": "application/json", "cache-control": "no-cache, private" };
const plain = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" };

/** The hooks that are done when the server has started; it does not answer before (1.35). */
const hooks = [
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
  const health = healthPageAt(server, path, query);
  if (health) return health;
  const own = discoveryPage(server.context.kinds, path, request.headers.accept ?? "");
  const discovered = withRemoteGroups(server.context, path, own);
  if (discovered) return { status: 200, headers: { ...json, "content-type": discovered.type }, body: discovered.body };
  const described = openApiPage(server, path, request.headers.accept ?? "");
  if (described) return described;
  switch (path) {
    case "/version":
    case "/version/":
      return { status: 200, headers: json, body: toJson(versionInfo(server.release) as JsonObject, { indent: 2 }) };
    case "/metrics":
    case "/logs":
      throw new Status("NotFound", `${path} is not simulated`, {});
    case "/":
      return { status: 200, headers: json, body: { paths: rootPaths(server) } };
    default:
      return openIdPage(server.context, path) ?? notFoundPage();
  }
}

/** What the mux says of a path nobody answers; clients make "the server could not find the requested resource" of it. */
export function notFoundPage(): HttpResponse {
  return { status: 404, headers: plain, body: "404 page not found\n" };
}

const known = new WeakMap<ApiServer, Readonly<Record<string, readonly HealthCheck[]>>>();

/** The checks of a server by their page; made once, because probes ask each second. */
function checksOf(server: ApiServer): Readonly<Record<string, readonly HealthCheck[]>> {
  let checks = known.get(server);
  if (!checks) {
    const problem = () =>
      server.unavailable === undefined ? undefined : "error getting data from etcd: context deadline exceeded";
    const fine = (name: string): HealthCheck => ({ name, problem: () => undefined });
    const first = [ping, log, { name: "etcd", problem }];
    const done = hooks.map(fine);
    const alive = [...first, ...done];
    const readyOnly = [{ name: "etcd-readiness", problem }, fine("informer-sync")];
    checks = { healthz: alive, livez: alive, readyz: [...first, ...readyOnly, ...done, fine("shutdown")] };
    known.set(server, checks);
  }
  return checks;
}

/** /healthz, /livez, /readyz and the pages of their single checks. */
function healthPageAt(server: ApiServer, path: string, query: URLSearchParams): HttpResponse | undefined {
  const root = /^\/(healthz|livez|readyz)(?:\/|$)/.exec(path)?.[1];
  return root === undefined ? undefined : healthPage(root, checksOf(server)[root] ?? [], path, query);
}

function rootPaths({ context }: ApiServer): string[] {
  const paths = new Set(["/api", "/apis", "/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version"]);
  for (const { group, version } of context.kinds.all) {
    if (group !== "") paths.add(`/apis/${group}`);
    paths.add(group === "" ? `/api/${version}` : `/apis/${group}/${version}`);
  }
  return [...paths].sort();
}
