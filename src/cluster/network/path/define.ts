import type { NetworkNamespace, Protocol, Unanswered } from "../../../machine/define-network.ts";
import type { Machine } from "../../../machine/machine.ts";

/** A packet that opens a connection, or an echo request (port 0). */
export interface Packet {
  readonly source: string;
  readonly destination: string;
  readonly port: number;
  readonly protocol: Protocol | "ICMP";
}

/** Where a packet has come to: who must answer it now. */
interface Arrived {
  readonly net: NetworkNamespace;
  readonly address: string;
  readonly port: number;
  /** What the receiver sees. */
  readonly source: string;
  /** The routers on the way. */
  readonly hops: readonly string[];
}

/** Whom a packet is from, and where it has been. */
export interface Trip {
  readonly from: Machine;
  readonly node: Machine;
  readonly isHost: boolean;
  readonly hops: string[];
  /** How many nodes it has come to. */
  nodes: number;
}

/** How a packet gets to a node: out of one of its pods, from its own host network, or from another machine. */
export type Origin = "pod" | "host" | "wire";

export type Ended = Arrived | Unanswered;

export const timeout = (because: string): Unanswered => ({ failed: "timeout", because });
export const refused = (because: string): Unanswered => ({ failed: "refused", because });
export const unreachable = (because: string): Unanswered => ({ failed: "unreachable", because });
