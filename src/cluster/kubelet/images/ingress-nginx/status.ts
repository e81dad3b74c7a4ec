import { Status } from "../../../../kinds/status.ts";
import type { Node, Service } from "../../../../kinds/types/core.ts";
import type { Ingress } from "../../../../kinds/types/network.ts";
import type { Pod } from "../../../../kinds/types/pod.ts";
import { Unreachable } from "../../../apiserver/define.ts";
import type { Connection } from "../../../connection.ts";
import type { Options } from "./options.ts";
import type { Store } from "./store.ts";

type Address = { ip?: string; hostname?: string };

/** How often the leader looks whether the addresses of the Ingresses are still right, in seconds. */
export const STATUS_SECONDS = 60;

/** Writes where the controller is reached into the status of its Ingresses (internal/ingress/status/status.go, 1.13). */
export function updateStatus(api: Connection, store: Store, options: Options, self: Pod): void {
  if (!options.updatesStatus) return;
  guarded(store, () => write(api, store, addressesOf(api, store, options, self)));
}

/** Takes the address away when the last controller ends. */
export function clearStatus(api: Connection, store: Store, options: Options, self: Pod): void {
  if (!options.updatesStatus || !options.clearsStatus) return;
  guarded(store, () => {
    const addresses = addressesOf(api, store, options, self);
    if (addresses.length > 1) {
      store.log("I", "status.go:131", '"leaving status update for next leader"');
      return;
    }
    if (ownPods(api, self).length > 1) return;
    store.log("I", "status.go:140", `"removing value from ingress status" address=${JSON.stringify(addresses)}`);
    write(api, store, []);
  });
}

function guarded(store: Store, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof Status || error instanceof Unreachable)) throw error;
    store.log("W", "queue.go:130", `"requeuing" err=${JSON.stringify(error.message)} key="sync status"`);
  }
}

function addressesOf(api: Connection, store: Store, options: Options, self: Pod): readonly Address[] {
  if (options.statusAddress !== undefined)
    return options.statusAddress.split(/,\s*/).map((one) => (/^[\d.]+$|:/.test(one) ? { ip: one } : { hostname: one }));
  if (options.publishService !== undefined) {
    const [namespace = "", name = ""] = options.publishService.split("/");
    const service = api.get<Service>("services", namespace, name);
    if (!service) throw new Status("NotFound", `services "${name}" not found`);
    return addressesOfService(service);
  }
  const found = new Map<string, Address>();
  for (const { metadata, spec, status } of ownPods(api, self)) {
    if (status?.phase !== "Running") continue;
    const node = spec.nodeName ?? "";
    if (!status.conditions?.some((one) => one.type === "Ready" && one.status === "True")) {
      const pod = `${metadata.namespace}/${metadata.name}`;
      store.log("I", "status.go:224", `"POD is not ready" pod="${pod}" node="${node}"`);
      continue;
    }
    const ip = addressOfNode(api.get<Node>("nodes", undefined, node), options.internalAddress);
    if (ip !== "") found.set(ip, { ip });
  }
  return [...found.values()];
}

/** The pods with the labels of this one. */
function ownPods(api: Connection, { metadata }: Pod): readonly Pod[] {
  const skipped = new Set(["pod-template-hash", "controller-revision-hash", "pod-template-generation"]);
  const labels = Object.entries(metadata.labels ?? {}).filter(([name]) => !skipped.has(name));
  return api
    .list<Pod>("pods", metadata.namespace)
    .filter((pod) => labels.every(([name, value]) => pod.metadata.labels?.[name] === value));
}

function addressOfNode(node: Node | undefined, internal: boolean): string {
  const of = (type: string) => node?.status?.addresses?.find((one) => one.type === type)?.address;
  return (internal ? undefined : of("ExternalIP")) ?? of("InternalIP") ?? "";
}

function addressesOfService({ spec, status }: Service): readonly Address[] {
  if (spec.type === "ExternalName") return [{ hostname: spec.externalName ?? "" }];
  if (spec.type === "NodePort" && spec.externalIPs?.length) return spec.externalIPs.map((ip) => ({ ip }));
  if (spec.type !== "LoadBalancer") return [{ ip: spec.clusterIP ?? "" }];
  const balanced = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }): Address => {
    if (ip) return { ip };
    return hostname ? { hostname } : {};
  });
  const more = (spec.externalIPs ?? []).filter((ip) => !balanced.some((one) => one.ip === ip));
  return [...balanced, ...more.map((ip) => ({ ip }))];
}

function write(api: Connection, store: Store, addresses: readonly Address[]): void {
  const text = (one: Address) => `${one.hostname ?? ""} ${one.ip ?? ""}`;
  const sorted = addresses.toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
  for (const { ingress } of store.ingresses()) {
    const { namespace, name } = ingress.metadata;
    const current = api.get<Ingress>("ingresses.networking.k8s.io", namespace, name);
    if (!current) continue;
    const before = (current.status?.loadBalancer?.ingress ?? []).toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
    if (before.map(text).join() === sorted.map(text).join()) continue;
    const values = `currentValue=${JSON.stringify(before.length > 0 ? before : null)} newValue=${JSON.stringify(sorted)}`;
    store.log("I", "status.go:311", `"updating Ingress status" namespace="${namespace}" ingress="${name}" ${values}`);
    const loadBalancer = sorted.length > 0 ? { ingress: [...sorted] } : {};
    api.updateStatus<Ingress>({ ...current, status: { loadBalancer } });
  }
}
