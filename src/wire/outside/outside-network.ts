import type { HttpResponse } from "../../base/http.ts";
import type { Outside, OutsideFault, OutsideServer } from "../../machine/define-network.ts";
import { type Connector, connectorFor } from "./connector.ts";
import { dialFault } from "./dial-fault.ts";
import { openSession } from "./open-session.ts";
import { openTunnel } from "./open-tunnel.ts";
import { sendHttp } from "./send-http.ts";

/** The network of the real machine, with connections that are kept between requests. `notify` is called with every news. */
export function outsideNetwork(notify: () => void): {
  readonly port: Omit<Outside, "identityProblem">;
  close(): void;
} {
  const connectors = new Map<OutsideServer, Connector>();
  const connectorOf = (server: OutsideServer) => {
    const connector = connectors.get(server) ?? connectorFor(server);
    connectors.set(server, connector);
    return connector;
  };
  /** Tells `done` and then whoever waits, unless it was broken off. */
  const once = <T>(done: (answer: T) => void, breakOff: () => void) => {
    let open = true;
    return {
      tell(answer: T) {
        if (!open) return;
        open = false;
        done(answer);
        notify();
      },
      breakOff() {
        open = false;
        breakOff();
      },
    };
  };
  return {
    port: {
      reach(server, done) {
        const connector = connectorOf(server);
        const answer = once<OutsideFault | undefined>(done, () => {});
        connector.reach((error) => answer.tell(error && dialFault(error, server)));
        return () => answer.breakOff();
      },
      send(server, request, done) {
        const aborted = new AbortController();
        const answer = once<HttpResponse | OutsideFault>(done, () => aborted.abort());
        const sendIt =
          request.method === "GET" && /\/(exec|attach)\?/.test(request.path)
            ? openSession
            : /\/portforward(\?|$)/.test(request.path)
              ? openTunnel
              : sendHttp;
        sendIt({ server, connector: connectorOf(server), request, notify, signal: aborted.signal }, (given) =>
          answer.tell(given instanceof Error ? dialFault(given, server) : given),
        );
        return () => answer.breakOff();
      },
    },
    close() {
      for (const connector of connectors.values()) connector.close();
    },
  };
}
