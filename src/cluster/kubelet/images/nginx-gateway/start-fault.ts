import { SECOND } from "../../../../base/clock.ts";
import type { Task } from "../../../../machine/define.ts";
import type { Process } from "../../../../machine/process.ts";
import type { Api } from "../../../apiserver/define.ts";
import { CLASSES, GATEWAYS, GRANTS, GRPC_ROUTES, HTTP_ROUTES, PROXIES } from "./types.ts";

const SETTINGS = "nginxgateways.gateway.nginx.org";
/** How long it asks for its settings, and how often (setInitialConfig). */
const PATIENCE = 10 * SECOND;
const PAUSE = SECOND / 2;

/** What it lists first, in that order, with the kind and the version that it asks for (prepareFirstEventBatch). */
const listed: readonly (readonly [resource: string, kind: string, version: string])[] = [
  [HTTP_ROUTES, "HTTPRoute", "gateway.networking.k8s.io/v1"],
  [PROXIES, "NginxProxy", "gateway.nginx.org/v1alpha2"],
  [GRPC_ROUTES, "GRPCRoute", "gateway.networking.k8s.io/v1"],
  [GRANTS, "ReferenceGrant", "gateway.networking.k8s.io/v1beta1"],
  [GATEWAYS, "Gateway", "gateway.networking.k8s.io/v1"],
  [CLASSES, "GatewayClass", "gateway.networking.k8s.io/v1"],
];

/** Why the control plane cannot start: a kind or its settings are not there (internal/controller/manager.go, 2.4). */
export function* startFault(
  proc: Process,
  api: Api,
  namespace: string,
  settings: string | undefined,
): Task<string | undefined> {
  const fault = settings ? yield* settingsFault(proc, api, namespace, settings) : undefined;
  if (fault !== undefined) return `error setting initial control plane configuration: NginxGateway ${fault}`;
  const missing = listed.find(([resource]) => !isServed(api, resource));
  return missing && `failed to prepare the first batch: ${noMatch(missing[1], missing[2])}`;
}

function* settingsFault(proc: Process, api: Api, namespace: string, name: string): Task<string | undefined> {
  const { clock } = proc.machine.kernel;
  const end = clock.now + PATIENCE;
  for (;;) {
    if (!isServed(api, SETTINGS))
      return `${namespace}/${name} not found: ${noMatch("NginxGateway", "gateway.nginx.org/v1alpha1")}`;
    if (api.get(SETTINGS, namespace, name)) return undefined;
    if (clock.now >= end) return `${namespace}/${name} not found: context deadline exceeded`;
    yield* proc.wait({ on: [], until: clock.now + PAUSE });
  }
}

function isServed(api: Api, resource: string): boolean {
  const [plural = "", ...group] = resource.split(".");
  return api.kinds().some((kind) => kind.plural === plural && kind.group === group.join("."));
}

const noMatch = (kind: string, version: string) => `no matches for kind "${kind}" in version "${version}"`;
