import type { EndpointSlice, Namespace, Secret, Service } from "../../../../kinds/types/core.ts";
import type { Api } from "../../../apiserver/define.ts";
import { Informer } from "../../../daemon/informer.ts";
import {
  CLASSES,
  GATEWAYS,
  type Gateway,
  type GatewayClass,
  GRANTS,
  GRPC_ROUTES,
  HTTP_ROUTES,
  type NginxProxy,
  PROXIES,
  type ReferenceGrant,
  type Route,
} from "./types.ts";

/** What the control plane knows of the cluster: it lists and watches, as its role allows. */
export class Known {
  readonly classes: Informer<GatewayClass>;
  readonly gateways: Informer<Gateway>;
  readonly httpRoutes: Informer<Route>;
  readonly grpcRoutes: Informer<Route>;
  readonly grants: Informer<ReferenceGrant>;
  readonly proxies: Informer<NginxProxy>;
  readonly services: Informer<Service>;
  readonly slices: Informer<EndpointSlice>;
  readonly secrets: Informer<Secret>;
  readonly namespaces: Informer<Namespace>;

  constructor(api: Api, changed: () => void) {
    this.classes = new Informer(api, CLASSES, changed);
    this.gateways = new Informer(api, GATEWAYS, changed);
    this.httpRoutes = new Informer(api, HTTP_ROUTES, changed);
    this.grpcRoutes = new Informer(api, GRPC_ROUTES, changed);
    this.grants = new Informer(api, GRANTS, changed);
    this.proxies = new Informer(api, PROXIES, changed);
    this.services = new Informer(api, "services", changed);
    this.slices = new Informer(api, "endpointslices.discovery.k8s.io", changed);
    this.secrets = new Informer(api, "secrets", changed);
    this.namespaces = new Informer(api, "namespaces", changed);
  }
}
