import type { Node } from "../../kinds/types/core.ts";
import type { Machine } from "../../machine/machine.ts";
import type { NodeConnection } from "../apiserver/define.ts";

/** How the API server on `host` finds a node's kubelet: by the address and port its Node tells. */
export function nodeConnections(
  host: Machine,
  nodeNamed: (name: string) => Node | undefined,
): (name: string) => NodeConnection | undefined {
  return (name) => {
    const status = nodeNamed(name)?.status;
    const address = status?.addresses?.find((a) => a.type === "InternalIP")?.address;
    if (!address) return undefined;
    const dialled = host.network.dial(host, address, status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 10250);
    return "listener" in dialled ? (dialled.listener.direct as NodeConnection | undefined) : undefined;
  };
}
