import { type Cidr, cidrContains, parseCidr, parseIp } from "../../../../base/cidr.ts";
import { Status } from "../../../../kinds/status.ts";
import type { Node } from "../../../../kinds/types/core.ts";
import type { Pod } from "../../../../kinds/types/pod.ts";
import type { Program, Task } from "../../../../machine/define.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Process } from "../../../../machine/process.ts";
import { listenUnix } from "../../../../machine/unix-sockets.ts";
import { Unreachable } from "../../../apiserver/define.ts";
import { Connection } from "../../../connection.ts";
import { endsOnTerm } from "../../../daemon/ends-on-term.ts";
import { listenHttp } from "../../../daemon/listen-http.ts";
import { CILIUM_SOCKET } from "../../../network/cni/cilium/define.ts";
import { reportNetwork } from "../../../network/cni/report-network.ts";
import { POD_NETWORK, POLICY_RULES, type PodNetwork } from "../../../network/define.ts";
import { LivePolicies } from "../../../network/policy/live-policies.ts";
import { addressesOf } from "../../../network/policy/policy-pod.ts";
import type { Image } from "../define.ts";
import { AddressPool } from "./address-pool.ts";
import {
  CILIUM_NODES,
  CILIUM_VERSION,
  type CiliumNode,
  CONFIG_FOLDER,
  ciliumLog,
  ciliumTags,
  setting,
} from "./define.ts";
import { CiliumEndpoints } from "./endpoints.ts";
import { initPrograms } from "./init-programs.ts";

/** Under this name the agent's container keeps that it works: what `cilium-dbg status` tells. */
const HEALTHY = "cilium-healthy";

/** Cilium's agent: it joins its node to the pod network and keeps the policies there. What it has loaded stays when it ends. */
function* run(proc: Process): Task<number> {
  const { machine } = proc;
  const host = machine.host ?? machine;
  const api = new Connection({ machine, agent: "cilium-agent" });
  const page = () => ({ status: machine.parts.get(HEALTHY) ? 200 : 503, headers: {}, body: "" });
  const taken = listenHttp(proc, "127.0.0.1", 9879, page);
  if (taken !== undefined) {
    yield* ciliumLog(proc, "error", "Unable to start status api", ` error="${taken}"`);
    return 1;
  }
  let policies: LivePolicies | undefined;
  let endpoints: CiliumEndpoints | undefined;
  try {
    const ranges = yield* ownRanges(proc, api, host.name);
    const pool = new AddressPool(ranges, machine.kernel.random);
    const router = yield* takeOwnAddresses(proc, api, host.name, pool);
    const networks = ranges.map(parseCidr);
    const isOwn = (pod: Pod) => addressesOf(pod).some((address) => lies(networks, address));
    policies = new LivePolicies(api, machine.kernel.clock, isOwn, {
      resource: CILIUM_NODES,
      addresses: (node) => ((node as CiliumNode).spec.addresses ?? []).map(({ ip }) => ip),
    });
    while (!policies.isComplete) yield* proc.sleep(1);
    const network: PodNetwork = { plugin: "cilium", cidrs: ranges, towardsNodes: [router], towardsPods: [router] };
    host.parts.set(POD_NETWORK, network);
    host.parts.set(POLICY_RULES, policies.table);
    endpoints = new CiliumEndpoints(api, host.name, host.net.addresses[0] ?? "");
    openSocket(proc, pool);
    yield* writeConfig(proc);
    yield* tellNode(proc, api, host.name);
    machine.parts.set(HEALTHY, true);
    yield* ciliumLog(proc, "info", "Daemon initialization completed");
    for (;;) yield* proc.wait({ on: [] });
  } finally {
    machine.parts.delete(HEALTHY);
    policies?.stop();
    endpoints?.stop();
    api.close();
  }
}

function lies(networks: readonly Cidr[], address: string): boolean {
  const ip = parseIp(address);
  return ip !== undefined && networks.some((network) => cidrContains(network, ip));
}

/** Registers the node, and waits until the operator has given it ranges. */
function* ownRanges(proc: Process, api: Connection, name: string): Task<readonly string[]> {
  const { machine } = proc;
  let said = false;
  for (;;) {
    try {
      const known = api.get<CiliumNode>(CILIUM_NODES, undefined, name);
      if (known?.spec.ipam?.podCIDRs?.length) return known.spec.ipam.podCIDRs;
      const node = api.get<Node>("nodes", undefined, name);
      if (!known && node)
        api.create<CiliumNode>({
          apiVersion: CILIUM_VERSION,
          kind: "CiliumNode",
          metadata: { name, ownerReferences: [{ apiVersion: "v1", kind: "Node", name, uid: node.metadata.uid ?? "" }] },
          spec: { addresses: [{ ip: machine.net.addresses[0] ?? "", type: "InternalIP" }], ipam: {} },
        });
      if (!said) yield* ciliumLog(proc, "info", "Waiting for IPs to become available in CRD-backed allocation pool");
      said = true;
    } catch (error) {
      if (!(error instanceof Status || error instanceof Unreachable)) throw error;
      if (!said)
        yield* ciliumLog(
          proc,
          "info",
          "Still waiting for Cilium Operator to register the following CRDs",
          ` crds="[crd:${CILIUM_NODES}]"`,
        );
      said = true;
    }
    yield* proc.sleep(0.5);
  }
}

