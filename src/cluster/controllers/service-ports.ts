import { parseIp } from "../../base/cidr.ts";
import type { Service, ServicePort } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import { isFinished } from "./pod-state.ts";

/** The annotation of endpoints with the time of what they show. */
export const TRIGGER = "endpoints.kubernetes.io/last-change-trigger-time";
const HEADLESS = "service.kubernetes.io/headless";

/** A port of endpoints: the number on the pods, under the service port's name. */
export interface TargetPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly appProtocol?: string;
}

/** The number that a service port means on a pod: its own, or that of the container port of the name (podutil.FindPort, 1.35). */
function targetNumber(pod: Pod, { targetPort, port, protocol = "TCP" }: ServicePort): number | undefined {
  if (typeof targetPort !== "string") return targetPort || port;
  const sidecars = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  for (const container of [...pod.spec.containers, ...sidecars])
    for (const { name, containerPort, protocol: own = "TCP" } of container.ports ?? [])
      if (name === targetPort && own === protocol) return containerPort;
  return undefined;
}

/** The ports at which a pod serves a Service; those whose name the pod does not know are left out. */
export function portsOf(service: Service, pod: Pod): TargetPort[] {
  const ports: TargetPort[] = [];
  for (const port of service.spec.ports ?? []) {
    const number = targetNumber(pod, port);
    if (number === undefined) continue;
    const { name = "", protocol = "TCP", appProtocol } = port;
    ports.push({ name, port: number, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) });
  }
  return ports;
}

/** Whether a pod can be an endpoint: it has an address and has not ended (endpoint/util ShouldPodBeInEndpoints, 1.35). */
export function canServe(pod: Pod, alsoTerminating: boolean): boolean {
  if (isFinished(pod) || !pod.status?.podIP) return false;
  return alsoTerminating || pod.metadata.deletionTimestamp === undefined;
}

/** The name a pod has in the DNS of its headless Service. */
export function hostnameOf(service: Service, { spec, metadata }: Pod): string | undefined {
  const named = spec.hostname && spec.subdomain === service.metadata.name;
  return named && service.metadata.namespace === metadata.namespace ? spec.hostname : undefined;
}

export function isHeadless({ spec }: Service): boolean {
  return !spec.clusterIP || spec.clusterIP === "None";
}

/** Whether the cluster itself makes the endpoints of a Service. */
export function hasEndpoints({ spec: { selector, type } }: Service): boolean {
  return selector !== undefined && Object.keys(selector).length > 0 && type !== "ExternalName";
}

/** The labels of a Service's endpoints: its own, the given ones, and whether it is headless. */
export function endpointLabels(service: Service, more: Readonly<Record<string, string>>): Record<string, string> {
  const { [HEADLESS]: _, ...own } = service.metadata.labels ?? {};
  return { ...own, ...more, ...(isHeadless(service) ? { [HEADLESS]: "" } : {}) };
}

/** The addresses of a pod of one family. */
export function addressesOf({ status }: Pod, family: 4 | 6): string[] {
  const all = status?.podIPs ?? [{ ip: status?.podIP ?? "" }];
  return all.map(({ ip }) => ip).filter((ip) => parseIp(ip)?.version === family);
}
