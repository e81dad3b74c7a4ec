import { wayTo } from "../../../cluster/network/links/links.ts";
import type { Process } from "../../../machine/process.ts";
import { type Outcome, outcomeOf } from "../round-trip.ts";

/** What one probe of a hop came to. */
export interface Reached {
  /** Undefined where nobody answered. */
  readonly from: string | undefined;
  readonly micros: number;
  readonly mark: "" | " !H" | " !X";
  readonly last: boolean;
}

export const STAR: Reached = { from: undefined, micros: 0, mark: "", last: false };

/** How a packet is sent that dies after `ttl` routers: as an echo or datagram, or as the start of a connection. */
export interface Tracing {
  readonly address: string;
  /** The port of a connection. */
  readonly tcp?: number;
}

/** What comes back of a packet that may pass so many routers. */
export function traced(proc: Process, { address, tcp }: Tracing, ttl: number, number: number): Reached {
  const way = wayTo(proc.machine, address);
  const outcome =
    tcp === undefined ? outcomeOf(proc, { address, ttl, number }) : connected(proc, address, tcp, ttl, number);
  if (outcome.kind === "reply") return { from: outcome.from, micros: outcome.micros, mark: "", last: true };
  if (outcome.kind === "error") return ofError(proc, outcome, { address, ttl, number, via: way?.route.via });
  return ttl === 1 ? firstRouter(proc, way?.route.via, number) : STAR;
}

interface Asked {
  readonly address: string;
  readonly ttl: number;
  readonly number: number;
  readonly via: string | undefined;
}

function ofError(proc: Process, outcome: Extract<Outcome, { kind: "error" }>, { ttl, number, via }: Asked): Reached {
  if (outcome.words === "Time to live exceeded")
    return { from: outcome.from, micros: outcome.micros, mark: "", last: false };
  if (outcome.words === "Destination Port Unreachable")
    return { from: outcome.from, micros: outcome.micros, mark: "", last: true };
  if (ttl === 1 && via !== undefined) return firstRouter(proc, via, number);
  return { from: outcome.from, micros: outcome.micros, mark: " !H", last: true };
}

/** The first router answers, too, when what lies behind it does not; Calico's is the node itself, by its own address. */
function firstRouter(proc: Process, given: string | undefined, number: number): Reached {
  if (given === undefined) return STAR;
  const via = given.startsWith("169.254.") ? (proc.machine.host?.net.addresses[0] ?? given) : given;
  const outcome = outcomeOf(proc, { address: via, number });
  return outcome.kind === "reply" ? { from: via, micros: outcome.micros, mark: "", last: false } : STAR;
}

function connected(proc: Process, address: string, port: number, ttl: number, number: number): Outcome {
  const { machine } = proc;
  const dialled = machine.network.dial(machine, address, port);
  const echo = outcomeOf(proc, { address, ttl, number });
  if (!("failed" in dialled) || dialled.failed === "refused") {
    if (echo.kind === "error" && echo.words === "Time to live exceeded") return echo;
    return echo.kind === "reply" ? echo : { kind: "reply", from: address, ttl: 64, micros: 200 };
  }
  return dialled.failed === "timeout" && echo.kind === "reply" ? { kind: "nothing" } : echo;
}
