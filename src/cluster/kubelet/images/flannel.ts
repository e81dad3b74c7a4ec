import { cidrContains, ipText, nthAddress, parseCidr, sameFamily } from "../../../base/cidr.ts";
import { SECOND } from "../../../base/clock.ts";
import { FormatError } from "../../../base/format-error.ts";
import { goQuote } from "../../../base/go-text.ts";
import { isObject } from "../../../base/json-object.ts";
import { readJson } from "../../../base/json-reader.ts";
import { Status } from "../../../kinds/status.ts";
import type { Node } from "../../../kinds/types/core.ts";
import type { Program, Task } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import type { Machine } from "../../../machine/machine.ts";
import type { Process } from "../../../machine/process.ts";
import { Unreachable } from "../../apiserver/define.ts";
import { Connection } from "../../connection.ts";
import { endsOnTerm } from "../../daemon/ends-on-term.ts";
import { klog } from "../../daemon/klog.ts";
import { SUBNET_FILE } from "../../network/cni/plugins/flannel.ts";
import { reportNetwork } from "../../network/cni/report-network.ts";
import { POD_NETWORK, type PodNetwork } from "../../network/define.ts";
import type { Image } from "./define.ts";

/** Where flannel's manifest mounts its configuration. */
const CONFIG = "/etc/kube-flannel/net-conf.json";

/** How long a Go client tries to connect, in seconds (net/http DefaultTransport). */
const DIAL_SECONDS = 30;

/** flanneld: it lays the network between the nodes by the range of its Node, or ends. Its routes outlive it. */
function* run(proc: Process): Task<number> {
  const { machine } = proc;
  const api = new Connection({ machine, agent: "flanneld" });
  try {
    const unreachable = yield* lookAtOwnPod(proc, api);
    const network = readNetwork(proc);
    const problem = unreachable ?? ("problem" in network ? network.problem : undefined);
    if (problem !== undefined || "problem" in network) {
      yield* klog(proc, "E", "main.go:278", `Failed to create SubnetManager: ${problem}`);
      return 1;
    }
    const lease = acquireLease(machine, api, network.cidrs);
    if ("problem" in lease) {
      yield* klog(proc, "E", "main.go:359", `Error registering network: failed to acquire lease: ${lease.problem}`);
      return 1;
    }
    layNetwork(machine, network.cidrs, lease.podCIDRs);
    yield* klog(proc, "I", "main.go:434", `Wrote subnet file to ${SUBNET_FILE}`);
    yield* klog(proc, "I", "main.go:438", "Running backend.");
    for (;;) yield* proc.wait({ on: [] });
  } finally {
    api.close();
  }
}

/** flanneld asks for its own pod first: by that it learns its node, and whether the API server answers (pkg/subnet/kube, 0.27). */
function* lookAtOwnPod(proc: Process, api: Connection): Task<string | undefined> {
  const { clock } = proc.machine.kernel;
  const namespace = proc.env.get("POD_NAMESPACE") ?? "";
  const name = proc.env.get("POD_NAME") ?? "";
  if (name === "" || namespace === "") return "env variables POD_NAME and POD_NAMESPACE must be set";
  const failed = (why: string) => `error retrieving pod spec for '${namespace}/${name}': ${why}`;
  for (const limit = clock.now + DIAL_SECONDS * SECOND; ; ) {
    try {
      api.get("pods", namespace, name);
      return undefined;
    } catch (error) {
      if (error instanceof Status) return failed(error.message);
      if (!(error instanceof Unreachable)) throw error;
      if (clock.now >= limit) return failed(api.words(`/api/v1/namespaces/${namespace}/pods/${name}`, error));
    }
    yield* proc.sleep(1);
  }
}

