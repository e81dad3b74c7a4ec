import { parseCidr } from "../../../../base/cidr.ts";
import { FormatError } from "../../../../base/format-error.ts";
import { goQuote } from "../../../../base/go-text.ts";
import { Status } from "../../../../kinds/status.ts";
import type { ConfigMap, Node } from "../../../../kinds/types/core.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import type { Task } from "../../../../machine/define.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Process } from "../../../../machine/process.ts";
import { Unreachable } from "../../../apiserver/define.ts";
import type { Connection } from "../../../connection.ts";
import { CALICO_VERSION, type IpamBlock, type IpPool, NODENAME_FILE } from "../../../network/cni/calico/define.ts";
import { assignAddress } from "../../../network/cni/calico/ipam.ts";
import { reportNetwork } from "../../../network/cni/report-network.ts";
import { CALICO_RELEASE, calicoLog } from "./define.ts";

export const BGP_ADDRESS = "projectcalico.org/IPv4Address";

/** The tunnels between nodes: where a Node says its address in one, and how that is told from pods' in the pool. */
const tunnels = {
  ipip: { annotation: "projectcalico.org/IPv4IPIPTunnelAddr", handle: "ipip-tunnel-addr", type: "ipipTunnelAddress" },
  vxlan: {
    annotation: "projectcalico.org/IPv4VXLANTunnelAddr",
    handle: "vxlan-tunnel-addr",
    type: "vxlanTunnelAddress",
  },
} as const;
const POOLS = "ippools.crd.projectcalico.org";

/** What calico-node finds out and writes down before its parts start; or the status it ends with. */
export type Started = { readonly tunnel: string | undefined } | number;

/** The start of calico-node (node/pkg/lifecycle/startup, 3.30): it waits for the API server, then makes what is missing. */
export function* startUp(proc: Process, api: Connection, node: string): Task<Started> {
  const say = (source: string, text: string) => calicoLog(proc, "INFO", source, text);
  yield* say("startup/startup.go 445", "Early log level set to info");
  yield* say("lifecycle/utils.go 103", `Using NODENAME environment for node name ${node}`);
  yield* say("startup/startup.go 95", `Starting node ${node} with version ${CALICO_RELEASE}`);
  yield* say("startup/startup.go 450", "Checking datastore connection");
  for (let verified = false; ; ) {
    try {
      const own = api.get<Node>("nodes", undefined, node);
      if (!verified) yield* say("startup/startup.go 474", "Datastore connection verified");
      verified = true;
      if (own) return yield* prepare(proc, api, own);
      yield* calicoLog(proc, "WARNING", "startup/startup.go 191", `Node ${goQuote(node)} is not registered yet`);
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof Status)) throw error;
      const why = error instanceof Unreachable ? api.words("/api/v1/nodes/foo", error) : error.message;
      yield* say("startup/startup.go 470", `Hit error connecting to datastore - retry error=${why}`);
    }
    yield* proc.sleep(1);
  }
}

function* prepare(proc: Process, api: Connection, own: Node): Task<Started> {
  const { files, net } = proc.machine;
  const address = net.addresses[0] ?? "";
  const problem = ensureObjects(proc, api);
  if (problem !== undefined) {
    yield* calicoLog(proc, "FATAL", "startup/startup.go 1027", problem);
    yield* calicoLog(proc, "WARNING", "lifecycle/utils.go 53", "Terminating");
    return 1;
  }
  const detected = `Using autodetected IPv4 address on interface eth0: ${address}/24`;
  yield* calicoLog(proc, "INFO", "startup/autodetection_methods.go 103", detected);
  const tunnel = report(proc, api, own);
  if (!files.find("/var/lib/calico", root)) files.mkdir("/var/lib/calico", root, { parents: true });
  files.write(NODENAME_FILE, own.metadata.name, root);
  yield* calicoLog(proc, "INFO", "startup/startup.go 222", `Using node name: ${own.metadata.name}`);
  yield* calicoLog(proc, "INFO", "lifecycle/utils.go 191", "Setting NetworkUnavailable to false");
  return { tunnel };
}

/** Makes the default pool and configuration. Gives back what calico-node ends with. */
function ensureObjects(proc: Process, api: Connection): string | undefined {
  // Throws while the kinds are not served, and then nothing is half done.
  const pools = api.list<IpPool>(POOLS);
  if (pools.length === 0) {
    const pool = defaultPool(proc, api);
    if (typeof pool === "string") return pool;
    createOnce(api, pool);
  }
  const { random } = proc.machine.kernel;
  createOnce(
    api,
    made("FelixConfiguration", "default", {
      bpfConnectTimeLoadBalancing: "TCP",
      bpfHostNetworkedNATWithoutCTLB: "Enabled",
      bpfLogLevel: "",
      floatingIPs: "Disabled",
      logSeverityScreen: "Info",
      reportingInterval: "0s",
    }),
  );
  createOnce(
    api,
    made("ClusterInformation", "default", {
      calicoVersion: CALICO_RELEASE,
      clusterGUID: random.hex(32),
      clusterType: "k8s,bgp,kubeadm,kdd",
      datastoreReady: true,
    }),
  );
  return undefined;
}

