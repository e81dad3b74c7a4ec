import { Status } from "../../../kinds/status.ts";
import type { Node } from "../../../kinds/types/core.ts";
import type { Program, Task } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import type { Process } from "../../../machine/process.ts";
import { Unreachable } from "../../apiserver/define.ts";
import { Connection } from "../../connection.ts";
import { endsOnTerm } from "../../daemon/ends-on-term.ts";
import { klog } from "../../daemon/klog.ts";
import { POD_NETWORK } from "../../network/cluster-network.ts";
import type { Image } from "./define.ts";

/** flanneld: waits for the node's pod range, then lays the network between the nodes. Its routes outlive it. */
function* run(proc: Process): Task<number> {
  const node = proc.machine.host ?? proc.machine;
  const connection = new Connection({ machine: proc.machine, agent: "flanneld" });
  try {
    let podCIDR: string;
    for (;;) {
      const asked = askPodCIDR(connection, node.name);
      if ("podCIDR" in asked) {
        podCIDR = asked.podCIDR;
        break;
      }
      yield* klog(proc, "E", "main.go:359", `Error registering network: failed to acquire lease: ${asked.problem}`);
      yield* proc.sleep(1);
    }
    const subnet = `FLANNEL_NETWORK=${podCIDR.replace(/\.\d+\.\d+\/\d+$/, ".0.0/16")}\nFLANNEL_SUBNET=${podCIDR.replace(/\.0\//, ".1/")}\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n`;
    proc.machine.files.mkdir("/run/flannel", root, { parents: true });
    proc.machine.files.write("/run/flannel/subnet.env", subnet, root);
    node.parts.set(POD_NETWORK, { cidr: podCIDR });
    yield* klog(proc, "I", "main.go:434", "Wrote subnet file to /run/flannel/subnet.env");
    yield* klog(proc, "I", "main.go:438", "Running backend.");
    for (;;) yield* proc.wait({ on: [] });
  } finally {
    connection.close();
  }
}

function askPodCIDR(api: Connection, node: string): { podCIDR: string } | { problem: string } {
  try {
    const podCIDR = api.get<Node>("nodes", undefined, node)?.spec.podCIDR;
    return podCIDR ? { podCIDR } : { problem: `node "${node}" pod cidr not assigned` };
  } catch (error) {
    if (!(error instanceof Unreachable || error instanceof Status)) throw error;
    return { problem: `failed to get node: ${error.message}` };
  }
}

const program: Program = { name: "flanneld", folder: "/opt/bin", run: endsOnTerm(run) };

/** Flannel's daemon. It enforces no NetworkPolicy, as in life. */
export const flannel: Image = {
  repository: "ghcr.io/flannel-io/flannel",
  tags: ["v0.27.4", "v0.27.3"],
  size: 33_000_000,
  usage: { cpu: 6, memory: 17 },
  entrypoint: ["/opt/bin/flanneld"],
  programs: [program],
  userland: "busybox",
};
