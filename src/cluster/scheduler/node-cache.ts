import type { Node } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import { claimNamesOf } from "../storage/pod-claims.ts";
import type { NodeInfo, Topology } from "./define.ts";
import { NodeEntry } from "./node-entry.ts";
import { PlacedTerms } from "./placed-terms.ts";
import { PodSets } from "./pod-sets.ts";

type Labels = Readonly<Record<string, string>> | undefined;

/** What the scheduler knows of the nodes and the pods on them. */
export class NodeCache {
  private readonly byName = new Map<string, NodeEntry>();
  private list: NodeEntry[] = [];
  /** Pods seen before their node was. */
  private readonly homeless = new Map<string, Pod>();
  private readonly imageCounts = new Map<string, number>();
  private readonly topologies = new Map<string, Topology>();
  private readonly claimUsers = new Map<string, number>();
  private readonly priorities = new Map<number, number>();
  private lowest: number | undefined = Number.POSITIVE_INFINITY;
  readonly podSets = new PodSets(() => this.list);
  readonly terms: PlacedTerms;

  constructor(labelsOfNamespace: (name: string) => Labels) {
    this.terms = new PlacedTerms(labelsOfNamespace);
  }

  clear(): void {
    this.byName.clear();
    this.homeless.clear();
    this.imageCounts.clear();
    this.topologies.clear();
    this.claimUsers.clear();
    this.priorities.clear();
    this.lowest = undefined;
    this.podSets.clear();
    this.terms.clear();
    this.list = [];
  }

  /** In the order in which the nodes came. */
  get nodes(): readonly NodeInfo[] {
    return this.list;
  }

  byNodeName(name: string): NodeInfo | undefined {
    return this.byName.get(name);
  }

  setNode(node: Node): void {
    const entry = this.byName.get(node.metadata.name);
    if (entry) this.updateNode(entry, node);
    else this.addNode(node);
  }

  private addNode(node: Node): void {
    const fresh = new NodeEntry(node, this.list.length);
    this.countImages(fresh.images, 1);
    this.byName.set(node.metadata.name, fresh);
    this.list.push(fresh);
    this.topologies.clear();
    for (const [uid, pod] of this.homeless)
      if (pod.spec.nodeName === node.metadata.name) {
        this.homeless.delete(uid);
        this.setPod(pod);
      }
  }

  private updateNode(entry: NodeEntry, node: Node): void {
    const { images } = entry;
    const moved = !sameLabels(entry.node.metadata.labels, node.metadata.labels);
    if (moved) {
      this.topologies.clear();
      for (const pod of entry.pods.values()) this.count(pod, entry, -1);
    }
    entry.update(node);
    if (moved) for (const pod of entry.pods.values()) this.count(pod, entry, 1);
    if (entry.images === images) return;
    this.countImages(images, -1);
    this.countImages(entry.images, 1);
  }

  dropNode(name: string): void {
    const entry = this.byName.get(name);
    if (!entry) return;
    for (const [uid, pod] of entry.pods) {
      this.homeless.set(uid, pod);
      this.count(pod, entry, -1);
    }
    this.countImages(entry.images, -1);
    this.byName.delete(name);
    this.topologies.clear();
    this.list = this.list.filter((other) => other !== entry);
    for (const [index, other] of this.list.entries()) other.index = index;
  }

  setPod(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    const entry = this.byName.get(pod.spec.nodeName ?? "");
    if (!entry) {
      this.homeless.set(uid, pod);
      return;
    }
    const known = entry.pods.get(uid);
    if (known && isAlike(known, pod)) {
      entry.pods.set(uid, pod);
      return;
    }
    if (known) {
      entry.take(known);
      this.count(known, entry, -1);
    }
    entry.put(pod);
    this.count(pod, entry, 1);
  }

  dropPod(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    this.homeless.delete(uid);
    const entry = this.byName.get(pod.spec.nodeName ?? "");
    const known = entry?.pods.get(uid);
    if (!entry || !known) return;
    entry.take(known);
    this.count(known, entry, -1);
  }

  /** Adds a pod to what is counted over all nodes, or takes it off. */
  private count(pod: Pod, entry: NodeEntry, sign: 1 | -1): void {
    this.podSets.change(pod, entry, sign);
    this.terms.change(pod, entry, sign);
    for (const claim of claimNamesOf(pod)) {
      const key = `${pod.metadata.namespace}/${claim}`;
      this.claimUsers.set(key, (this.claimUsers.get(key) ?? 0) + sign);
    }
    const priority = pod.spec.priority ?? 0;
    const alike = (this.priorities.get(priority) ?? 0) + sign;
    if (alike > 0) this.priorities.set(priority, alike);
    else this.priorities.delete(priority);
    if (alike === 0) this.lowest = undefined;
    else if (this.lowest !== undefined && priority < this.lowest) this.lowest = priority;
  }

  /** How many placed pods use a claim. */
  usersOf(namespace: string, claim: string): number {
    return this.claimUsers.get(`${namespace}/${claim}`) ?? 0;
  }

  get lowestPriority(): number {
    this.lowest ??= Math.min(...this.priorities.keys());
    return this.lowest;
  }

  private countImages(images: ReadonlyMap<string, number>, sign: 1 | -1): void {
    for (const name of images.keys()) this.imageCounts.set(name, (this.imageCounts.get(name) ?? 0) + sign);
  }

  /** On how many nodes an image of this name is. */
  nodesWith(image: string): number {
    return this.imageCounts.get(image) ?? 0;
  }

  topology(key: string): Topology {
    const known = this.topologies.get(key);
    if (known) return known;
    const values = new Map<string, number>();
    const numbers = new Map<string, number>();
    const ids = new Int32Array(this.list.length).fill(-1);
    let nodes = 0;
    for (const { node, index } of this.list) {
      const value = node.metadata.labels?.[key];
      if (value === undefined) continue;
      nodes++;
      values.set(value, (values.get(value) ?? 0) + 1);
      const number = numbers.get(value) ?? numbers.size;
      numbers.set(value, number);
      ids[index] = number;
    }
    const topology = { nodes, values, ids };
    this.topologies.set(key, topology);
    return topology;
  }
}

/** Whether nothing changed that is counted. */
function isAlike(a: Pod, b: Pod): boolean {
  return (
    a.spec === b.spec &&
    a.metadata.labels === b.metadata.labels &&
    a.metadata.deletionTimestamp === b.metadata.deletionTimestamp
  );
}

function sameLabels(a: Labels, b: Labels): boolean {
  if (a === b) return true;
  const keys = Object.keys(a ?? {});
  return keys.length === Object.keys(b ?? {}).length && keys.every((key) => a?.[key] === b?.[key]);
}
