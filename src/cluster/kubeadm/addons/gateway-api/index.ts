import { toYaml } from "../../../../base/yaml-out.ts";
import { gatewayClasses } from "./gateway-classes.ts";
import { gateways, referenceGrants } from "./gateways.ts";
import { grpcRoutes } from "./grpc-routes.ts";
import { httpRoutes } from "./http-routes.ts";

/** The CustomResourceDefinitions of Gateway API, as its standard channel has them (standard-install.yaml, 1.4). */
export function gatewayApi(): string {
  return [gatewayClasses, gateways, grpcRoutes, httpRoutes, referenceGrants].map(toYaml).join("---\n");
}
