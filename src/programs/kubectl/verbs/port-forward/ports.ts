import type { Service } from "../../../../kinds/types/core.ts";
import type { Pod } from "../../../../kinds/types/pod.ts";
import { CommandFault } from "../../faults.ts";

/** A local port, 0 for any that is free, and the pod's port that it leads to. */
export interface PortPair {
  readonly local: number;
  readonly remote: number;
}

const isNumber = (text: string) => /^[+-]?\d+$/.test(text);

function split(text: string): readonly [local: string, remote: string] {
  const parts = text.split(":");
  return parts.length === 2 ? [parts[0] ?? "", parts[1] ?? ""] : [parts[0] ?? "", parts[0] ?? ""];
}

const joined = (local: string, remote: string) => (local === remote ? remote : `${local}:${remote}`);

/** Ports of a pod by name or number → by number (cmd/portforward convertPodNamedPortToNumber, 1.33). */
export function podPorts(pod: Pod, texts: readonly string[]): readonly string[] {
  const declared = pod.spec.containers.flatMap(({ ports = [] }) => ports);
  refuseUdp(
    texts,
    declared.map(({ name, containerPort, protocol }) => ({ name, port: containerPort, protocol })),
  );
  return texts.map((text) => {
    const [local, remote] = split(text);
    const number = isNumber(remote) ? remote : String(namedPort(pod, remote));
    return local === remote ? number : `${local}:${number}`;
  });
}

/** Ports of a service → the ports of the pod behind it (cmd/portforward translateServicePortToTargetPort, 1.33). */
export function servicePorts(service: Service, pod: Pod, texts: readonly string[]): readonly string[] {
  const { name } = service.metadata;
  const declared = service.spec.ports ?? [];
  refuseUdp(texts, declared);
  return texts.map((text) => {
    let [local, remote] = split(text);
    if (!isNumber(remote)) {
      const found = declared.find((port) => port.name === remote);
      if (!found) throw new CommandFault(`Service '${name}' does not have a named port '${remote}'`);
      if (local === remote) local = String(found.port);
      remote = String(found.port);
    }
    const port = declared.find((one) => one.port === Number(remote));
    if (!port) throw new CommandFault(`Service ${name} does not have a service port ${Number(remote)}`);
    if (service.spec.clusterIP === "None") return joined(local, String(port.port));
    const { targetPort = port.port } = port;
    const target = typeof targetPort === "number" ? targetPort || port.port : namedPort(pod, targetPort);
    return joined(local, String(target));
  });
}

function namedPort(pod: Pod, name: string): number {
  for (const { ports = [] } of pod.spec.containers)
    for (const port of ports) if (port.name === name) return port.containerPort;
  throw new CommandFault(`Pod '${pod.metadata.name}' does not have a named port '${name}'`);
}

interface Declared {
  readonly name?: string | undefined;
  readonly port: number;
  readonly protocol?: string | undefined;
}

function refuseUdp(texts: readonly string[], declared: readonly Declared[]): void {
  const refused = texts.filter((text) => {
    const [, remote] = split(text);
    const meant = declared.filter(({ name, port }) => (isNumber(remote) ? port === Number(remote) : name === remote));
    return meant.some((one) => one.protocol === "UDP") && !meant.some((one) => (one.protocol ?? "TCP") === "TCP");
  });
  if (refused.length > 0) throw new CommandFault(`UDP protocol is not supported for ${split(refused[0] ?? "")[1]}`);
}

/** 8080:80, 80, :80 (client-go tools/portforward parsePorts, 1.33). */
export function portPairs(texts: readonly string[]): readonly PortPair[] {
  return texts.map((text) => {
    const parts = text.split(":");
    if (parts.length > 2) throw new CommandFault(`invalid port format '${text}'`);
    const [first = "", second] = parts;
    const local = portNumber("local", second === undefined ? first : first || "0");
    const remote = portNumber("remote", second ?? first);
    if (remote === 0) throw new CommandFault("remote port must be > 0");
    return { local, remote };
  });
}

function portNumber(which: string, text: string): number {
  const value = Number(text);
  const why = !/^\d+$/.test(text) ? "invalid syntax" : value > 65535 ? "value out of range" : undefined;
  if (why === undefined) return value;
  throw new CommandFault(
    `error parsing ${which} port '${text}': strconv.ParseUint: parsing ${JSON.stringify(text)}: ${why}`,
  );
}
