import { Errno } from "../../../../machine/define.ts";
import { connectUnix } from "../../../../machine/unix-sockets.ts";
import { CILIUM_SOCKET, type CiliumAgent } from "../cilium/define.ts";
import type { CniPlugin } from "../define.ts";

/** Cilium's plugin asks the agent of its node for everything (plugins/cilium-cni, 1.18). */
export const cilium: CniPlugin = {
  type: "cilium-cni",
  add({ host, pod }) {
    let agent: CiliumAgent;
    try {
      agent = connectUnix(host, CILIUM_SOCKET).direct as CiliumAgent;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      const dial = `dial unix ${CILIUM_SOCKET}: connect: ${error.message.toLowerCase()}`;
      const waited = "failed to create cilium agent client after 30.000000 seconds timeout";
      return {
        error: `unable to connect to Cilium agent: ${waited}: Get "http://localhost/v1/config": ${dial}\nIs the agent running?`,
      };
    }
    const { namespace, name } = pod.metadata;
    const address = agent.allocate(`${namespace}/${name}`);
    if (typeof address !== "string") return { error: `unable to allocate IP via local cilium agent: ${address.error}` };
    return {
      addresses: [address],
      // Who has restarted since finds the address free by itself.
      leave: () => agent.release(address),
    };
  },
};
