import { SECOND } from "../../../../base/clock.ts";
import { Status } from "../../../../kinds/status.ts";
import type { EndpointSlice, Namespace, Service } from "../../../../kinds/types/core.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import type { Pod } from "../../../../kinds/types/pod.ts";
import type { Machine } from "../../../../machine/machine.ts";
import { Unreachable } from "../../../apiserver/define.ts";
import type { Connection } from "../../../connection.ts";
import { Informer } from "../../../daemon/informer.ts";
import type { ClusterSource } from "../../../network/dns/kubernetes/define.ts";

const LABEL = "kubernetes.io/service-name";
const SLICES = "endpointslices.discovery.k8s.io";

/**
 * What CoreDNS knows of the cluster. It lists and watches, and never gets a single object: its role allows no more
 * (plugin/kubernetes, 1.13).
 */
export class WatchedCluster implements ClusterSource {
  private readonly api: Connection;
  private readonly services: Informer<Service>;
  private readonly endpoints: Informer<EndpointSlice>;
  private readonly namespaces: Informer<Namespace>;
  private pods: Informer<Pod> | undefined;
  private readonly listed = new Set<string>();
  private changed = 0;
  private bySlice: ReadonlyMap<string, readonly EndpointSlice[]> | undefined;
  private byAddress: ReadonlyMap<string, Service> | undefined;

  constructor(api: Connection, machine: Machine) {
    this.api = api;
    const stale = () => {
      this.bySlice = undefined;
      this.byAddress = undefined;
      this.changed = Math.floor(machine.kernel.clock.now / SECOND);
    };
    this.services = new Informer(api, "services", stale);
    this.endpoints = new Informer(api, SLICES, stale);
    this.namespaces = new Informer(api, "namespaces");
  }

  get synced(): boolean {
    return this.unlisted.length === 0;
  }

  get modified(): number {
    return this.services.all.length === 0 ? 0 : this.changed;
  }

  /** The resources that could not be listed yet. */
  get unlisted(): readonly string[] {
    const wanted = ["services", SLICES, "namespaces", ...(this.pods ? ["pods"] : [])];
    for (const resource of wanted) if (!this.listed.has(resource) && this.mayList(resource)) this.listed.add(resource);
    return wanted.filter((resource) => !this.listed.has(resource));
  }

  private mayList(resource: string): boolean {
    try {
      this.api.list<KubeObject>(resource);
      return true;
    } catch (error) {
      if (error instanceof Unreachable || error instanceof Status) return false;
      throw error;
    }
  }

  namespace(name: string): Namespace | undefined {
    return this.namespaces.get(undefined, name);
  }

  service(namespace: string, name: string): Service | undefined {
    return this.services.get(namespace, name);
  }

  slices(namespace: string, service: string): readonly EndpointSlice[] {
    this.bySlice ??= grouped(
      this.endpoints.all,
      ({ metadata }) => `${metadata.namespace}/${metadata.labels?.[LABEL] ?? ""}`,
    );
    return this.bySlice.get(`${namespace}/${service}`) ?? [];
  }

  serviceAt(address: string): Service | undefined {
    this.byAddress ??= new Map(
      this.services.all.flatMap((service) => {
        const { clusterIP = "", clusterIPs = [clusterIP] } = service.spec;
        return clusterIPs.filter((ip) => ip !== "" && ip !== "None").map((ip) => [ip, service] as const);
      }),
    );
    return this.byAddress.get(address);
  }

  slicesAt(address: string): readonly EndpointSlice[] {
    return this.endpoints.all.filter((slice) => slice.endpoints?.some(({ addresses }) => addresses.includes(address)));
  }

  followPods(): void {
    this.pods ??= new Informer(this.api, "pods");
  }

  podsAt(address: string): readonly Pod[] {
    return (this.pods?.all ?? []).filter(({ status }) => {
      const isOver = status?.phase === "Succeeded" || status?.phase === "Failed";
      return !isOver && status?.podIP === address;
    });
  }
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}
