import { parseIp } from "../../base/cidr.ts";
import { equal } from "../../kinds/equal.ts";
import { isPodReady } from "../../kinds/labels.ts";
import type { EndpointAddress, Endpoints, Service } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Api } from "../apiserver/define.ts";
import type { Controller, Sentence } from "./define.ts";
import { withinCapacity } from "./endpoints-capacity.ts";
import { ServicePods } from "./service-pods.ts";
import {
  addressesOf,
  canServe,
  endpointLabels,
  hasEndpoints,
  hostnameOf,
  isHeadless,
  portsOf,
  type TargetPort,
  TRIGGER,
} from "./service-ports.ts";
import { TriggerTimes } from "./trigger-times.ts";

const MANAGED_BY = "endpoints.kubernetes.io/managed-by";
const OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

/** Keeps the Endpoints of every Service with a selector (kubernetes pkg/controller/endpoint, 1.35). */
export const endpoints: Controller = {
  name: "endpoints-controller",
  account: "endpoint-controller",
  begin() {
    const selected = new ServicePods();
    const times = new TriggerTimes();
    const sentence: Sentence<Service> = {
      for: "services",
      watches: [
        ...selected.watched,
        {
          resource: "endpoints",
          keys: ({ metadata }, _api, _old, type) =>
            type === "DELETED" ? [{ namespace: metadata.namespace ?? "", name: metadata.name }] : [],
        },
      ],
      reconcile(api, service, { namespace, name }) {
        if (service) {
          if (hasEndpoints(service)) sync(api, service, selected.of(service), times);
        } else {
          times.forget(namespace, name);
          const left = api.get<Endpoints>("endpoints", namespace, name);
          if (left?.metadata.labels?.[MANAGED_BY]) api.delete(left);
        }
        return undefined;
      },
    };
    return [sentence];
  },
};

function sync(api: Api, service: Service, pods: readonly Pod[], times: TriggerTimes): void {
  const { name, namespace } = service.metadata;
  const all = subsetsOf(service, pods);
  const cut = withinCapacity(all);
  const subsets = cut ?? all;
  const labels = endpointLabels(service, { [MANAGED_BY]: "endpoint-controller" });
  const known = api.get<Endpoints>("endpoints", namespace, name);
  const trigger = times.of(service, pods);
  const { [TRIGGER]: _old, [OVER_CAPACITY]: capacity, ...others } = known?.metadata.annotations ?? {};
  const asBefore = known && equal(known.subsets ?? [], subsets) && equal(known.metadata.labels, labels);
  if (asBefore && (capacity === "truncated") === (cut !== undefined)) return;
  const annotations = {
    ...others,
    ...(trigger ? { [TRIGGER]: trigger } : {}),
    ...(cut ? { [OVER_CAPACITY]: "truncated" } : {}),
  };
  const told = Object.keys(annotations).length > 0 ? { annotations } : {};
  const content = subsets.length > 0 ? { subsets } : {};
  if (!known) {
    const metadata = { name, ...(namespace ? { namespace } : {}), labels, ...told };
    api.create<Endpoints>({ apiVersion: "v1", kind: "Endpoints", metadata, ...content });
    return;
  }
  api.modify<Endpoints>(known, ({ subsets: _, metadata: { annotations: _before, ...metadata }, ...now }) => ({
    ...now,
    metadata: { ...metadata, labels, ...told },
    ...content,
  }));
}

type Subsets = NonNullable<Endpoints["subsets"]>;

/** Addresses with the same ports stand together (endpoints.RepackSubsets, 1.35). */
function subsetsOf(service: Service, pods: readonly Pod[]): Subsets {
  const { publishNotReadyAddresses = false, ipFamilies = [] } = service.spec;
  const groups = new Map<string, { ports: TargetPort[]; ready: EndpointAddress[]; waiting: EndpointAddress[] }>();
  for (const pod of pods) {
    if (!canServe(pod, publishNotReadyAddresses)) continue;
    const address = addressOf(service, pod, ipFamilies[0] === "IPv6" ? 6 : 4);
    if (!address) continue;
    const ports = portsOf(service, pod);
    if (ports.length === 0 && !(isHeadless(service) && !service.spec.ports?.length)) continue;
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, ready: [], waiting: [] };
    groups.set(key, group);
    (publishNotReadyAddresses || isPodReady(pod) ? group.ready : group.waiting).push(address);
  }
  return [...groups.values()].map(({ ports, ready, waiting }) => ({
    ...(ready.length > 0 ? { addresses: ready.sort(byAddress) } : {}),
    ...(waiting.length > 0 ? { notReadyAddresses: waiting.sort(byAddress) } : {}),
    ...(ports.length > 0 ? { ports: ports.map(({ name, ...port }) => (name ? { name, ...port } : port)) } : {}),
  }));
}

function addressOf(service: Service, pod: Pod, family: 4 | 6): EndpointAddress | undefined {
  const [ip] = addressesOf(pod, family);
  if (ip === undefined) return undefined;
  const { name, namespace = "", uid = "" } = pod.metadata;
  const hostname = hostnameOf(service, pod);
  return {
    ip,
    ...(hostname ? { hostname } : {}),
    ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    targetRef: { kind: "Pod", namespace, name, uid },
  };
}

function byAddress(a: EndpointAddress, b: EndpointAddress): number {
  const [left, right] = [parseIp(a.ip), parseIp(b.ip)];
  if (left && right && left.bits !== right.bits) return left.bits < right.bits ? -1 : 1;
  return (a.targetRef?.uid ?? "") < (b.targetRef?.uid ?? "") ? -1 : 1;
}
