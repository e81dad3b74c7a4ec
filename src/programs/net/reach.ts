import { ipVersion } from "../../base/cidr.ts";
import { SECOND } from "../../base/clock.ts";
import { type Errno, errnoWords, type Task } from "../../machine/define.ts";
import type { Listener, LookupWords } from "../../machine/define-network.ts";
import type { Process } from "../../machine/process.ts";

/** How long Linux tries to connect to an address that does not answer (tcp_syn_retries=6), and that there is no way. */
const CONNECT_TIMEOUT = 127;
const NO_ROUTE = 3;
/** How the look-up of a name went wrong: in getaddrinfo's words. */
export interface LookupFault {
  readonly failed: LookupWords;
  /** The time that was given for it is up. */
  readonly late: boolean;
}

/** The address of a host's name, of one family alone where that is said. `seconds` is all the time there is. */
export function* lookUp(proc: Process, name: string, seconds?: number, only?: 4 | 6): Task<string | LookupFault> {
  const { machine } = proc;
  if (/^[\d.]+$/.test(name) || name.includes(":")) return name;
  const resolved = machine.network.resolve(machine, name);
  const late = seconds !== undefined && seconds < resolved.after;
  yield* proc.sleep(late ? seconds : resolved.after);
  if (late) return { failed: "Temporary failure in name resolution", late };
  if (!("addresses" in resolved)) return { failed: resolved.words, late };
  const isFitting = (address: string) => only === undefined || ipVersion(address) === only;
  return resolved.addresses.find(isFitting) ?? { failed: "No address associated with hostname", late };
}

/** Why nobody could be connected to. */
export interface ConnectFault {
  readonly failed: Errno["code"];
  readonly words: string;
  /** The time that was given for it is up. */
  readonly late: boolean;
}

/** Who listens at an address and port; takes the time that it takes, `seconds` at most. */
export function* connectTo(
  proc: Process,
  address: string,
  port: number,
  seconds?: number,
): Task<Listener | ConnectFault> {
  const { machine } = proc;
  const dialled = machine.network.dial(machine, address, port);
  if ("listener" in dialled) return dialled.listener;
  const fault = (failed: Errno["code"], late = false) => ({ failed, words: errnoWords[failed], late });
  if (dialled.failed === "refused") return fault("ECONNREFUSED");
  const takes = dialled.failed === "timeout" ? CONNECT_TIMEOUT : NO_ROUTE;
  const late = seconds !== undefined && seconds < takes;
  yield* proc.sleep(late ? seconds : takes);
  return fault(late || dialled.failed === "timeout" ? "ETIMEDOUT" : "EHOSTUNREACH", late);
}

/** Seconds between two times of the world's clock. */
export function secondsSince(proc: Process, start: number): number {
  return (proc.machine.kernel.clock.now - start) / SECOND;
}

/** The address that a connection to `address` comes from. */
export function ownAddress({ machine }: Process, address: string): string {
  return address.startsWith("127.") || address === "::1" ? "127.0.0.1" : (machine.net.addresses[0] ?? "127.0.0.1");
}
