import type { Micros } from "../../../base/clock.ts";
import type { Random } from "../../../base/random.ts";
import type { ContainerPort, Pod } from "../../../kinds/types/pod.ts";
import type { NetworkNamespace } from "../../../machine/define-network.ts";
import { shareDisk } from "../../../machine/files/create-files.ts";
import type { Machine } from "../../../machine/machine.ts";
import type { ClusterNetwork, HostPorts } from "../../network/cluster-network.ts";
import { HOST_PORTS, POD_NETWORK } from "../../network/cluster-network.ts";
import type { Image } from "../images/define.ts";
import { diskElsewhere } from "../usage/disk.ts";
import { watchMemory } from "../usage/memory.ts";
import type { PodVolumes } from "../volumes.ts";
import type { RuntimeContainer } from "./container.ts";
import { fullName, type ImageName } from "./image-name.ts";
import { findImage, imageId, type StoredImage } from "./image-store.ts";

/** The machine's part under which a node keeps what containerd keeps. */
export const RUNTIME_PART = "containerd";

/** A pod's sandbox: the network that its containers share. */
export interface Sandbox {
  readonly id: string;
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly created: Micros;
  readonly net: NetworkNamespace;
  readonly hostNetwork: boolean;
  /** The ports of the node that lead to it. */
  readonly hostPorts: readonly ContainerPort[];
  readonly attempt: number;
  /** The process namespace of all its containers, where the pod shares one: process 1 is pause. */
  pids?: Machine;
  /** memory.max of the pod's control group, in bytes. */
  memoryLimit?: number | undefined;
}

/**
 * containerd on a node: images, sandboxes, containers. It goes on when the kubelet stops, and the kubelet finds
 * everything again by it.
 */
export class Runtime {
  readonly host: Machine;
  readonly random: Random;
  private readonly network: ClusterNetwork;
  readonly images = new Map<string, StoredImage>();
  readonly sandboxes = new Map<string, Sandbox>();
  /** All containers by the uid of their pod, oldest first; the ended ones, too. */
  readonly containers = new Map<string, RuntimeContainer[]>();
  /** The pods' volumes, which lie on the node's disk. */
  readonly volumes = new Map<string, PodVolumes>();
  /** Called when the kernel had to end a process because the node has no memory left. */
  onSystemOom: ((victim: { readonly process: string; readonly pid: number }) => void) | undefined;
  private nextAddress = 2;
  private readonly addresses = new Set<string>();

  constructor(host: Machine, network: ClusterNetwork) {
    this.host = host;
    this.random = host.kernel.random;
    this.network = network;
    watchMemory(this);
    const hostPorts: HostPorts = (port, protocol) => this.behindPort(port, protocol);
    host.parts.set(HOST_PORTS, hostPorts);
    shareDisk(host.files, () => diskElsewhere(this));
  }

  /** Puts an image on the disk. */
  store(image: Image, name: ImageName): StoredImage {
    const stored = { name, image, id: imageId(name), since: this.host.kernel.clock.now };
    this.images.set(fullName(name), stored);
    return stored;
  }

  /** The image of a reference, if it is on the disk. */
  stored(reference: string): StoredImage | undefined {
    const found = findImage(reference);
    return "image" in found ? this.images.get(fullName(found.name)) : undefined;
  }

  /** Makes a pod's sandbox. Gives back the words of the CNI plugin's error where it cannot get an address. */
  createSandbox(pod: Pod): Sandbox | { readonly error: string } {
    const { uid = "", namespace = "", name } = pod.metadata;
    const id = this.random.hex(64);
    const hostNetwork = pod.spec.hostNetwork === true;
    const net = hostNetwork ? this.host.net : this.podNetwork(id);
    if ("error" in net) return net;
    const attempt = (this.sandboxes.get(uid)?.attempt ?? -1) + 1;
    const sandbox: Sandbox = {
      id,
      uid,
      namespace,
      name,
      created: this.host.kernel.clock.now,
      net,
      hostNetwork,
      hostPorts: hostNetwork
        ? []
        : pod.spec.containers.flatMap(({ ports = [] }) => ports.filter((one) => one.hostPort)),
      attempt,
    };
    this.sandboxes.set(uid, sandbox);
    return sandbox;
  }

  private behindPort(port: number, protocol: string): ReturnType<HostPorts> {
    for (const { hostPorts, net } of this.sandboxes.values())
      for (const one of hostPorts)
        if (one.hostPort === port && (one.protocol ?? "TCP") === protocol)
          return { address: net.addresses[0] ?? "", port: one.containerPort };
    return undefined;
  }

  private podNetwork(id: string): NetworkNamespace | { readonly error: string } {
    const cidr = (this.host.parts.get(POD_NETWORK) as { cidr: string } | undefined)?.cidr;
    if (!cidr)
      return {
        error: `plugin type="flannel" failed (add): loadFlannelSubnetEnv failed: open /run/flannel/subnet.env: no such file or directory`,
      };
    const address = this.freeAddress(cidr);
    if (!address)
      return {
        error: `plugin type="flannel" failed (add): failed to delegate add: failed to allocate for range 0: no IP addresses available in range set: ${cidr}`,
      };
    void id;
    const net: NetworkNamespace = { addresses: [address], listeners: [] };
    this.network.attach(net, this.host, true);
    return net;
  }

  /** host-local IPAM: the next address after the one given last, round the range. */
  private freeAddress(cidr: string): string | undefined {
    const [base = "", bits = "24"] = cidr.split("/");
    const [a = 0, b = 0, c = 0, d = 0] = base.split(".").map(Number);
    const size = 2 ** (32 - Number(bits));
    const first = ((a * 256 + b) * 256 + c) * 256 + d;
    for (let tries = 0; tries < size; tries++) {
      const offset = this.nextAddress;
      this.nextAddress = this.nextAddress + 1 >= size - 1 ? 2 : this.nextAddress + 1;
      const n = first + offset;
      const address = [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join(".");
      if (this.addresses.has(address)) continue;
      this.addresses.add(address);
      return address;
    }
    return undefined;
  }

  volumesOf(uid: string): PodVolumes {
    let volumes = this.volumes.get(uid);
    if (!volumes) {
      volumes = new Map();
      this.volumes.set(uid, volumes);
    }
    return volumes;
  }

  /** The volumes of a pod that was given up are gone, and what its containers wrote. */
  reclaim(uid: string): void {
    this.volumes.delete(uid);
    for (const container of this.containersOf(uid)) container.reclaimed = true;
  }

  removeSandbox(uid: string): void {
    this.volumes.delete(uid);
    const sandbox = this.sandboxes.get(uid);
    if (!sandbox) return;
    this.sandboxes.delete(uid);
    this.containers.delete(uid);
    sandbox.pids?.processes.get(1)?.signal("KILL");
    if (sandbox.hostNetwork) return;
    this.network.detach(sandbox.net);
    for (const address of sandbox.net.addresses) this.addresses.delete(address);
  }

  containersOf(uid: string): readonly RuntimeContainer[] {
    return this.containers.get(uid) ?? [];
  }

  add(container: RuntimeContainer): void {
    const uid = container.sandbox.uid;
    const list = this.containers.get(uid);
    if (!list) this.containers.set(uid, [container]);
    else {
      list.push(container);
      // The kubelet keeps one dead container of each name (maximum-dead-containers-per-container).
      const same = list.filter((c) => c.name === container.name);
      if (same.length > 2) list.splice(list.indexOf(same[0] as RuntimeContainer), 1);
    }
  }
}
