import { parseIp } from "../../base/cidr.ts";
import { ownerReference } from "../../kinds/labels.ts";
import type { EndpointAddress, EndpointSlice, Endpoints, Service } from "../../kinds/types/core.ts";
import type { Controller } from "./define.ts";
import { TRIGGER } from "./service-ports.ts";
import { type Endpoint, type SliceGroup, SliceGroups, syncSlices } from "./slice-sets.ts";

const SERVICE = "kubernetes.io/service-name";
const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
const SKIP = "endpointslice.kubernetes.io/skip-mirror";
const ME = "endpointslicemirroring-controller.k8s.io";
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
const resource = "endpointslices.discovery.k8s.io";

/** Makes EndpointSlices of Endpoints that somebody wrote for a Service without a selector (pkg/controller/endpointslicemirroring, 1.35). */
export const endpointSliceMirroring: Controller<Endpoints> = {
  name: "endpointslice-mirroring-controller",
  account: "endpointslicemirroring-controller",
  source: "endpoint-slice-mirroring-controller",
  for: "endpoints",
  owns: [resource],
  watches: [
    {
      resource: "services",
      keys: ({ metadata, spec }, _api, old, type) =>
        type === "MODIFIED" && old?.spec === spec ? [] : [{ namespace: metadata.namespace ?? "", name: metadata.name }],
    },
  ],
  reconcile(api, object, _key, { flags }) {
    if (!object || object.metadata.deletionTimestamp) return undefined;
    const { name, namespace = "", uid = "", labels = {}, annotations = {} } = object.metadata;
    const existing = api
      .indexed<EndpointSlice>(resource, "owner", uid)
      .filter(({ metadata }) => metadata.labels?.[MANAGED_BY] === ME);
    const service = api.get<Service>("services", namespace, name);
    const own = Object.keys(service?.spec.selector ?? {}).length > 0;
    const skipped = labels[SKIP] === "true" || "control-plane.alpha.kubernetes.io/leader" in annotations;
    if (!service || own || skipped) {
      for (const slice of existing.slice()) api.delete(slice);
      return undefined;
    }
    const { [LAST_APPLIED]: _a, [TRIGGER]: _b, ...handed } = annotations;
    const { [SKIP]: _c, ...copied } = labels;
    syncSlices(api, existing, {
      owner: ownerReference(object, { group: "", version: "v1", kind: "Endpoints" }),
      namespace,
      prefix: name,
      labels: { ...copied, [SERVICE]: name, [MANAGED_BY]: ME },
      annotations: handed,
      idle: [],
      groups: groupsOf(object),
      most: Number(flags["mirroring-max-endpoints-per-subset"] ?? 1000),
    });
    return undefined;
  },
};

function groupsOf({ subsets = [] }: Endpoints): readonly SliceGroup[] {
  const groups = new SliceGroups();
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
    const named = ports.map(({ name = "", ...port }) => ({ name, ...port }));
    for (const [list, ready] of [
      [addresses, true],
      [notReadyAddresses, false],
    ] as const)
      for (const address of list) {
        const addressType = parseIp(address.ip)?.version === 6 ? "IPv6" : "IPv4";
        groups.add(addressType, named, endpointOf(address, ready));
      }
  }
  return groups.all;
}

function endpointOf({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname ? { hostname } : {}),
    ...(targetRef ? { targetRef } : {}),
    ...(nodeName ? { nodeName } : {}),
  };
}
