import type { PortTunnel, TunnelEnd } from "../../../../base/http.ts";
import type { WaitQueue } from "../../../../base/wait-queue.ts";
import { Errno } from "../../../../machine/define.ts";
import type { Listener } from "../../../../machine/define-network.ts";
import type { Process } from "../../../../machine/process.ts";
import { CommandFault } from "../../faults.ts";
import { logLine } from "../../log-line.ts";
import type { PortPair } from "./ports.ts";

/** What the kernel gives to a socket that asks for any port (net.ipv4.ip_local_port_range). */
const EPHEMERAL = { first: 32768, count: 28232 };
/** Ports below it are root's (net.ipv4.ip_unprivileged_port_start). */
const UNPRIVILEGED = 1024;

/** The addresses to listen on: those of --address (client-go tools/portforward parseAddresses, 1.33). */
export function listenAddresses(given: readonly string[]): readonly string[] {
  return given.flatMap((address) => {
    if (address === "localhost") return ["127.0.0.1", "::1"];
    if (isAddress(address)) return [address];
    throw new CommandFault(`${address} is not a valid IP`);
  });
}

function isAddress(text: string): boolean {
  if (text.includes(":")) return /^[0-9a-fA-F:.]+$/.test(text);
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

/** The local ends of a port-forward: what listens on this host and leads every connection to the pod. */
export class Forwarding {
  /** Set when the way to the pod is gone. */
  lost = false;
  private readonly proc: Process;
  private readonly tunnel: PortTunnel;
  private readonly changed: WaitQueue;

  constructor(proc: Process, tunnel: PortTunnel, changed: WaitQueue) {
    this.proc = proc;
    this.tunnel = tunnel;
    this.changed = changed;
  }

  /** Listens for one pair of ports on all addresses. Gives the lines to print; throws CommandFault where none can be had. */
  listen(pair: PortPair, addresses: readonly string[]): readonly string[] {
    const local = pair.local === 0 ? this.freePort(addresses) : pair.local;
    const lines: string[] = [];
    const faults: string[] = [];
    for (const address of addresses) {
      const shown = address.includes(":") ? `[${address}]:${local}` : `${address}:${local}`;
      try {
        if (local < UNPRIVILEGED && this.proc.credentials.uid !== 0) throw new Errno("EACCES");
        this.proc.machine.listen(this.listener(address, local, pair.remote));
        lines.push(`Forwarding from ${shown} -> ${pair.remote}`);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        const family = address.includes(":") ? "tcp6" : "tcp4";
        faults.push(`unable to create listener: Error listen ${family} ${shown}: bind: ${error.message.toLowerCase()}`);
      }
    }
    if (lines.length > 0) return lines;
    throw new CommandFault(`Listeners failed to create with the following errors: [${faults.join(" ")}]`);
  }

  private freePort(addresses: readonly string[]): number {
    const { listeners } = this.proc.machine.net;
    const { random } = this.proc.machine.kernel;
    for (;;) {
      const port = EPHEMERAL.first + random.below(EPHEMERAL.count);
      if (!listeners.some((one) => one.port === port && addresses.includes(one.address))) return port;
    }
  }

  private listener(address: string, port: number, remote: number): Listener {
    const { proc } = this;
    const far = () => this.connect(port, remote);
    return {
      proc,
      address,
      port,
      protocol: "TCP",
      get http() {
        return far()?.http;
      },
      get tls() {
        return far()?.tls;
      },
      get banner() {
        return far()?.banner;
      },
      get direct() {
        return far()?.direct;
      },
    };
  }

  /** What listens at the pod's port now. A client that finds nothing there ends the forwarding, as in life. */
  private connect(local: number, remote: number): TunnelEnd | undefined {
    if (this.lost) return undefined;
    const found = this.tunnel.connect(remote);
    const handled = `Handling connection for ${local}\n`;
    if ("failed" in found) {
      this.print(1, handled);
      const what = `an error occurred forwarding ${local} -> ${remote}: ${found.failed}`;
      const line = logLine(this.proc, "E", "portforward.go:424", `"Unhandled Error" err=${JSON.stringify(what)}`);
      this.print(2, `${line}\n`);
      this.lost = true;
      this.changed.wake();
      return undefined;
    }
    const { http } = found;
    if (!http) return found;
    return {
      ...found,
      http: (request) => {
        this.print(1, handled);
        return http(request);
      },
    };
  }

  private print(fd: number, text: string): void {
    this.proc.fds.get(fd)?.write?.(text);
  }
}
