import { Errno } from "../../../../machine/define.ts";
import { listenHttp } from "../../../daemon/listen-http.ts";
import type { Instance } from "../../../network/dns/instance.ts";
import type { Daemon } from "./daemon.ts";

/** Opens the ports of a configuration, and hands those that are open already over to it. Gives what is in the way. */
export function listen(daemon: Daemon, instance: Instance): string | undefined {
  const { proc, held } = daemon;
  const { listeners } = proc.machine.net;
  const { shared } = instance;
  daemon.running = instance;
  const wanted = new Set<string>();
  for (const server of instance.servers) {
    if (server.transport !== "dns") {
      daemon.host.say(`[WARNING] ${server.transport}:// is not simulated here: nothing listens on port ${server.port}`);
      continue;
    }
    for (const address of shared.binds.length > 0 ? shared.binds : ["0.0.0.0"]) {
      const key = `dns ${address} ${server.port}`;
      wanted.add(key);
      const own = held.get(key);
      if (own) {
        own.answer = server.answer;
        continue;
      }
      const slot = { answer: server.answer };
      try {
        for (const protocol of ["UDP", "TCP"] as const) {
          const dns: typeof server.answer = (question) => slot.answer(question);
          proc.machine.listen({ proc, address, port: server.port, protocol, dns });
        }
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        return `listen tcp ${address === "0.0.0.0" ? "" : address}:${server.port}: bind: ${error.message.toLowerCase()}`;
      }
      held.set(key, slot);
    }
  }
  for (let at = listeners.length - 1; at >= 0; at--) {
    const one = listeners[at];
    if (one?.proc !== proc || (one.dns && wanted.has(`dns ${one.address} ${one.port}`))) continue;
    held.delete(`dns ${one.address} ${one.port}`);
    listeners.splice(at, 1);
  }
  for (const page of instance.pages) {
    const fault = listenHttp(proc, page.address === "" ? "0.0.0.0" : page.address, page.port, page.answer);
    if (fault !== undefined) return fault.replace("listen tcp 0.0.0.0:", "listen tcp :");
  }
  return undefined;
}
