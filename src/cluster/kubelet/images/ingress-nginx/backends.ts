import type { EndpointSlice, Service } from "../../../../kinds/types/core.ts";
import type { Ingress, IngressBackend } from "../../../../kinds/types/network.ts";
import { type Endpoint, readyEndpoints } from "../../../network/http/service-endpoints.ts";
import type { CanaryPolicy, Settings } from "./settings.ts";

/** Where requests are passed to: a port of a Service. */
export interface Backend {
  /** namespace-service-port, as the access log names it. */
  readonly name: string;
  readonly service: Service | undefined;
  readonly endpoints: readonly Endpoint[];
  /** It is a canary: nothing leads to it but the share that it takes of another. */
  readonly canary: CanaryPolicy | undefined;
  /** The canary that takes a share of it. */
  alternative: Backend | undefined;
}

/** What is known of Services. */
export interface BackendSource {
  service(key: string): Service | undefined;
  slices(key: string): readonly EndpointSlice[];
  /** --disable-svc-external-name. */
  readonly noExternalNames: boolean;
}

/** All backends that Ingresses name. */
export class Backends {
  readonly all = new Map<string, Backend>();
  private readonly source: BackendSource;
  private readonly warnings: string[];

  constructor(source: BackendSource, warnings: string[]) {
    this.source = source;
    this.warnings = warnings;
  }

  /** Finds the Services of an Ingress. */
  prepare(ingress: Ingress, settings: Settings): void {
    const { defaultBackend, rules = [] } = ingress.spec ?? {};
    if (defaultBackend) this.add(ingress, defaultBackend, settings);
    for (const { http } of rules) for (const { backend } of http?.paths ?? []) this.add(ingress, backend, settings);
  }

  of(ingress: Ingress, backend: IngressBackend): Backend | undefined {
    return this.all.get(nameOf(ingress, backend));
  }

  remove(backend: Backend): void {
    this.all.delete(backend.name);
  }

  private add(ingress: Ingress, backend: IngressBackend, settings: Settings): void {
    if (!backend.service) return;
    const name = nameOf(ingress, backend);
    if (this.all.has(name)) return;
    const key = `${ingress.metadata.namespace}/${backend.service.name}`;
    const service = this.source.service(key);
    if (!service)
      this.warnings.push(
        `Error obtaining Endpoints for Service "${key}": no object matching key "${key}" in local store`,
      );
    const { number, name: portName } = backend.service.port ?? {};
    const port = portName || String(number ?? 0);
    const endpoints = service ? this.endpoints(key, service, port, settings.is("service-upstream") ?? false) : [];
    this.all.set(name, { name, service, endpoints, canary: settings.canary, alternative: undefined });
  }

  /** The endpoints behind a port; a word of warning where there are none. */
  endpoints(key: string, service: Service, port: string, byClusterIP = false): readonly Endpoint[] {
    const { spec } = service;
    if (spec.type === "ExternalName") return this.external(key, service, port);
    const found = spec.ports?.find(
      (one) => String(one.port) === port || String(one.targetPort ?? one.port) === port || one.name === port,
    );
    if (!found) return [];
    if (byClusterIP && spec.clusterIP && spec.clusterIP !== "None")
      return [{ address: spec.clusterIP, port: found.port }];
    const endpoints = readyEndpoints(this.source.slices(key), found);
    if (endpoints.length === 0) this.none(key);
    return endpoints;
  }

  private none(key: string): void {
    this.warnings.push(`Service "${key}" does not have any active Endpoint.`);
  }

  /** What an ExternalName leads to; its name is looked up when it is asked. */
  private external(key: string, { spec }: Service, port: string): readonly Endpoint[] {
    if (this.source.noExternalNames) {
      this.warnings.push(`Service "${key}" of type ExternalName not allowed due to Ingress configuration.`);
      return [];
    }
    const address = spec.externalName ?? "";
    if (address === "localhost" || address.startsWith("127.")) {
      this.warnings.push(`Invalid attempt to use localhost name ${address} in "${key}"`);
      this.none(key);
      return [];
    }
    const named = spec.ports?.find((one) => one.name === port || String(one.port) === port);
    const number = Number(named?.targetPort) || named?.port || Number(port);
    return [{ address, port: number }];
  }
}

function nameOf({ metadata }: Ingress, { service }: IngressBackend): string {
  return `${metadata.namespace}-${service?.name}-${service?.port?.name || service?.port?.number || 0}`;
}
