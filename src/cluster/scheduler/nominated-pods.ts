import type { Pod } from "../../kinds/types/pod.ts";

const none: readonly Pod[] = [];

/** The pods that preemption has promised room on a node, and that do not stand there yet. */
export class NominatedPods {
  private readonly nodeOf = new Map<string, string>();
  private readonly byNode = new Map<string, Map<string, Pod>>();

  clear(): void {
    this.nodeOf.clear();
    this.byNode.clear();
  }

  /** What a pod without a node says of itself. */
  set(pod: Pod, node = pod.status?.nominatedNodeName): void {
    const uid = pod.metadata.uid ?? "";
    if (!node && this.nodeOf.size === 0) return;
    this.forget(pod);
    if (!node) return;
    this.nodeOf.set(uid, node);
    const pods = this.byNode.get(node) ?? new Map<string, Pod>();
    this.byNode.set(node, pods);
    pods.set(uid, pod);
  }

  forget({ metadata: { uid = "" } }: Pod): void {
    const node = this.nodeOf.get(uid);
    if (node === undefined) return;
    this.nodeOf.delete(uid);
    const pods = this.byNode.get(node);
    pods?.delete(uid);
    if (pods?.size === 0) this.byNode.delete(node);
  }

  get empty(): boolean {
    return this.byNode.size === 0;
  }

  on(node: string): readonly Pod[] {
    const pods = this.byNode.size === 0 ? undefined : this.byNode.get(node);
    return pods ? [...pods.values()] : none;
  }
}
