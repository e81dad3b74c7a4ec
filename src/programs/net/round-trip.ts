import { hexOf } from "../../cluster/network/links/addresses.ts";
import { linksOf, wayTo } from "../../cluster/network/links/links.ts";
import type { Process } from "../../machine/process.ts";

/** What becomes of a packet that asks for an echo. */
export type Outcome =
  | { readonly kind: "reply"; readonly from: string; readonly ttl: number; readonly micros: number }
  | { readonly kind: "error"; readonly from: string; readonly words: string; readonly micros: number }
  | { readonly kind: "nothing" }
  /** It could not even be sent. */
  | { readonly kind: "no way" }
  | { readonly kind: "too long"; readonly mtu: number };

/** How long the kernel asks for the hardware address of a neighbour until it gives up: three questions, one a second. */
const NEIGHBOUR_TIME = 3_060_000;

/** A packet for an echo, or (traceroute) one that dies on the way after `ttl` routers. */
export interface Probe {
  readonly address: string;
  readonly ttl?: number | undefined;
  /** All bytes, the heads counted in, where it must not be taken apart. */
  readonly whole?: number | undefined;
  /** What makes its time another than the one before. */
  readonly number: number;
}

/** Sends a packet and tells what comes back, and after how many microseconds. */
export function outcomeOf(proc: Process, { address, ttl = 64, whole, number }: Probe): Outcome {
  const { machine } = proc;
  const way = wayTo(machine, address);
  if (!way) return { kind: "no way" };
  const mtu = linksOf(machine).find(({ name }) => name === way.route.dev)?.mtu ?? 65_536;
  if (whole !== undefined && whole > mtu) return { kind: "too long", mtu };
  const echoed = machine.network.echo(machine, address);
  const router = lastRouter(proc, address) ?? way.route.via ?? way.source;
  if ("failed" in echoed) {
    if (echoed.failed === "timeout") return { kind: "nothing" };
    if (echoed.failed === "refused")
      return {
        kind: "error",
        from: router,
        words: "Destination Port Unreachable",
        micros: microsOf(proc, address, 1, number),
      };
    return { kind: "error", from: router, words: "Destination Host Unreachable", micros: NEIGHBOUR_TIME };
  }
  const { hops } = echoed;
  if (ttl < hops.length) {
    const from = hops[ttl - 1] ?? address;
    return { kind: "error", from, words: "Time to live exceeded", micros: microsOf(proc, from, ttl, number) };
  }
  const micros = microsOf(proc, address, way.local ? 0 : hops.length, number);
  return { kind: "reply", from: hops.at(-1) ?? address, ttl: 65 - hops.length, micros };
}

/** The router that looks for an address in the end: for a pod of another node, that node's end of the tunnel. */
function lastRouter({ machine }: Process, address: string): string | undefined {
  const onward = machine.host && machine.net !== machine.host.net ? wayTo(machine.host, address) : undefined;
  return onward?.route.dev?.startsWith("flannel") ? onward.route.via : undefined;
}

/** How long an answer takes, in microseconds: a few for oneself, tens within a node, hundreds between nodes. */
function microsOf({ machine }: Process, address: string, hops: number, number: number): number {
  const chance = Number.parseInt(hexOf(`${address} ${machine.kernel.clock.now} ${number}`).slice(0, 6), 16) / 0x1000000;
  const base = hops === 0 ? 18 : hops === 1 ? 60 : 180 + 90 * hops;
  return Math.round(base * (1 + chance));
}