function made(kind: string, name: string, spec: object): KubeObject {
  return { apiVersion: CALICO_VERSION, kind, metadata: { name }, spec };
}

/** The nodes start at the same time; one of them is first. */
function createOnce(api: Connection, object: KubeObject): void {
  try {
    api.create(object);
  } catch (error) {
    if (!(error instanceof Status && error.reason === "AlreadyExists")) throw error;
  }
}

/** The pool by the variables of the manifest; its range is that of kubeadm where none is named. A text is what is wrong. */
function defaultPool({ env }: Process, api: Connection): KubeObject | string {
  const named = env.get("CALICO_IPV4POOL_CIDR");
  const cidr = named ?? kubeadmRange(api) ?? "192.168.0.0/16";
  try {
    if (parseCidr(cidr).first.version !== 4) throw new FormatError("not an IPv4 network");
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return `Invalid CIDR specified in CALICO_IPV4POOL_CIDR '${cidr}'; error=${error.message}`;
  }
  const ipipMode = tunnelMode(env.get("CALICO_IPV4POOL_IPIP"));
  const vxlanMode = tunnelMode(env.get("CALICO_IPV4POOL_VXLAN"));
  if (ipipMode === undefined)
    return `Unrecognized IPIP mode specified in CALICO_IPV4POOL_IPIP '${env.get("CALICO_IPV4POOL_IPIP")}'`;
  if (vxlanMode === undefined)
    return `Unrecognized VXLAN mode specified in CALICO_IPV4POOL_VXLAN '${env.get("CALICO_IPV4POOL_VXLAN")}'`;
  if (ipipMode !== "Never" && vxlanMode !== "Never")
    return `Cannot enable both VXLAN and IPIP on the default IPv4 pool: CALICO_IPV4POOL_IPIP is ${ipipMode}, CALICO_IPV4POOL_VXLAN is ${vxlanMode}`;
  const blockSize = Number(env.get("CALICO_IPV4POOL_BLOCK_SIZE") ?? "26");
  return made("IPPool", "default-ipv4-ippool", {
    allowedUses: ["Workload", "Tunnel"],
    assignmentMode: "Automatic",
    blockSize,
    cidr,
    ipipMode,
    natOutgoing: env.get("CALICO_IPV4POOL_NAT_OUTGOING") !== "false",
    nodeSelector: env.get("CALICO_IPV4POOL_NODE_SELECTOR") ?? "all()",
    vxlanMode,
  });
}

function tunnelMode(text = "Never"): "Always" | "CrossSubnet" | "Never" | undefined {
  const modes = {
    always: "Always",
    crosssubnet: "CrossSubnet",
    "cross-subnet": "CrossSubnet",
    never: "Never",
    off: "Never",
    "": "Never",
  } as const;
  return modes[text.toLowerCase() as keyof typeof modes];
}

function kubeadmRange(api: Connection): string | undefined {
  const text = api.get<ConfigMap>("configmaps", "kube-system", "kubeadm-config")?.data?.ClusterConfiguration ?? "";
  return /^\s*podSubnet:\s*"?([^\s",]+)/m.exec(text)?.[1];
}

/** The kind of tunnel by which pods of other nodes are reached, where the pools want one. */
function tunnelKind(api: Connection): keyof typeof tunnels | undefined {
  const pools = api.list<IpPool>(POOLS).map(({ spec }) => spec);
  if (pools.some(({ ipipMode = "Never" }) => ipipMode !== "Never")) return "ipip";
  return pools.some(({ vxlanMode = "Never" }) => vxlanMode !== "Never") ? "vxlan" : undefined;
}

/** The node's address in the tunnel: the first of its first block. */
function tunnelOf(api: Connection, own: Node, kind: keyof typeof tunnels): string | undefined {
  const { name, labels, annotations } = own.metadata;
  const { annotation, handle, type } = tunnels[kind];
  const handle_id = `${handle}-${name}`;
  const known = annotations?.[annotation];
  const isGiven = api
    .list<IpamBlock>("ipamblocks.crd.projectcalico.org")
    .some(({ spec }) => spec.attributes.some((one) => one.handle_id === handle_id));
  if (known !== undefined && isGiven) return known;
  const address = assignAddress(api, { name, labels }, { handle_id, secondary: { node: name, type } });
  return typeof address === "string" ? address : undefined;
}

/** Writes on the Node how other nodes reach it, and that its network is there. Gives back its address in the tunnel. */
function report({ machine }: Process, api: Connection, own: Node): string | undefined {
  const kind = tunnelKind(api);
  const tunnel = kind && tunnelOf(api, own, kind);
  const annotations = {
    [BGP_ADDRESS]: `${machine.net.addresses[0]}/24`,
    ...(kind && tunnel !== undefined ? { [tunnels[kind].annotation]: tunnel } : {}),
  };
  const message = "Calico is running on this node";
  reportNetwork(api, own, machine.kernel.clock.now, { reason: "CalicoIsUp", message, annotations });
  return tunnel;
}
