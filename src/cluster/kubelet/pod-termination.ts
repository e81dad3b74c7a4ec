import { ContainerEnd } from "./container-end.ts";
import type { PodWorker } from "./pod-worker.ts";
import type { Slot } from "./slot.ts";

/**
 * The end of a pod: all containers at once, but sidecars wait until those before which they began have ended, the last one first
 * (kuberuntime_termination_order.go, 1.35); then its removal.
 */
export class PodTermination {
  private readonly worker: PodWorker;
  private readonly ends: ContainerEnd[] = [];
  private begun = false;

  constructor(worker: PodWorker) {
    this.worker = worker;
  }

  advance(): void {
    const { worker } = this;
    for (const slot of worker.slots) slot.pull?.timer?.cancel();
    if (!this.begun) this.begin();
    const grace = this.grace();
    for (const end of this.ends) {
      end.shorten(grace);
      if (end.waits && this.isTurnOf(end.slot)) end.ask();
    }
    if (worker.slots.some((slot) => slot.current?.state === "running")) return;
    const { pod, agent } = worker;
    if (worker.failed && !pod.metadata.deletionTimestamp) {
      agent.runtime.reclaim(pod.metadata.uid ?? "");
      return;
    }
    agent.report(pod);
    agent.runtime.removeSandbox(pod.metadata.uid ?? "");
    worker.detach();
    agent.finished(pod);
  }

  private begin(): void {
    this.begun = true;
    const grace = this.grace();
    for (const slot of this.worker.slots) {
      if (slot.current?.state !== "running") continue;
      const message = `Stopping container ${slot.spec.name}`;
      const hasTurns = slot.role === "sidecar";
      this.ends.push(new ContainerEnd(this.worker, slot, slot.current, { message, grace, hasTurns }));
    }
  }

  /** Sidecars end in the reverse order of their beginning, after all other containers. */
  private isTurnOf(slot: Slot): boolean {
    const { slots } = this.worker;
    const place = slots.indexOf(slot);
    return slots.every(
      (other, at) =>
        other === slot ||
        other.current?.state !== "running" ||
        other.role === "ephemeral" ||
        (other.role !== "main" && at < place),
    );
  }

  /** At least a second (pod_workers.go calculateEffectiveGracePeriod, 1.35). */
  private grace(): number {
    const { pod, failed } = this.worker;
    const own = pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
    return Math.max(1, Math.min(own, failed?.grace ?? own));
  }
}