/** The addresses that are there from before stay; the agent takes one for the node itself. */
function* takeOwnAddresses(proc: Process, api: Connection, name: string, pool: AddressPool): Task<string> {
  for (;;) {
    try {
      for (const { metadata, spec, status } of api.indexed<Pod>("pods", "node", name))
        if (!spec.hostNetwork && status?.podIP) pool.keep(status.podIP, `${metadata.namespace}/${metadata.name}`);
      const own = api.get<CiliumNode>(CILIUM_NODES, undefined, name);
      const before = own?.spec.addresses?.find(({ type }) => type === "CiliumInternalIP")?.ip;
      if (before !== undefined) {
        pool.keep(before, "router");
        return before;
      }
      const router = pool.allocate("router");
      if (own && typeof router === "string") {
        const address = { ip: router, type: "CiliumInternalIP" };
        api.modify(own, (current) => ({
          ...current,
          spec: { ...current.spec, addresses: [...(current.spec.addresses ?? []), address] },
        }));
        return router;
      }
    } catch (error) {
      if (!(error instanceof Status || error instanceof Unreachable)) throw error;
      yield* ciliumLog(proc, "warn", "Unable to update CiliumNode resource", ` error="${error.message}"`);
    }
    yield* proc.sleep(1);
  }
}

function openSocket(proc: Process, pool: AddressPool): void {
  const { files } = proc.machine;
  if (files.find(CILIUM_SOCKET, root)) files.unlink(CILIUM_SOCKET, root);
  listenUnix(proc, CILIUM_SOCKET, pool, 0o660);
}

/** The configuration for the container runtime; those of other networks get out of its way (cni-exclusive). */
function* writeConfig(proc: Process): Task {
  const { files } = proc.machine;
  const folder = "/host/etc/cni/net.d";
  const path = setting(proc, CONFIG_FOLDER, "write-cni-conf-when-ready") ?? `${folder}/05-cilium.conflist`;
  if (!files.find(folder, root)) return;
  const config = `{
  "cniVersion": "0.3.1",
  "name": "cilium",
  "plugins": [
    {
       "type": "cilium-cni",
       "enable-debug": false,
       "log-file": "/var/run/cilium/cilium-cni.log"
    }
  ]
}
`;
  files.write(path, config, root, { mode: 0o600 });
  yield* ciliumLog(proc, "info", `Wrote CNI configuration file to ${path}`);
  if (setting(proc, CONFIG_FOLDER, "cni-exclusive") !== "true") return;
  for (const name of files.list(folder, root)) {
    if (`${folder}/${name}` === path || !/\.(conf|conflist|json)$/.test(name)) continue;
    files.rename(`${folder}/${name}`, `${folder}/${name}.cilium_bak`, root);
    yield* ciliumLog(proc, "info", "Renamed conflicting CNI configuration file", ` name=${name}`);
  }
}

function* tellNode(proc: Process, api: Connection, name: string): Task {
  for (;;) {
    try {
      const node = api.get<Node>("nodes", undefined, name);
      const { now } = proc.machine.kernel.clock;
      if (node) reportNetwork(api, node, now, { reason: "CiliumIsUp", message: "Cilium is running on this node" });
      return;
    } catch (error) {
      if (!(error instanceof Status || error instanceof Unreachable)) throw error;
      yield* proc.sleep(1);
    }
  }
}

/** What can be asked of a running agent. */
function* status(proc: Process, argv: readonly string[]): Task<number> {
  if (argv[0] === "build-config") return 0;
  if (argv[0] !== "status") {
    yield* proc.write(2, "cilium-dbg: only status is simulated\n");
    return 1;
  }
  if (!proc.machine.parts.get(HEALTHY)) {
    yield* proc.write(2, "cilium: daemon unreachable\n");
    return 1;
  }
  if (argv.includes("--brief")) {
    yield* proc.write(1, "OK\n");
    return 0;
  }
  yield* proc.write(2, "cilium-dbg: only status --brief is simulated\n");
  return 1;
}

const agent: Program = { name: "cilium-agent", folder: "/usr/bin", run: endsOnTerm(run) };
const debug: Program = { name: "cilium-dbg", also: ["cilium"], folder: "/usr/bin", run: status };

export const ciliumAgent: Image = {
  repository: "quay.io/cilium/cilium",
  tags: ciliumTags,
  size: 234_000_000,
  usage: { cpu: 25, memory: 190 },
  entrypoint: ["/usr/bin/cilium-agent"],
  programs: [agent, debug, ...initPrograms],
  userland: "debian",
};
