import type { EndpointSlice, Service } from "../../../../kinds/types/core.ts";
import { type Endpoint, readyEndpoints, servicePort } from "../../../network/http/service-endpoints.ts";
import { routeUnresolved } from "./conditions.ts";
import { mayPoint } from "./grants.ts";
import type { BackendRef, Condition, ReferenceGrant, Route } from "./types.ts";

/** Where a share of a rule's requests goes. */
export interface Backend {
  readonly weight: number;
  /** Undefined where the reference leads nowhere: these requests are answered with 500. */
  readonly endpoints: readonly Endpoint[] | undefined;
  /** Names the group of endpoints: "namespace_name_port". */
  readonly group: string;
}

export interface BackendSources {
  readonly service: (namespace: string, name: string) => Service | undefined;
  readonly slices: (namespace: string, service: string) => readonly EndpointSlice[];
  readonly grants: readonly ReferenceGrant[];
}

/** What a reference to a backend leads to, and the condition where it leads nowhere. `path` is where it stands in the route. */
export function backendOf(
  route: Route,
  reference: BackendRef,
  path: string,
  sources: BackendSources,
): { readonly backend: Backend; readonly condition?: Condition } {
  const weight = reference.weight ?? 1;
  const failed = (reason: string, message: string) => ({
    backend: { weight, endpoints: undefined, group: "invalid-backend-ref" },
    condition: routeUnresolved(reason, message),
  });
  const { group = "", kind = "Service", name, port, filters } = reference;
  if (filters?.length)
    return failed("UnsupportedValue", `${path}.filters: Too many: ${filters.length}: must have at most 0 items`);
  const http = route.kind === "HTTPRoute";
  if (group !== "" && group !== "core") {
    const supported = http ? '"", "core", "inference.networking.k8s.io"' : '"", "core"';
    return failed("InvalidKind", `${path}.group: Unsupported value: "${group}": supported values: ${supported}`);
  }
  if (kind !== "Service") {
    const supported = http ? '"InferencePool", "Service"' : '"Service"';
    return failed("InvalidKind", `${path}.kind: Unsupported value: "${kind}": supported values: ${supported}`);
  }
  const own = route.metadata.namespace ?? "";
  const namespace = reference.namespace ?? own;
  if (!mayPoint(sources.grants, { kind: route.kind, namespace: own, to: { kind: "Service", namespace, name } })) {
    const words = `Backend ref to Service ${namespace}/${name} not permitted by any ReferenceGrant`;
    return failed("RefNotPermitted", `${path}.namespace: Forbidden: ${words}`);
  }
  if (port === undefined) return failed("UnsupportedValue", `${path}.port: Required value: port cannot be nil`);
  const service = sources.service(namespace, name);
  if (!service) return failed("BackendNotFound", `${path}.name: Not found: "${name}"`);
  const found = servicePort(service, { number: port });
  if (!found) return failed("BackendNotFound", `no matching port for Service ${name} and port ${port}`);
  if (service.spec.type === "ExternalName")
    return failed(
      "UnsupportedValue",
      "ExternalName service requires DNS resolver configuration in Gateway's NginxProxy",
    );
  const endpoints = readyEndpoints(sources.slices(namespace, name), found);
  return { backend: { weight, endpoints, group: `${namespace}_${name}_${port}` } };
}
