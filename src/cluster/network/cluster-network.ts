import type { Random } from "../../base/random.ts";
import { root } from "../../machine/define-files.ts";
import type { Dialled, DnsType, Listener, Network, NetworkNamespace, Resolved } from "../../machine/define-network.ts";
import type { Machine } from "../../machine/machine.ts";
import { namesToTry, readHosts, readResolvConf } from "./resolver.ts";
import { emptyTable, type Route, type ServiceTable } from "./service-table.ts";

/** Under this name a node keeps what its kube-proxy last wrote: the machine's part is a ServiceRules. */
export const SERVICE_RULES = "service-rules";
export interface ServiceRules {
  table(): ServiceTable;
}

/** Under this name a node keeps whether its pod network is set up (by its CNI plugin). */
export const POD_NETWORK = "pod-network";

/** Who answers at an address: a host, or a pod on it. */
interface Place {
  readonly net: NetworkNamespace;
  readonly node: Machine;
  readonly isPod: boolean;
}

/** The machine's part that tells which pod has a port of the node. */
export const HOST_PORTS = "host-ports";

/** The pod's address and port behind a port of the node. */
export type HostPorts = (
  port: number,
  protocol: "TCP" | "UDP",
) => { readonly address: string; readonly port: number } | undefined;

/** The world's wires: who reaches whom, decided by what listens where, the nodes' service rules and their pod network. */
export class ClusterNetwork implements Network {
  private readonly byAddress = new Map<string, Place>();
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  /** A host is switched on, or a pod's sandbox is made on it: its addresses answer. */
  attach(net: NetworkNamespace, node: Machine, isPod = false): void {
    for (const address of net.addresses) this.byAddress.set(address, { net, node, isPod });
  }

  detach(net: NetworkNamespace): void {
    for (const address of net.addresses) if (this.byAddress.get(address)?.net === net) this.byAddress.delete(address);
  }

  dial(from: Machine, address: string, port: number, protocol: "TCP" | "UDP" = "TCP"): Dialled {
    if (address.startsWith("127.") || address === "::1") {
      const local = this.listenerIn(from.net, "127.0.0.1", address, port, protocol);
      const mapped = from.host ? undefined : this.hostPort(from, from, port, protocol);
      return "listener" in local ? local : (mapped ?? local);
    }
    const node = from.host ?? from;
    const rules = node.parts.get(SERVICE_RULES) as ServiceRules | undefined;
    const table = rules?.table() ?? emptyTable;
    const route = table.addresses.get(`${address}:${port}/${protocol}`);
    if (route) return this.follow(from, route, protocol);
    const there = this.byAddress.get(address);
    if (!there) return { failed: "timeout", because: `nothing answers at ${address}` };
    return this.atHost(from, there, address, port, protocol);
  }

  private atHost(from: Machine, there: Place, address: string, port: number, protocol: "TCP" | "UDP"): Dialled {
    const { net, node, isPod } = there;
    const own = from.host ?? from;
    if (isPod && node !== own) {
      const cut = [own, node].find((machine) => !machine.parts.get(POD_NETWORK));
      if (cut) return { failed: "timeout", because: `the pod network of ${cut.name} is not set up` };
    }
    const mapped = isPod ? undefined : this.hostPort(from, node, port, protocol);
    if (mapped) return mapped;
    const direct = this.listenerIn(net, address, address, port, protocol);
    if ("listener" in direct || isPod) return direct;
    const rules = node.parts.get(SERVICE_RULES) as ServiceRules | undefined;
    const route = rules?.table().nodePorts.get(`${port}/${protocol}`);
    return route ? this.follow(node, route, protocol) : direct;
  }

  /** A port of the node that belongs to a pod (hostPort, by the CNI plugin portmap). */
  private hostPort(from: Machine, node: Machine, port: number, protocol: "TCP" | "UDP"): Dialled | undefined {
    const ports = node.parts.get(HOST_PORTS) as HostPorts | undefined;
    const target = ports?.(port, protocol);
    const there = target && this.byAddress.get(target.address);
    return there && this.atHost(from, there, target.address, target.port, protocol);
  }

  private follow(from: Machine, route: Route, protocol: "TCP" | "UDP"): Dialled {
    // kube-proxy rejects packets for a service without endpoints; the client sees a refused connection.
    if (route.targets.length === 0) return { failed: "refused", because: `service ${route.service} has no endpoints` };
    const node = (from.host ?? from).name;
    const targets = route.local ? route.targets.filter((target) => target.node === node) : route.targets;
    // Packets for which the node has no endpoint of its own are dropped.
    if (targets.length === 0) return { failed: "timeout", because: `service ${route.service} has none on ${node}` };
    const target = this.random.pick(targets);
    const there = this.byAddress.get(target.address);
    if (!there) return { failed: "timeout", because: `endpoint ${target.address} of ${route.service} does not answer` };
    return this.atHost(from, there, target.address, target.port, protocol);
  }

  private listenerIn(
    net: NetworkNamespace,
    bound: string,
    address: string,
    port: number,
    protocol: "TCP" | "UDP",
  ): Dialled {
    const matches = (l: Listener) =>
      l.port === port &&
      l.protocol === protocol &&
      (l.address === "0.0.0.0" || l.address === "::" || l.address === bound);
    const listener = net.listeners.find(matches);
    if (listener) return { listener, address };
    return { failed: "refused", because: `nothing listens on ${address}:${port}` };
  }

  resolve(from: Machine, name: string): Resolved {
    if (/^[0-9.]+$/.test(name) || name.includes(":")) return { addresses: [name] };
    const known = readHosts(from.files).get(name.toLowerCase());
    if (known) return { addresses: [known] };
    return this.lookup(from, name, "A");
  }

  /** Asks the resolvers of `from` as its /etc/resolv.conf says: search domains, ndots, one server after the other. */
  lookup(from: Machine, name: string, type: DnsType): Resolved {
    const conf = readResolvConf(
      from.files.find("/etc/resolv.conf", root) ? from.files.read("/etc/resolv.conf", root) : "",
    );
    for (const server of conf.nameservers) {
      const dialled = this.dial(from, server, 53, "UDP");
      if (!("listener" in dialled) || !dialled.listener.dns) continue;
      for (const full of namesToTry(name, conf)) {
        const addresses = dialled.listener.dns(full, type);
        if (addresses?.length) return { addresses };
      }
      return { failed: "not found", because: `${server} knows no ${name}` };
    }
    return {
      failed: "timeout",
      because: `no name server answers (${conf.nameservers.join(", ") || "none is configured"})`,
    };
  }
}
