import type { OutsideTunnel, PortTunnel } from "../../../../base/http.ts";
import type { Task } from "../../../../machine/define.ts";
import type { Context } from "../../context.ts";
import { CommandFault, Unanswered } from "../../faults.ts";

/** Opens the way to a pod's ports. Throws what client-go says where there is none (tools/portforward, 1.33). */
export function* openTunnel(context: Context, path: string): Task<PortTunnel | OutsideTunnel> {
  const ask = { method: "POST", path } as const;
  try {
    const response = yield* context.client.request(ask);
    if (response.outsideTunnel) return response.outsideTunnel;
    if (response.tunnel) return response.tunnel;
    const why =
      response.status < 400
        ? "port-forward through this server is not simulated"
        : context.client.refusal(response, ask).message;
    throw new CommandFault(`error upgrading connection: ${why}`);
  } catch (fault) {
    if (!(fault instanceof Unanswered)) throw fault;
    throw new CommandFault(`error upgrading connection: error sending request: ${fault.whole}`);
  }
}
