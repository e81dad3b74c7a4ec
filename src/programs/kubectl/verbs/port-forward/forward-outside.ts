import type { OutsidePortEvent, OutsideTunnel } from "../../../../base/http.ts";
import { Interrupted, type Task } from "../../../../machine/define.ts";
import type { Context } from "../../context.ts";
import { CommandFault } from "../../faults.ts";
import { logLine } from "../../log-line.ts";
import type { PortPair } from "./ports.ts";

/** Carries ports of the real machine to a pod of a real cluster, until Ctrl-C or the end of the connection. */
export function* forwardOutside(
  context: Context,
  tunnel: OutsideTunnel,
  pairs: readonly PortPair[],
  addresses: readonly string[],
): Task {
  const { proc } = context;
  let stopped = false;
  proc.on("INT", () => {
    stopped = true;
  });
  try {
    yield* listenAll(context, tunnel, pairs, addresses);
    while (!stopped) {
      const event = tunnel.events.take();
      if (event) tell(context, event);
      else yield* waitFor(context, tunnel);
    }
  } finally {
    tunnel.close();
  }
}

function* waitFor(context: Context, tunnel: OutsideTunnel): Task {
  try {
    yield* context.wait({ on: [tunnel.events.changed] });
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
}

function* listenAll(
  context: Context,
  tunnel: OutsideTunnel,
  pairs: readonly PortPair[],
  addresses: readonly string[],
): Task {
  let listening = false;
  for (const { local, remote } of pairs) {
    let port = local;
    const faults: string[] = [];
    for (const address of addresses) {
      tunnel.listen(address, port, remote);
      const event = yield* context.next(tunnel.events);
      const shown = address.includes(":") ? `[${address}]` : address;
      if (event && event !== "timeout" && event.type === "listening") {
        port = event.port;
        context.out.line(`Forwarding from ${shown}:${port} -> ${remote}`);
      } else {
        const family = address.includes(":") ? "tcp6" : "tcp4";
        const why = event && event !== "timeout" && event.type === "failed" ? bindWords(event.code) : "closed";
        faults.push(`unable to create listener: Error listen ${family} ${shown}:${port}: bind: ${why}`);
      }
    }
    if (faults.length < addresses.length) listening = true;
    else {
      const all = `Listeners failed to create with the following errors: [${faults.join(" ")}]`;
      context.err.line(`Unable to listen on port ${local}: ${all}`);
    }
  }
  if (listening) return;
  const shown = pairs.map(({ local, remote }) => `{${local} ${remote}}`).join(" ");
  throw new CommandFault(`unable to listen on any of the requested ports: [${shown}]`);
}

function tell({ out, err, proc }: Context, event: OutsidePortEvent): void {
  if (event.type === "handling") out.line(`Handling connection for ${event.port}`);
  else if (event.type === "lost") throw new CommandFault("lost connection to pod");
  else if (event.type === "error") {
    const what = `an error occurred forwarding ${event.port} -> ${event.remote}: ${event.message}`;
    err.line(logLine(proc, "E", "portforward.go:424", `"Unhandled Error" err=${JSON.stringify(what)}`));
    throw new CommandFault("lost connection to pod");
  }
}

/** What the kernel says, as Go prints it. */
function bindWords(code: string): string {
  switch (code) {
    case "EADDRINUSE":
      return "address already in use";
    case "EACCES":
      return "permission denied";
    case "EADDRNOTAVAIL":
      return "cannot assign requested address";
    default:
      return code;
  }
}
