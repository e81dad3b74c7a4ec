import { type Amounts, amountOf, podRequests } from "../../kinds/pod-resources.ts";
import type { Node } from "../../kinds/types/core.ts";
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
  readonly ports = new Set<string>();
  private imageSizes: ReadonlyMap<string, number> | undefined;

  constructor(node: Node) {
    this.node = node;
    this.allocatable = amountsOf(node.status?.allocatable);
  }

  update(node: Node): void {
    const { status } = this.node;
    this.node = node;
    if (node.status?.allocatable !== status?.allocatable) this.allocatable = amountsOf(node.status?.allocatable);
    if (node.status?.images !== status?.images) this.imageSizes = undefined;
  }

  get images(): ReadonlyMap<string, number> {
    this.imageSizes ??= sizesOf(this.node);
    return this.imageSizes;
  }

  add(pod: Pod, sign: 1 | -1): void {
    const requests = podRequests(pod);
    for (const name in requests) this.requested[name] = (this.requested[name] ?? 0) + sign * (requests[name] ?? 0);
    this.requested.pods = (this.requested.pods ?? 0) + sign;
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
  private readonly excluding = new Map<string, { pod: Pod; node: Node }>();

  clear(): void {
    this.byName.clear();
    this.homeless.clear();
    this.excluding.clear();
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
      entry.update(node);
      return;
    }
    const fresh = new Entry(node);
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

  dropNode(name: string): void {
    for (const [uid, pod] of this.byName.get(name)?.pods ?? []) this.homeless.set(uid, pod);
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
