import { matchesNodeTerms } from "../../kinds/node-selector.ts";
import type { Node } from "../../kinds/types/core.ts";
import type { Device, ResourceClaim, ResourceSlice } from "../../kinds/types/devices.ts";
import type { NodeSelectorTerm } from "../../kinds/types/pod.ts";

/** A device that a node can use, with the slice that it stands in. */
export interface PooledDevice {
  readonly slice: ResourceSlice;
  readonly device: Device;
  /** Driver, pool and name. */
  readonly id: string;
}

/** The devices of a driver that belong together; not whole while slices of it are missing. */
export interface Pool {
  readonly isWhole: boolean;
  readonly devices: readonly PooledDevice[];
}

/** The pools that a node can use, by driver and name; of each only the newest generation (structured GatherPools, 1.35). */
export function poolsOf(slices: readonly ResourceSlice[], node: Node): readonly Pool[] {
  const newest = new Map<string, ResourceSlice[]>();
  for (const slice of slices) {
    const key = `${slice.spec.driver}/${slice.spec.pool?.name}`;
    const others = newest.get(key);
    const [first] = others ?? [];
    const [own, best] = [slice.spec.pool?.generation ?? 0, first?.spec.pool?.generation ?? 0];
    if (!others || own > best) newest.set(key, [slice]);
    else if (own === best) others.push(slice);
  }
  const pools: Pool[] = [];
  for (const key of [...newest.keys()].sort()) {
    const all = newest.get(key) ?? [];
    const usable = all.filter((slice) => isFor(slice, node));
    if (usable.length === 0) continue;
    const devices = usable.flatMap((slice) =>
      (slice.spec.devices ?? []).map((device) => ({ slice, device, id: `${key}/${device.name}` })),
    );
    pools.push({ isWhole: all.length === all[0]?.spec.pool?.resourceSliceCount, devices });
  }
  return pools;
}

function isFor({ spec }: ResourceSlice, node: Node): boolean {
  if (spec.nodeName) return spec.nodeName === node.metadata.name;
  return spec.allNodes === true || matchesNodeTerms(spec.nodeSelector?.nodeSelectorTerms, node);
}

/** What claims have already. */
export function allocatedDevices(claims: readonly ResourceClaim[]): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { status } of claims)
    for (const { driver, pool, device } of status?.allocation?.devices?.results ?? [])
      ids.add(`${driver}/${pool}/${device}`);
  return ids;
}

/** The nodes on which devices can be used; undefined where on all. */
export function nodesOf(devices: readonly PooledDevice[]): { nodeSelectorTerms: NodeSelectorTerm[] } | undefined {
  const expressions: NonNullable<NodeSelectorTerm["matchExpressions"]> = [];
  for (const { slice } of devices) {
    const { nodeName, nodeSelector } = slice.spec;
    if (nodeName) {
      const matchFields = [{ key: "metadata.name", operator: "In" as const, values: [nodeName] }];
      return { nodeSelectorTerms: [{ matchFields }] };
    }
    for (const requirement of nodeSelector?.nodeSelectorTerms?.[0]?.matchExpressions ?? [])
      if (!expressions.some((known) => JSON.stringify(known) === JSON.stringify(requirement)))
        expressions.push(requirement);
  }
  return expressions.length > 0 ? { nodeSelectorTerms: [{ matchExpressions: expressions }] } : undefined;
}
