import { hostPorts } from "../../kinds/host-ports.ts";
import { type Amounts, amountOf, podRequests } from "../../kinds/pod-resources.ts";
import type { Node, Taint } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { TrialNode } from "./define.ts";

function amountsOf(list: Readonly<Record<string, string>> | undefined): Amounts {
  return Object.fromEntries(Object.entries(list ?? {}).map(([name, text]) => [name, amountOf(name, text)]));
}

/** What a pod counts for in scoring when it asks for nothing (scheduler/util DefaultMilliCPURequest, DefaultMemoryRequest, 1.35). */
export const LEAST_WEIGHT = { cpu: 100, memory: 200 * 1024 * 1024 };

/** A node with what stands on it, kept up to date by addition and subtraction. */
export class NodeEntry implements TrialNode {
  node: Node;
  index: number;
  readonly pods = new Map<string, Pod>();
  readonly requested: Record<string, number> = { pods: 0 };
  readonly weighed = { cpu: 0, memory: 0 };
  allocatable: Amounts;
  readonly room = { cpu: 0, memory: 0, pods: 0, cpuRequested: 0, memoryRequested: 0, podCount: 0 };
  readonly ports = new Map<string, number>();
  images: ReadonlyMap<string, number>;
  unschedulable: boolean;
  taints: readonly Taint[] | undefined;

  constructor(
    node: Node,
    index: number,
    images: ReadonlyMap<string, number> = sizesOf(node),
    allocatable = amountsOf(node.status?.allocatable),
  ) {
    this.node = node;
    this.index = index;
    this.allocatable = allocatable;
    this.measure();
    this.images = images;
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

  copy(): TrialNode {
    const copy = new NodeEntry(this.node, this.index, this.images, this.allocatable);
    for (const pod of this.pods.values()) copy.put(pod);
    return copy;
  }

  put(pod: Pod): void {
    this.pods.set(pod.metadata.uid ?? "", pod);
    this.count(pod, 1);
  }

  take(pod: Pod): void {
    if (this.pods.delete(pod.metadata.uid ?? "")) this.count(pod, -1);
  }

  private count(pod: Pod, sign: 1 | -1): void {
    const requests = podRequests(pod);
    for (const name in requests) this.requested[name] = (this.requested[name] ?? 0) + sign * (requests[name] ?? 0);
    this.requested.pods = (this.requested.pods ?? 0) + sign;
    this.room.cpuRequested += sign * (requests.cpu ?? 0);
    this.room.memoryRequested += sign * (requests.memory ?? 0);
    this.room.podCount += sign;
    this.weighed.cpu += sign * (requests.cpu || LEAST_WEIGHT.cpu);
    this.weighed.memory += sign * (requests.memory || LEAST_WEIGHT.memory);
    for (const port of hostPorts(pod)) {
      const users = (this.ports.get(port) ?? 0) + sign;
      if (users > 0) this.ports.set(port, users);
      else this.ports.delete(port);
    }
  }
}

function sizesOf({ status }: Node): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { names, sizeBytes = 0 } of status?.images ?? []) for (const name of names) sizes.set(name, sizeBytes);
  return sizes;
}
