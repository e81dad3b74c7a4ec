import type { Unanswered } from "../../machine/define-network.ts";
import type { Context } from "./context.ts";

const words: Readonly<Record<Unanswered["failed"], string>> = {
  refused: "connect: connection refused",
  timeout: "i/o timeout",
  unreachable: "connect: no route to host",
};

/** What Go's dialer says of an attempt to connect that failed: dial tcp 10.244.1.2:80: i/o timeout. */
export function dialFault(address: string, port: number | string, failed: Unanswered["failed"]): string {
  return `dial tcp ${address.includes(":") ? `[${address}]` : address}:${port}: ${words[failed]}`;
}

/** Why nobody answers at an address where somebody should. */
export function unansweredDial({ hooks }: Context, address: string, port: number): string {
  const dialled = hooks.dial?.(address, port);
  return dialFault(address, port, dialled && "failed" in dialled ? dialled.failed : "refused");
}