/** The node's range of each family, where it has one inside of the network; flannel writes on the Node that it is there. */
function acquireLease(
  machine: Machine,
  api: Connection,
  networks: readonly string[],
): { podCIDRs: readonly string[] } | { problem: string } {
  const host = machine.host ?? machine;
  try {
    const node = api.get<Node>("nodes", undefined, host.name);
    const known = node?.spec.podCIDRs ?? [];
    const podCIDRs: string[] = [];
    for (const network of networks) {
      const podCIDR = known.find(sameFamily(network));
      if (!podCIDR) return { problem: `node ${goQuote(host.name)} pod cidr not assigned` };
      const outside = whyOutside(network, podCIDR, host.name);
      if (outside !== undefined) return { problem: outside };
      podCIDRs.push(podCIDR);
    }
    if (node) tellNode(api, node, host);
    return { podCIDRs };
  } catch (error) {
    if (!(error instanceof Unreachable || error instanceof Status)) throw error;
    const why = `failed to patch node ${goQuote(host.name)}. Error: ${error.message}`;
    return { problem: `timeout contacting kube-api, ${why}` };
  }
}

function layNetwork(machine: Machine, networks: readonly string[], podCIDRs: readonly string[]): void {
  const lines = podCIDRs.flatMap((podCIDR, index) => {
    const { first, prefix } = parseCidr(podCIDR);
    const family = first.version === 6 ? "IPV6_" : "";
    const gateway = nthAddress({ first, prefix }, 1);
    return [
      `FLANNEL_${family}NETWORK=${networks[index]}`,
      `FLANNEL_${family}SUBNET=${gateway ? ipText(gateway) : ""}/${prefix}`,
    ];
  });
  machine.files.mkdir("/run/flannel", root, { parents: true });
  machine.files.write(SUBNET_FILE, `${lines.join("\n")}\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n`, root);
  const made: PodNetwork = { plugin: "flannel", cidrs: podCIDRs };
  (machine.host ?? machine).parts.set(POD_NETWORK, made);
}

/** The ranges of all pods, as the ConfigMap kube-flannel-cfg says it. */
function readNetwork({
  machine: { files },
}: Process): { readonly cidrs: readonly string[] } | { readonly problem: string } {
  if (files.find(CONFIG, root)?.kind !== "file")
    return { problem: `failed to read net conf: open ${CONFIG}: no such file or directory` };
  try {
    const { value } = readJson(files.read(CONFIG, root), 0, true);
    const cidr = isObject(value) ? value.Network : undefined;
    if (typeof cidr !== "string" || !parseCidr(cidr))
      return {
        problem: "error parsing subnet config: please define a correct Network parameter in the flannel config",
      };
    if (!isObject(value) || value.EnableIPv6 !== true) return { cidrs: [cidr] };
    const second = value.IPv6Network;
    if (typeof second !== "string" || !parseCidr(second))
      return {
        problem: "error parsing subnet config: please define a correct IPv6Network parameter in the flannel config",
      };
    return { cidrs: [cidr, second] };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { problem: `error parsing subnet config: ${error.message}` };
  }
}

/** Flannel asks that the node's range lies in its own (pkg/subnet/kube AcquireLease, 0.27). */
function whyOutside(network: string, podCIDR: string, node: string): string | undefined {
  const whole = parseCidr(network);
  const part = parseCidr(podCIDR);
  if (cidrContains(whole, part.first) && part.prefix >= whole.prefix) return undefined;
  return `subnet ${goQuote(network)} specified in the flannel net config doesn't contain ${goQuote(podCIDR)} PodCIDR of the ${goQuote(node)} node`;
}

/** What flannel writes on its Node: how other nodes reach it, and that its network is there. */
function tellNode(api: Connection, node: Node, { net, kernel }: Machine): void {
  const { annotations: known } = node.metadata;
  const mac = `6a${kernel.random.hex(10)}`.replace(/..(?=.)/g, "$&:");
  const data = known?.["flannel.alpha.coreos.com/backend-data"] ?? `{"VNI":1,"VtepMAC":"${mac}"}`;
  const annotations = {
    "flannel.alpha.coreos.com/backend-data": data,
    "flannel.alpha.coreos.com/backend-type": "vxlan",
    "flannel.alpha.coreos.com/kube-subnet-manager": "true",
    "flannel.alpha.coreos.com/public-ip": net.addresses[0] ?? "",
    ...(net.addresses[1] ? { "flannel.alpha.coreos.com/public-ipv6": net.addresses[1] } : {}),
  };
  const message = "Flannel is running on this node";
  reportNetwork(api, node, kernel.clock.now, { reason: "FlannelIsUp", message, annotations });
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
