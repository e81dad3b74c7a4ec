/** A packet as it passes a link of the machine that looks. */
export interface Packet {
  /** Microseconds of the world's clock. */
  readonly at: number;
  readonly link: string;
  readonly isOut: boolean;
  readonly protocol: "tcp" | "udp" | "icmp" | "sctp";
  readonly source: string;
  readonly sourcePort: number;
  readonly target: string;
  readonly targetPort: number;
  /** What stands behind the addresses. */
  readonly text: string;
  /** The bytes behind its heads. */
  readonly length: number;
}
