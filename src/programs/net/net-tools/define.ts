import { ipText, parseCidr } from "../../../base/cidr.ts";
import type { NetworkRoute } from "../../../cluster/network/links/define.ts";
import { routesOf } from "../../../cluster/network/links/links.ts";
import type { Process } from "../../../machine/process.ts";

/** The mask of so many fixed bits: 255.255.255.0. */
export function maskText(prefix: number): string {
  return ipText({ version: 4, bits: prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0 });
}

/** A route as the old tools have it: address and mask. */
export interface OldRoute {
  readonly target: string;
  readonly gateway: string;
  readonly mask: string;
  readonly flags: string;
  readonly metric: number;
  readonly dev: string;
}

/** The routes of IPv4. */
export function oldRoutes(proc: Process): readonly OldRoute[] {
  return routesOf(proc.machine)
    .filter(({ family }) => family === 4)
    .map((route) => {
      const range = parseCidr(
        route.to === "default" ? "0.0.0.0/0" : route.to.includes("/") ? route.to : `${route.to}/32`,
      );
      return {
        target: ipText(range.first),
        gateway: route.via ?? "0.0.0.0",
        mask: maskText(range.prefix),
        flags: flagsOf(route, range.prefix),
        metric: route.metric ?? 0,
        dev: route.dev ?? "*",
      };
    });
}

function flagsOf({ via }: NetworkRoute, prefix: number): string {
  return `U${via ? "G" : ""}${prefix === 32 ? "H" : ""}`;
}
