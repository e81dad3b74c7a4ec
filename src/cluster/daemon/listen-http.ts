import type { HttpRequest, HttpResponse } from "../../base/http.ts";
import { Errno } from "../../machine/define.ts";
import type { Listener } from "../../machine/define-network.ts";
import type { Process } from "../../machine/process.ts";

/** Opens a daemon's own port. Gives back the words of the error where the port is taken or the address is no own one. */
export function listenHttp(
  proc: Process,
  address: string,
  port: number,
  http: (request: HttpRequest) => HttpResponse,
  more: Pick<Listener, "tls" | "direct"> = {},
): string | undefined {
  const failed = (why: string) => `listen tcp ${address}:${port}: bind: ${why}`;
  const own =
    ["0.0.0.0", "::", "::1"].includes(address) ||
    address.startsWith("127.") ||
    proc.machine.net.addresses.includes(address);
  if (!own) return failed("cannot assign requested address");
  try {
    proc.machine.listen({ proc, address, port, protocol: "TCP", http, ...more });
    return undefined;
  } catch (error) {
    if (error instanceof Errno) return failed(error.message.toLowerCase());
    throw error;
  }
}
