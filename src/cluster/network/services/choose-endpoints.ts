import { type Endpoint, isExternal, type ServedPort } from "./served-port.ts";

/** Which endpoints a node may use for a port. */
export interface Choice {
  /** For traffic policy Cluster. */
  readonly cluster: readonly Endpoint[];
  /** For traffic policy Local. */
  readonly local: readonly Endpoint[];
  /** Whether there is one anywhere. */
  readonly any: boolean;
}

/**
 * The endpoints that a node uses: ready ones, those near it where hints say so, and ending ones that still serve where
 * nothing is ready (pkg/proxy/topology.go CategorizeEndpoints, 1.35).
 */
export function chooseEndpoints(
  port: ServedPort,
  endpoints: readonly Endpoint[],
  node: string,
  zone: string | undefined,
): Choice {
  if (endpoints.length === 0) return nothing;
  const ready = endpoints.filter((one) => one.ready);
  const ending = endpoints.filter((one) => !one.ready && one.serving && one.terminating);
  const usable = ready.length > 0 ? near(ready, node, zone) : ending;
  const clusterWide = !port.internalLocal || isExternal(port);
  const localOnly = port.internalLocal || (port.externalLocal && isExternal(port));
  const own = (one: Endpoint): boolean => one.node === node;
  const ownReady = localOnly ? ready.filter(own) : [];
  return {
    cluster: clusterWide ? usable : [],
    local: ownReady.length > 0 || !localOnly ? ownReady : ending.filter(own),
    any: clusterWide && !localOnly ? usable.length > 0 : ready.length > 0 || ending.length > 0,
  };
}

const nothing: Choice = { cluster: [], local: [], any: false };

/** What the hints of all ready endpoints name for the node, or else for its zone; all of them where not each has a hint. */
function near(ready: readonly Endpoint[], node: string, zone: string | undefined): readonly Endpoint[] {
  if (ready.every((one) => one.nodeHints.length > 0)) {
    const here = ready.filter((one) => one.nodeHints.includes(node));
    if (here.length > 0) return here;
  }
  if (zone !== undefined && ready.every((one) => one.zoneHints.length > 0)) {
    const here = ready.filter((one) => one.zoneHints.includes(zone));
    if (here.length > 0) return here;
  }
  return ready;
}
