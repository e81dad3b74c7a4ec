import { type Amounts, amountOf, podRequests } from "../../kinds/pod-resources.ts";
import type { Node, Taint } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { NodeInfo } from "./define.ts";

function amountsOf(list: Readonly<Record<string, string>> | undefined): Amounts {
  return Object.fromEntries(Object.entries(list ?? {}).map(([name, text]) => [name, amountOf(name, text)]));
}

/** What a pod counts for in scoring when it asks for nothing (scheduler/util DefaultMilliCPURequest, DefaultMemoryRequest, 1.35). */
export const LEAST_WEIGHT = { cpu: 100, memory: 200 * 1024 * 1024 };

/** A node with what stands on it, kept up to date by addition and subtraction. */
class Entry implements NodeInfo {
  node: Node;
  readonly pods = new Map<string, Pod>();
  readonly requested: Record<string, number> = { pods: 0 };
  readonly weighed = { cpu: 0, memory: 0 };
  allocatable: Amounts;
  readonly room = { cpu: 0, memory: 0, pods: 0, cpuRequested: 0, memoryRequested: 0, podCount: 0 };
  readonly ports = new Set<string>();
  images: ReadonlyMap<string, number>;
  unschedulable: boolean;
  taints: readonly Taint[] | undefined;

  constructor(node: Node) {
    this.node = node;
    this.allocatable = amountsOf(node.status?.allocatable);
    this.measure();
    this.images = sizesOf(node);
    this.unschedulable = node.spec.unschedulable ?? false;
    this.taints = node.spec.taints;
  }

  private measure(): void {
    const { cpu = 0, memory = 0, pods = 0 } = this.allocatable;
    this.room.cpu = cpu;
    this.room.memory = memory;
    this.room.pods = pods;
  }

  update(node: Node): void {
    const { status } = this.node;
    this.node = node;
    if (node.status?.allocatable !== status?.allocatable) {
      this.allocatable = amountsOf(node.status?.allocatable);
      this.measure();
    }
    if (node.status?.images !== status?.images) this.images = sizesOf(node);
    this.unschedulable = node.spec.unschedulable ?? false;
    this.taints = node.spec.taints;
  }

  add(pod: Pod, sign: 1 | -1): void {
    const requests = podRequests(pod);
    for (const name in requests) this.requested[name] = (this.requested[name] ?? 0) + sign * (requests[name] ?? 0);
    this.requested.pods = (this.requested.pods ?? 0) + sign;
    this.room.cpuRequested += sign * (requests.cpu ?? 0);
    this.room.memoryRequested += sign * (requests.memory ?? 0);
    this.room.podCount += sign;
    this.weighed.cpu += sign * (requests.cpu || LEAST_WEIGHT.cpu);
    this.weighed.memory += sign * (requests.memory || LEAST_WEIGHT.memory);
    for (const port of hostPorts(pod))
      if (sign === 1) this.ports.add(port);
      else this.ports.delete(port);
  }
}

function sizesOf({ status }: Node): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { names, sizeBytes = 0 } of status?.images ?? []) for (const name of names) sizes.set(name, sizeBytes);
  return sizes;
}

/** The host ports a pod takes, as "TCP/0.0.0.0/80". */
export function hostPorts(pod: Pod): string[] {
  const ports: string[] = [];
  for (const container of pod.spec.containers)
    for (const port of container.ports ?? [])
      if (port.hostPort) ports.push(`${port.protocol ?? "TCP"}/${port.hostIP || "0.0.0.0"}/${port.hostPort}`);
  return ports;
}

/** What the scheduler knows of the nodes and the pods on them. */
export class NodeCache {
  private readonly byName = new Map<string, Entry>();
  private list: Entry[] = [];
  /** Pods seen before their node was. */
  private readonly homeless = new Map<string, Pod>();
  private readonly imageCounts = new Map<string, number>();
  private readonly excluding = new Map<string, { pod: Pod; node: Node }>();

  clear(): void {
    this.byName.clear();
    this.homeless.clear();
    this.excluding.clear();
    this.imageCounts.clear();
    this.list = [];
  }

  /** In the order in which the nodes came. */
  get nodes(): readonly NodeInfo[] {
    return this.list;
  }

  /** The pods with required anti-affinity. */
  get exclusive(): Iterable<{ readonly pod: Pod; readonly node: Node }> {
    return this.excluding.values();
  }

  setNode(node: Node): void {
    const entry = this.byName.get(node.metadata.name);
    if (entry) {
      const { images } = entry;
      entry.update(node);
      if (entry.images !== images) this.countImages(images, -1);
      if (entry.images !== images) this.countImages(entry.images, 1);
      return;
    }
    const fresh = new Entry(node);
    this.countImages(fresh.images, 1);
    this.byName.set(node.metadata.name, fresh);
    this.list.push(fresh);
    for (const [uid, pod] of this.homeless)
      if (pod.spec.nodeName === node.metadata.name) {
        this.homeless.delete(uid);
        this.setPod(pod);
      }
  }

  byNodeName(name: string): NodeInfo | undefined {
    return this.byName.get(name);
  }

  private countImages(images: ReadonlyMap<string, number>, sign: 1 | -1): void {
    for (const name of images.keys()) this.imageCounts.set(name, (this.imageCounts.get(name) ?? 0) + sign);
  }

  /** On how many nodes an image of this name is. */
  nodesWith(image: string): number {
    return this.imageCounts.get(image) ?? 0;
  }

  dropNode(name: string): void {
    const entry = this.byName.get(name);
    if (!entry) return;
    for (const [uid, pod] of entry.pods) this.homeless.set(uid, pod);
    this.countImages(entry.images, -1);
    this.byName.delete(name);
    this.list = this.list.filter((entry) => entry.node.metadata.name !== name);
  }

  setPod(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    const entry = this.byName.get(pod.spec.nodeName ?? "");
    if (!entry) {
      this.homeless.set(uid, pod);
      return;
    }
    const known = entry.pods.get(uid);
    entry.pods.set(uid, pod);
    if (pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.length)
      this.excluding.set(uid, { pod, node: entry.node });
    if (known?.spec.containers === pod.spec.containers) return;
    if (known) entry.add(known, -1);
    entry.add(pod, 1);
  }

  dropPod(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    this.homeless.delete(uid);
    this.excluding.delete(uid);
    const entry = this.byName.get(pod.spec.nodeName ?? "");
    const known = entry?.pods.get(uid);
    if (!entry || !known) return;
    entry.pods.delete(uid);
    entry.add(known, -1);
  }
}
