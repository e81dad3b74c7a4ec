import { Clock, SECOND } from "../../../src/base/clock.ts";
import { Random } from "../../../src/base/random.ts";
import { ClusterNetwork } from "../../../src/cluster/network/cluster-network.ts";
import {
  ANNOUNCED,
  HOST_PORTS,
  POD_NETWORK,
  POLICY_RULES,
  type PodNetwork,
  type PolicyPacket,
} from "../../../src/cluster/network/define.ts";
import { type ProxySettings, SERVICE_RULES, usualSettings } from "../../../src/cluster/network/services/define.ts";
import { NodeServices } from "../../../src/cluster/network/services/node-services.ts";
import { ServiceTable } from "../../../src/cluster/network/services/service-table.ts";
import type { EndpointSlice, Service } from "../../../src/kinds/types/core.ts";
import type { Listener, NetworkNamespace, Protocol } from "../../../src/machine/define-network.ts";
import { createFiles } from "../../../src/machine/files/create-files.ts";
import { Kernel } from "../../../src/machine/kernel.ts";
import { Machine } from "../../../src/machine/machine.ts";

/** What a small world is made of: nodes 192.168.56.10 and up, with pods 10.244.N.0/24, and what listens where. */
export interface SmallPlan {
  readonly nodes?: readonly string[];
  /** A second family: fd56::10 and up, and pods in fd00:10:244:N::/64. */
  readonly dual?: boolean;
  readonly plugin?: PodNetwork["plugin"];
  /** Hosts without a pod network, and hosts that are no nodes. */
  readonly cut?: readonly string[];
  readonly bare?: readonly string[];
  /** Name to "node/last number of its address", with what listens: "web: w1/2 8080 9090/UDP". */
  readonly pods?: Readonly<Record<string, string>>;
  /** What listens on hosts: "cp: 6443 127.0.0.1:10249". */
  readonly listens?: Readonly<Record<string, string>>;
  readonly services?: readonly Service[];
  readonly slices?: readonly EndpointSlice[];
  readonly settings?: Partial<ProxySettings>;
  readonly zones?: Readonly<Record<string, string>>;
  /** Who has announced which address. */
  readonly announced?: Readonly<Record<string, string>>;
  /** Ports of a node that belong to pods: "w1 8081 web 8080". */
  readonly hostPorts?: readonly string[];
  readonly policies?: (packet: PolicyPacket, node: string) => string | undefined;
}

interface SmallWorld {
  readonly network: ClusterNetwork;
  readonly kernel: Kernel;
  machine(name: string): Machine;
  rules(node: string): NodeServices;
  table(node: string): ServiceTable;
  /** "web 10.244.1.2 sees 10.244.1.1", "refused: why". */
  ask(from: string, address: string, port: number, protocol?: Protocol): string;
  ping(from: string, address: string): string;
  /** Lets seconds pass. */
  wait(seconds: number): void;
  off(node: string): void;
}

const portOf = (text: string): Pick<Listener, "address" | "port" | "protocol"> => {
  const [, address = "0.0.0.0", port = "", protocol = "TCP"] = /^(?:(.*):)?(\d+)(?:\/(\w+))?$/.exec(text) ?? [];
  return { address: address.replace(/[[\]]/g, ""), port: Number(port), protocol: protocol as Protocol };
};

