import { sameFamily } from "../../../base/cidr.ts";
import type { Micros } from "../../../base/clock.ts";
import type { Random } from "../../../base/random.ts";
import type { ContainerPort, Pod } from "../../../kinds/types/pod.ts";
import type { NetworkNamespace } from "../../../machine/define-network.ts";
import { shareDisk } from "../../../machine/files/create-files.ts";
import type { Machine } from "../../../machine/machine.ts";
import type { ClusterNetwork } from "../../network/cluster-network.ts";
import { addToNetwork } from "../../network/cni/add-to-network.ts";
import { AddressLeases } from "../../network/cni/address-leases.ts";
import type { CniCall, Joined, NotJoined } from "../../network/cni/define.ts";
import { HOST_PORTS, type HostPorts } from "../../network/define.ts";
import type { Image } from "../images/define.ts";
import { diskElsewhere } from "../usage/disk.ts";
import { watchMemory } from "../usage/memory.ts";
import type { PodVolumes } from "../volumes.ts";
import type { RuntimeContainer } from "./container.ts";
import { fullName, type ImageName } from "./image-name.ts";
import { findImage, imageId, type StoredImage } from "./image-store.ts";
import { shareLogs } from "./log-files.ts";

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
  /** Takes it out of the pod network: its address is free again. */
  readonly leave?: (() => void) | undefined;
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
  private readonly leases = new AddressLeases();
  private readonly join: (call: CniCall) => Joined;

  /** `join`: how a sandbox gets into the pod network, where no files say so. */
  constructor(host: Machine, network: ClusterNetwork, join: (call: CniCall) => Joined = addToNetwork) {
    this.host = host;
    this.join = join;
    this.random = host.kernel.random;
    this.network = network;
    watchMemory(this);
    shareLogs(this);
    const hostPorts: HostPorts = (port, protocol, address) => this.behindPort(port, protocol, address);
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
  createSandbox(pod: Pod): Sandbox | NotJoined {
    const { uid = "", namespace = "", name } = pod.metadata;
    const id = this.random.hex(64);
    const hostNetwork = pod.spec.hostNetwork === true;
    const joined = hostNetwork ? undefined : this.join({ host: this.host, pod, sandbox: id, leases: this.leases });
    if (joined && "error" in joined) return joined;
    const net = joined ? this.podNetwork(joined.addresses) : this.host.net;
    const attempt = (this.sandboxes.get(uid)?.attempt ?? -1) + 1;
    const sandbox: Sandbox = {
      id,
      uid,
      namespace,
      name,
      created: this.host.kernel.clock.now,
      net,
      hostNetwork,
      hostPorts: joined?.mapsPorts
        ? pod.spec.containers.flatMap(({ ports = [] }) => ports.filter((one) => one.hostPort))
        : [],
      attempt,
      leave: joined?.leave,
    };
    this.sandboxes.set(uid, sandbox);
    return sandbox;
  }

  private behindPort(port: number, protocol: string, address: string): ReturnType<HostPorts> {
    for (const { hostPorts, net } of this.sandboxes.values())
      for (const { hostPort, hostIP, protocol: own = "TCP", containerPort } of hostPorts) {
        const isMeant = !hostIP || hostIP === "0.0.0.0" || hostIP === "::" || hostIP === address;
        const behind = net.addresses.find(sameFamily(address));
        if (hostPort === port && own === protocol && isMeant && behind !== undefined)
          return { address: behind, port: containerPort };
      }
    return undefined;
  }

  private podNetwork(addresses: readonly string[]): NetworkNamespace {
    const net: NetworkNamespace = { addresses, listeners: [] };
    this.network.attach(net, this.host, true);
    return net;
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
    sandbox.leave?.();
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
