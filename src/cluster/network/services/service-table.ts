import type { EndpointSlice, Service } from "../../../kinds/types/core.ts";
import { type Choice, chooseEndpoints } from "./choose-endpoints.ts";
import { type Endpoint, endpointsOf, type ServedPort, servedPorts } from "./served-port.ts";

const SERVICE_NAME = "kubernetes.io/service-name";

/** What is known of a Service: it, its slices, and the rules that were written for it. */
interface Known {
  service: Service | undefined;
  readonly slices: Map<string, EndpointSlice>;
  ports: readonly ServedPort[];
  /** The keys in the table that are its. */
  readonly keys: string[];
}

/** A port's endpoints, chosen for the node when somebody asks. */
interface Kept {
  readonly endpoints: readonly Endpoint[];
  readonly choice: Choice;
}

/**
 * All Services as a node's kube-proxy knows them, found by address and port. A change of one Service or slice costs what
 * that Service costs: its rules are written anew when somebody next looks.
 */
export class ServiceTable {
  private readonly node: string;
  private readonly known = new Map<string, Known>();
  private readonly changed = new Set<string>();
  /** By "10.96.0.1:443/TCP" the ports behind it (the first one counts), by "30080/TCP/4" those behind node ports. */
  private readonly written = new Map<string, ServedPort[]>();
  /** By address: how many ports are behind it. */
  private readonly addresses = new Map<
    string,
    { readonly service: string; readonly isCluster: boolean; count: number }
  >();
  private readonly kept = new Map<ServedPort, Kept>();
  private zone: string | undefined;

  constructor(node: string) {
    this.node = node;
  }

  /** Where the node stands: topology.kubernetes.io/zone. */
  setZone(zone: string | undefined): void {
    if (zone === this.zone) return;
    this.zone = zone;
    this.kept.clear();
  }

  setService(service: Service): void {
    const key = `${service.metadata.namespace}/${service.metadata.name}`;
    this.of(key).service = service;
    this.changed.add(key);
  }

  removeService({ metadata }: Service): void {
    const key = `${metadata.namespace}/${metadata.name}`;
    this.of(key).service = undefined;
    this.changed.add(key);
  }

  setSlice(slice: EndpointSlice): void {
    this.changeSlices(slice, (slices) => slices.set(slice.metadata.name, slice));
  }

  removeSlice(slice: EndpointSlice): void {
    this.changeSlices(slice, (slices) => slices.delete(slice.metadata.name));
  }

  private changeSlices({ metadata }: EndpointSlice, change: (slices: Map<string, EndpointSlice>) => void): void {
    const name = metadata.labels?.[SERVICE_NAME];
    if (name === undefined) return;
    const known = this.of(`${metadata.namespace}/${name}`);
    change(known.slices);
    for (const port of known.ports) this.kept.delete(port);
  }

  private of(key: string): Known {
    let known = this.known.get(key);
    if (!known) {
      known = { service: undefined, slices: new Map(), ports: [], keys: [] };
      this.known.set(key, known);
    }
    return known;
  }

  /** Forgets all Services; what is known of slices stays. */
  clearServices(): void {
    for (const [key, known] of this.known) {
      known.service = undefined;
      this.changed.add(key);
    }
  }

  /** Forgets all slices. */
  clearSlices(): void {
    for (const known of this.known.values()) known.slices.clear();
    this.kept.clear();
  }

  private write(): void {
    for (const key of this.changed) {
      const known = this.of(key);
      this.unwrite(known);
      known.ports = known.service ? servedPorts(known.service) : [];
      for (const port of known.ports) this.writePort(known, port);
      if (!known.service && known.slices.size === 0) this.known.delete(key);
    }
    this.changed.clear();
  }

  private writePort(known: Known, port: ServedPort): void {
    const put = (key: string) => {
      const list = this.written.get(key);
      if (list) list.push(port);
      else this.written.set(key, [port]);
      known.keys.push(key);
    };
    const addresses = new Set([port.clusterIP, ...port.externalIPs, ...port.balancerIPs]);
    for (const address of addresses) {
      put(`${address}:${port.port}/${port.protocol}`);
      const one = this.addresses.get(address);
      if (one) one.count++;
      else this.addresses.set(address, { service: port.service, isCluster: address === port.clusterIP, count: 1 });
    }
    if (port.nodePort !== 0) put(`${port.nodePort}/${port.protocol}/${port.version}`);
  }

  private unwrite(known: Known): void {
    const mine = new Set(known.ports);
    for (const key of known.keys.splice(0)) {
      const left = (this.written.get(key) ?? []).filter((port) => !mine.has(port));
      if (left.length > 0) this.written.set(key, left);
      else this.written.delete(key);
    }
    for (const port of known.ports) {
      this.kept.delete(port);
      for (const address of new Set([port.clusterIP, ...port.externalIPs, ...port.balancerIPs])) {
        const one = this.addresses.get(address);
        if (one && --one.count === 0) this.addresses.delete(address);
      }
    }
  }

  /** The port behind an address of a Service. */
  at(address: string, port: number, protocol: string): ServedPort | undefined {
    if (this.changed.size > 0) this.write();
    return this.written.get(`${address}:${port}/${protocol}`)?.[0];
  }

  /** The port behind a port of the nodes. */
  atNodePort(port: number, protocol: string, version: 4 | 6): ServedPort | undefined {
    if (this.changed.size > 0) this.write();
    return this.written.get(`${port}/${protocol}/${version}`)?.[0];
  }

  /** The Service that has an address, on whatever port. */
  owner(address: string): { readonly service: string; readonly isCluster: boolean } | undefined {
    if (this.changed.size > 0) this.write();
    return this.addresses.get(address);
  }

  /** Which endpoints the node uses for a port. */
  choice(port: ServedPort): Choice {
    return this.keep(port).choice;
  }

  private keep(port: ServedPort): Kept {
    let kept = this.kept.get(port);
    if (!kept) {
      const endpoints = endpointsOf(port, this.of(port.service).slices.values());
      kept = { endpoints, choice: chooseEndpoints(port, endpoints, this.node, this.zone) };
      this.kept.set(port, kept);
    }
    return kept;
  }

  /** All ports, by their Services' namespaces and names. */
  get ports(): readonly ServedPort[] {
    if (this.changed.size > 0) this.write();
    return [...this.known].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, known]) => known.ports);
  }

  /** The endpoints on the node itself that are ready, each address once: what a load balancer's health check counts. */
  localReady(service: string): number {
    if (this.changed.size > 0) this.write();
    const addresses = new Set<string>();
    for (const port of this.of(service).ports)
      for (const one of this.keep(port).endpoints) if (one.ready && one.node === this.node) addresses.add(one.address);
    return addresses.size;
  }
}