export function smallWorld(plan: SmallPlan = {}): SmallWorld {
  const { nodes = ["cp", "w1", "w2"], dual = false, plugin = "flannel", cut = [], bare = [] } = plan;
  const kernel = new Kernel(new Clock(1_000_000_000), new Random("small"));
  const network = new ClusterNetwork();
  const machines = new Map<string, Machine>();
  const owners = new Map<NetworkNamespace, string>();
  const make = (name: string, net: NetworkNamespace, host?: Machine): Machine => {
    const files = () => createFiles(kernel);
    const machine = new Machine({ kernel, name, files, programs: new Map(), network, net, ...(host ? { host } : {}) });
    machines.set(name, machine);
    if (!host || net !== host.net) owners.set(net, name);
    return machine;
  };
  const listen = (net: NetworkNamespace, texts: string): void => {
    for (const text of texts.split(" ").filter((one) => one !== ""))
      net.listeners.push({
        proc: {} as Listener["proc"],
        ...portOf(text),
        http: (r) => ({ status: 200, headers: {}, body: `${owners.get(net)} ${r.from}` }),
      });
  };
  const names = [...nodes, ...bare];
  for (const [n, name] of names.entries()) {
    const addresses = [`192.168.56.${10 + n}`, ...(dual ? [`fd56::${10 + n}`] : [])];
    const host = make(name, { addresses, listeners: [] });
    network.attach(host.net, host);
    listen(host.net, plan.listens?.[name] ?? "");
    if (bare.includes(name)) continue;
    const cidrs = [`10.244.${n}.0/24`, ...(dual ? [`fd00:10:244:${n}::/64`] : [])];
    if (!cut.includes(name)) host.parts.set(POD_NETWORK, { plugin, cidrs } satisfies PodNetwork);
    const table = new ServiceTable(name);
    table.setZone(plan.zones?.[name]);
    for (const service of plan.services ?? []) table.setService(service);
    for (const slice of plan.slices ?? []) table.setSlice(slice);
    const settings = { ...usualSettings, clusterCIDRs: ["10.244.0.0/16", "fd00:10:244::/48"], ...plan.settings };
    const { clock, random } = kernel;
    host.parts.set(SERVICE_RULES, new NodeServices({ name, addresses, clock, random }, settings, table));
    if (plan.policies)
      host.parts.set(POLICY_RULES, { refuses: (packet: PolicyPacket) => plan.policies?.(packet, name) });
    const announced = Object.entries(plan.announced ?? {}).filter(([, node]) => node === name);
    host.parts.set(ANNOUNCED, { has: (address: string) => announced.some(([one]) => one === address) });
  }
  for (const [name, text] of Object.entries(plan.pods ?? {})) {
    const [at = "", ...ports] = text.split(" ");
    const [node = "", last = ""] = at.split("/");
    const n = names.indexOf(node);
    const host = machines.get(node);
    if (!host) throw new Error(`no node ${node}`);
    if (last === "host") {
      make(name, host.net, host);
      listen(host.net, ports.join(" "));
      continue;
    }
    const addresses = [`10.244.${n}.${last}`, ...(dual ? [`fd00:10:244:${n}::${last}`] : [])];
    const pod = make(name, { addresses, listeners: [] }, host);
    network.attach(pod.net, host, true);
    listen(pod.net, ports.join(" "));
  }
  for (const node of nodes) {
    const mine = (plan.hostPorts ?? []).map((line) => line.split(" ")).filter(([on]) => on === node);
    machines.get(node)?.parts.set(HOST_PORTS, (port: number) => {
      const [, , pod = "", target = ""] = mine.find(([, given]) => Number(given) === port) ?? [];
      const address = machines.get(pod)?.net.addresses[0];
      return address && { address, port: Number(target) };
    });
  }
  const machine = (name: string): Machine => {
    const found = machines.get(name);
    if (!found) throw new Error(`no machine ${name}`);
    return found;
  };
  const rules = (node: string) => machine(node).parts.get(SERVICE_RULES) as NodeServices;
  return {
    network,
    kernel,
    machine,
    rules,
    table: (node) => rules(node).table,
    ask(from, address, port, protocol) {
      const end = network.dial(machine(from), address, port, protocol);
      if ("failed" in end) return `${end.failed}: ${end.because}`;
      const { body } = end.listener.http?.({ method: "GET", path: "/", headers: {} }) ?? {};
      const [name, seen] = String(body).split(" ");
      return `${name} ${end.address} sees ${seen === end.source ? seen : `${seen}, not ${end.source}`}`;
    },
    ping(from, address) {
      const end = network.echo(machine(from), address);
      return "failed" in end ? `${end.failed}: ${end.because}` : end.hops.join(" ");
    },
    wait: (seconds) => void kernel.clock.run(kernel.clock.now + seconds * SECOND),
    off: (node) => network.detach(machine(node).net),
  };
}

/** A Service in namespace shop, with the cluster IP that its spec names. */
export function service(name: string, spec: Partial<Service["spec"]>, ingress?: readonly object[]): Service {
  const { clusterIP = "" } = spec;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "shop" },
    spec: { clusterIPs: [clusterIP], ...spec },
    ...(ingress ? { status: { loadBalancer: { ingress } } } : {}),
  } as Service;
}

/** Endpoints: "10.244.1.2@w1", "10.244.2.2@w2!ending", "…!unready", with "~zone" for a hint. */
export function slice(
  name: string,
  endpoints: readonly string[],
  ports: readonly (number | string)[] = [8080],
): EndpointSlice {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    addressType: endpoints[0]?.includes(":") ? "IPv6" : "IPv4",
    metadata: {
      name: `${name}-${endpoints.join("-") || "none"}`,
      namespace: "shop",
      labels: { "kubernetes.io/service-name": name },
    },
    endpoints: endpoints.map((text) => {
      const [, address = "", node, state, zone, hinted] =
        /^([^@!~]+)(?:@([^!~%]+))?(?:!(\w+))?(?:~([\w-]+))?(?:%([\w-]+))?$/.exec(text) ?? [];
      const hints = {
        ...(zone ? { forZones: [{ name: zone }] } : {}),
        ...(hinted ? { forNodes: [{ name: hinted }] } : {}),
      };
      return {
        addresses: [address],
        conditions: {
          ready: state === undefined,
          serving: state !== "unready" && state !== "gone",
          terminating: state === "ending" || state === "gone",
        },
        ...(node ? { nodeName: node } : {}),
        ...(zone || hinted ? { hints } : {}),
      };
    }),
    ports: ports.map((text) => {
      const [, portName = "", port = "", protocol = "TCP"] =
        /^(?:([a-z][a-z0-9-]*):)?(\d+)(?:\/(\w+))?$/.exec(String(text)) ?? [];
      return { name: portName, port: Number(port), protocol };
    }),
  } as EndpointSlice;
}
