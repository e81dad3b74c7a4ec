import type {
  Dialled,
  Echoed,
  Listener,
  Network,
  NetworkNamespace,
  Observer,
  Protocol,
  Resolved,
} from "../../machine/define-network.ts";
import type { Machine } from "../../machine/machine.ts";
import { cutLink } from "./links/links.ts";
import { resolveName } from "./name-service.ts";
import { observed } from "./observed.ts";
import type { Ended } from "./path/define.ts";
import { PacketPath } from "./path/packet-path.ts";
import { Places } from "./path/places.ts";

/** The world's wires: who reaches whom, decided by what listens where and by what the nodes keep for their kernels. */
export class ClusterNetwork implements Network {
  /** Who listens on the wires. */
  readonly observers = new Set<Observer>();
  private readonly places = new Places();
  private readonly path = new PacketPath(this.places);

  /** A host is switched on, or a pod's sandbox is made on it: its addresses answer. */
  attach(net: NetworkNamespace, node: Machine, isPod = false): void {
    this.places.attach(net, node, isPod);
  }

  /** A host is switched off, or a sandbox is gone. */
  detach(net: NetworkNamespace): void {
    this.places.detach(net);
  }

  /** The hosts that are switched on. */
  hosts(): readonly Machine[] {
    return this.places.all();
  }

  dial(from: Machine, address: string, port: number, protocol: Protocol = "TCP"): Dialled {
    const ended = this.connect(from, address, port, protocol);
    if (this.observers.size === 0) return ended;
    return observed(this.observers, { from, address, port, protocol, ended });
  }

  private connect(from: Machine, address: string, port: number, protocol: Protocol): Dialled {
    const end = this.reach(from, address, port, protocol);
    if ("failed" in end) return end;
    const listener = end.net.listeners.find((one) => listens(one, end.address, end.port, protocol));
    if (!listener) return { failed: "refused", because: `nothing listens on ${end.address}:${end.port}` };
    return { listener: seenFrom(listener, end.source), address: end.address, source: end.source };
  }

  /** Who must answer, where no link on the way is down. */
  private reach(from: Machine, address: string, port: number, protocol: Protocol | "ICMP"): Ended {
    const end = this.path.reach(from, address, port, protocol);
    if ("failed" in end) return end;
    const node = this.places.known(end.address)?.node ?? from.host ?? from;
    return cutLink(from, { node, net: end.net }) ?? end;
  }

  echo(from: Machine, address: string): Echoed {
    const end = this.reach(from, address, 0, "ICMP");
    const ended = "failed" in end ? end : { hops: [...end.hops, end.address] };
    if (this.observers.size === 0) return ended;
    return observed(this.observers, { from, address, port: 0, protocol: "ICMP", ended });
  }

  resolve(from: Machine, name: string): Resolved {
    return resolveName(this, from, name);
  }
}

function listens(listener: Listener, address: string, port: number, protocol: Protocol): boolean {
  if (listener.port !== port || listener.protocol !== protocol) return false;
  return listener.address === "0.0.0.0" || listener.address === "::" || listener.address === address;
}

/** The listener as whoever connected from `source` finds it: its server knows where requests come from. */
function seenFrom(listener: Listener, source: string): Listener {
  const { http, bytes } = listener;
  if (!http && !bytes) return listener;
  return Object.create(listener, {
    ...(http
      ? {
          http: {
            value: (request: Parameters<typeof http>[0]) => http({ ...request, from: source }),
            enumerable: true,
          },
        }
      : {}),
    ...(bytes
      ? { bytes: { value: (_: string, out: Parameters<typeof bytes>[1]) => bytes(source, out), enumerable: true } }
      : {}),
  }) as Listener;
}
