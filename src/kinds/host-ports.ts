import type { Pod } from "./types/pod.ts";

const none: readonly string[] = [];

/** The host ports a pod takes, as "TCP/0.0.0.0/80"; those of its sidecars too (framework/types.go updateUsedPorts, 1.35). */
export function hostPorts({ spec }: Pod): readonly string[] {
  let ports: string[] | undefined;
  const sidecars = spec.initContainers?.filter(({ restartPolicy }) => restartPolicy === "Always") ?? [];
  for (const list of [spec.containers, sidecars])
    for (const container of list)
      for (const port of container.ports ?? [])
        if (port.hostPort) {
          ports ??= [];
          ports.push(`${port.protocol ?? "TCP"}/${port.hostIP || "0.0.0.0"}/${port.hostPort}`);
        }
  return ports ?? none;
}

/** Whether some ports of nodes, as `hostPorts` gives them, cannot be open beside others. */
export function hostPortsMeet(some: readonly string[], others: Iterable<string>): boolean {
  for (const other of others) if (some.some((port) => conflicts(port, other))) return true;
  return false;
}

function conflicts(a: string, b: string): boolean {
  const [protocolA, addressA, portA] = a.split("/");
  const [protocolB, addressB, portB] = b.split("/");
  if (protocolA !== protocolB || portA !== portB) return false;
  return addressA === addressB || addressA === "0.0.0.0" || addressB === "0.0.0.0";
}
