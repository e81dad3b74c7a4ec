import type { Condition, KubeObject } from "./meta.ts";

/** A range that cluster IPs are taken from. */
export interface ServiceCidr extends KubeObject {
  spec: { cidrs?: string[] };
  status?: { conditions?: Condition[] };
}

/** An address in use, and what uses it. */
export interface IpAddress extends KubeObject {
  spec: { parentRef?: { group?: string; resource?: string; namespace?: string; name?: string } };
}
