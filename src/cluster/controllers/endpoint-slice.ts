import { isPodReady, ownerReference } from "../../kinds/labels.ts";
import type { EndpointSlice, Node, Service } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Api } from "../apiserver/define.ts";
import type { Controller, Key, Sentence } from "./define.ts";
import { ServicePods } from "./service-pods.ts";
import { addressesOf, canServe, endpointLabels, hasEndpoints, hostnameOf, portsOf, TRIGGER } from "./service-ports.ts";
import { type Endpoint, type SliceGroup, SliceGroups, syncSlices } from "./slice-sets.ts";
import { TriggerTimes } from "./trigger-times.ts";

const SERVICE = "kubernetes.io/service-name";
const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
const ZONE = "topology.kubernetes.io/zone";
const ME = "endpointslice-controller.k8s.io";

/** Keeps the EndpointSlices of every Service with a selector (k8s.io/endpointslice, 1.35). */
export const endpointSlice: Controller = {
  name: "endpointslice-controller",
  source: "endpoint-slice-controller",
  begin(_api, { flags }) {
    const selected = new ServicePods();
    const times = new TriggerTimes();
    const most = Number(flags["max-endpoints-per-slice"] ?? 100);
    const sentence: Sentence<Service> = {
      for: "services",
      owns: ["endpointslices.discovery.k8s.io"],
      watches: [
        ...selected.watched,
        {
          resource: "nodes",
          // A node's zone stands in the endpoints of its pods.
          keys: (node, api, old, type) =>
            type === "MODIFIED" && node.metadata.labels?.[ZONE] !== old?.metadata.labels?.[ZONE]
              ? everyService(api)
              : [],
        },
      ],
      reconcile(api, service, { namespace, name }) {
        if (!service) times.forget(namespace, name);
        else if (!service.metadata.deletionTimestamp && hasEndpoints(service)) {
          const pods = selected.of(service);
          sync(api, service, pods, times.of(service, pods), most);
        }
        return undefined;
      },
    };
    return [sentence];
  },
};

function everyService(api: Api): readonly Key[] {
  return api.list("services").map(({ metadata }) => ({ namespace: metadata.namespace ?? "", name: metadata.name }));
}

function sync(api: Api, service: Service, pods: readonly Pod[], trigger: string | undefined, most: number): void {
  const { name, namespace = "", uid = "" } = service.metadata;
  const labels = endpointLabels(service, { [SERVICE]: name, [MANAGED_BY]: ME });
  const existing = api
    .indexed<EndpointSlice>("endpointslices.discovery.k8s.io", "owner", uid)
    .filter(({ metadata }) => metadata.labels?.[MANAGED_BY] === ME);
  syncSlices(api, existing, {
    owner: ownerReference(service, { group: "", version: "v1", kind: "Service" }),
    namespace,
    prefix: name,
    labels,
    annotations: trigger ? { [TRIGGER]: trigger } : {},
    idle: [TRIGGER],
    groups: groupsOf(api, service, pods),
    most,
  });
}

/** The endpoints of a Service, apart by family of addresses and by ports; at least one group for each family. */
function groupsOf(api: Api, service: Service, pods: readonly Pod[]): readonly SliceGroup[] {
  const groups = new SliceGroups();
  for (const family of service.spec.ipFamilies ?? ["IPv4"]) {
    const addressType = family === "IPv6" ? "IPv6" : "IPv4";
    for (const pod of pods) {
      const endpoint = canServe(pod, true) ? endpointOf(api, service, pod, addressType) : undefined;
      if (!endpoint) continue;
      groups.add(addressType, portsOf(service, pod), endpoint);
    }
    if (!groups.all.some((group) => group.addressType === addressType)) groups.add(addressType, []);
  }
  return groups.all;
}

function endpointOf(api: Api, service: Service, pod: Pod, addressType: "IPv4" | "IPv6"): Endpoint | undefined {
  const family = addressType === "IPv6" ? 6 : 4;
  const addresses = addressesOf(pod, family);
  if (addresses.length === 0) return undefined;
  const { name, namespace = "", uid = "", deletionTimestamp } = pod.metadata;
  const { nodeName } = pod.spec;
  const serving = isPodReady(pod);
  const terminating = deletionTimestamp !== undefined;
  const ready = service.spec.publishNotReadyAddresses || (serving && !terminating);
  const hostname = hostnameOf(service, pod);
  const zone = nodeName && api.get<Node>("nodes", undefined, nodeName)?.metadata.labels?.[ZONE];
  return {
    addresses,
    conditions: { ready, serving, terminating },
    ...(hostname ? { hostname } : {}),
    targetRef: { kind: "Pod", namespace, name, uid },
    ...(nodeName ? { nodeName } : {}),
    ...(zone ? { zone } : {}),
    ...hintsFor(service, ready, nodeName, zone),
  };
}

/** For whom an endpoint is meant when the Service says that what is near is to be preferred (endpointslice/trafficdist, 1.35). */
function hintsFor(
  { spec }: Service,
  ready: boolean,
  node: string | undefined,
  zone: string | undefined,
): Pick<Endpoint, "hints"> {
  const { trafficDistribution: near } = spec;
  if (near === undefined || !ready) return {};
  const forZones = zone ? { forZones: [{ name: zone }] } : {};
  const forNodes = near === "PreferSameNode" && node ? { forNodes: [{ name: node }] } : {};
  return { hints: { ...forZones, ...forNodes } };
}
