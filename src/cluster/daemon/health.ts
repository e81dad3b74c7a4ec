import type { HttpRequest, HttpResponse } from "../../base/http.ts";
import { Errno } from "../../machine/define.ts";
import type { Listener } from "../../machine/define-network.ts";
import type { Process } from "../../machine/process.ts";

/** Answers the health paths of a daemon. `healthy` says what is wrong, or undefined. */
export function healthHandler(healthy: () => string | undefined): (request: HttpRequest) => HttpResponse {
  return (request) => {
    const path = request.path.split("?")[0] ?? "";
    if (!/^\/(healthz|livez|readyz|health)$/.test(path))
      return { status: 404, headers: { "content-type": "text/plain; charset=utf-8" }, body: "404 page not found\n" };
    const wrong = healthy();
    const headers = { "content-type": "text/plain; charset=utf-8" };
    return wrong === undefined ? { status: 200, headers, body: "ok" } : { status: 500, headers, body: wrong };
  };
}

/** Opens a daemon's own port. Gives back the words of the error where the port is taken. */
export function listenHttp(
  proc: Process,
  address: string,
  port: number,
  http: (request: HttpRequest) => HttpResponse,
  more: Pick<Listener, "tls" | "direct"> = {},
): string | undefined {
  try {
    proc.machine.listen({ proc, address, port, protocol: "TCP", http, ...more });
    return undefined;
  } catch (error) {
    if (error instanceof Errno) return `listen tcp ${address}:${port}: bind: ${error.message.toLowerCase()}`;
    throw error;
  }
}
