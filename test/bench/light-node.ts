import type { Unreachable } from "../../src/cluster/apiserver/define.ts";
import { releaseOf } from "../../src/cluster/kubeadm/release.ts";
import { readEviction } from "../../src/cluster/kubelet/eviction/thresholds.ts";
import { NodeRegistration } from "../../src/cluster/kubelet/node-registration.ts";
import { PodAgent } from "../../src/cluster/kubelet/pod-agent.ts";
import { RUNTIME_PART, Runtime } from "../../src/cluster/kubelet/runtime/runtime.ts";
import type { Joined } from "../../src/cluster/network/cni/define.ts";
import { POD_NETWORK, type PodNetwork } from "../../src/cluster/network/define.ts";
import type { World } from "../../src/cluster/world.ts";
import type { Node } from "../../src/kinds/types/core.ts";
import { root } from "../../src/machine/define-files.ts";
import { createFiles } from "../../src/machine/files/create-files.ts";
import type { Hardware } from "../../src/machine/hardware.ts";
import { Machine } from "../../src/machine/machine.ts";

/** What a light node does not look up in files: its pod network is there as soon as its Node has a range. */
class LightRegistration extends NodeRegistration {
  override networkProblem(): string | undefined {
    return undefined;
  }
}

/**
 * A node of a large cluster: the kubelet's own code (registration, lease, pods, containers) on a host without units,
 * static pods or processes of its own, whose files are made only when somebody looks.
 */
export function addLightNode(world: World, name: string, address: string): void {
  const { kernel, network, controlPlane } = world;
  const door = world.door();
  if (!door) throw new Error("no API server answers");
  const user = { name: `system:node:${name}`, groups: ["system:nodes", "system:authenticated"] };
  const words = (_path: string, error: Unreachable) => error.message;
  const api = Object.assign(door.client(user, "kubelet"), { words });
  const host = new Machine({
    kernel,
    name,
    files: () => {
      const files = createFiles(kernel);
      files.mkdir("/etc", root);
      files.write("/etc/hosts", `127.0.0.1\tlocalhost\n${address}\t${name}\n`, root);
      files.write("/etc/resolv.conf", "nameserver 127.0.0.53\n", root);
      return files;
    },
    programs: controlPlane.programs,
    network,
    net: { addresses: [address], listeners: [] },
  });
  const hardware: Hardware = { cpus: 16, memoryKib: 64 * 1024 * 1024, booted: kernel.clock.now };
  host.parts.set("hardware", hardware);
  host.parts.set("node-ids", {
    machine: kernel.random.hex(32),
    system: kernel.random.uuid(),
    boot: kernel.random.uuid(),
  });
  const node = () => api.get<Node>("nodes", undefined, name);
  const podNetwork: PodNetwork = {
    plugin: "flannel",
    get cidrs() {
      const cidr = node()?.spec.podCIDR;
      return cidr ? [cidr] : [];
    },
  };
  host.parts.set(POD_NETWORK, podNetwork);
  const runtime = new Runtime(host, network, ({ leases }): Joined => {
    const address = leases.take(podNetwork.cidrs[0] ?? "");
    if (address === undefined) return { error: "no addresses are left", isKept: false };
    return { addresses: [address], mapsPorts: true, leave: () => leases.giveBack(address) };
  });
  host.parts.set(RUNTIME_PART, runtime);
  network.attach(host.net, host);
  const facts = (podIPs: readonly string[]) => ({
    podIPs,
    hostIPs: [address],
    node: name,
    allocatable: node()?.status?.allocatable ?? {},
  });
  const registration = new LightRegistration({
    api,
    runtime,
    release: releaseOf(undefined),
    name,
    config: { maxPods: 110, reserved: [], eviction: readEviction({}) },
    pressures: () => [],
    runtimeErrors: () => [],
    said: () => {},
  });
  const pods = new PodAgent(
    {
      node: name,
      hostIPs: [address],
      host,
      api,
      runtime,
      clock: kernel.clock,
      random: kernel.random,
      dns: { servers: ["10.96.0.10"], domain: "cluster.local" },
      volumes: { api, host, facts: () => facts([]), token: () => () => "" },
      facts,
      logs: { size: 10 * 1024 * 1024, files: 5 },
      refusal: () => undefined,
      runtimeProblem: () => undefined,
      networkProblem: () => (node()?.spec.podCIDR ? undefined : registration.networkProblem()),
    },
    "",
    () => {},
  );
  registration.start();
  pods.start();
}
