import type { Image } from "../define.ts";
import { dataPlaneProgram } from "./data-plane.ts";
import { gatewayProgram } from "./gateway-program.ts";

const tags = ["2.4.0", "2.3.0", "2.2.1"];

/** NGINX Gateway Fabric's control plane: it makes a data plane for each Gateway and tells it what to serve. */
export const nginxGatewayFabric: Image = {
  repository: "ghcr.io/nginx/nginx-gateway-fabric",
  tags,
  size: 22_000_000,
  usage: { cpu: 3, memory: 32 },
  entrypoint: ["/usr/bin/gateway"],
  user: 101,
  programs: [gatewayProgram],
  userland: "none",
};

/** Its data plane: nginx with an agent that asks the control plane. */
export const nginxGatewayDataPlane: Image = {
  repository: "ghcr.io/nginx/nginx-gateway-fabric/nginx",
  tags,
  size: 68_000_000,
  usage: { cpu: 2, memory: 30 },
  entrypoint: ["/agent/entrypoint.sh"],
  user: 101,
  programs: [dataPlaneProgram],
  userland: "busybox",
};
