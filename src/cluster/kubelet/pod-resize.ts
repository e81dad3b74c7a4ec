import { rfc3339 } from "../../base/time.ts";
import { equal } from "../../kinds/equal.ts";
import { amountOf, podRequests } from "../../kinds/pod-resources.ts";
import type { Condition } from "../../kinds/types/meta.ts";
import type { Container, Pod, ResourceRequirements } from "../../kinds/types/pod.ts";
import { applyLimits } from "./control-group.ts";
import type { PodWorker } from "./pod-worker.ts";
import type { Slot } from "./slot.ts";
import { CONFIG_SOURCE } from "./static-pods.ts";
import { memoryOf } from "./usage/memory.ts";

/** A resize that had to wait is tried again after this time (pkg/kubelet/allocation, 1.35: 3 minutes), or when another pod goes. */
const RETRY_SECONDS = 180;

/** The resources of a pod's running containers: what is asked for, whether the node has it, and when it holds (pkg/kubelet/allocation, 1.35). */
export class PodResize {
  private readonly worker: PodWorker;
  private pending: Condition | undefined;
  private inProgress: Condition | undefined;

  constructor(worker: PodWorker) {
    this.worker = worker;
  }

  get conditions(): readonly Condition[] {
    return [this.pending, this.inProgress].filter((condition) => condition !== undefined);
  }

  /** Looks whether other resources are asked for than the containers have. */
  look(restart: (slot: Slot) => void): void {
    const { worker } = this;
    const resizable = worker.slots.filter(({ role }) => role === "main" || role === "sidecar");
    const changed = resizable.filter((slot) => !equal(slot.spec.resources ?? {}, slot.allocated));
    if (changed.length === 0) this.pending = undefined;
    else {
      const refused = this.refusal(worker.pod);
      if (refused) {
        this.wait(refused.reason, refused.message);
        worker.again(RETRY_SECONDS);
      } else this.accept(changed);
    }
    if (this.inProgress) this.actuate(resizable, restart);
  }

  private wait(reason: string, message: string): void {
    const { pod } = this.worker;
    if (this.pending?.reason === reason && this.pending.message === message) return;
    this.pending = this.condition("PodResizePending", this.pending, { reason, message });
    const said = `Pod resize ${reason}: ${summary(pod, message)}`;
    this.worker.event(undefined, "Warning", reason === "Infeasible" ? "ResizeInfeasible" : "ResizeDeferred", said);
  }

  private accept(changed: readonly Slot[]): void {
    for (const slot of changed) slot.allocated = slot.spec.resources ?? {};
    this.pending = undefined;
    this.inProgress = this.condition("PodResizeInProgress", undefined, {});
    this.worker.event(undefined, "Normal", "ResizeStarted", `Pod resize started: ${summary(this.worker.pod)}`);
  }

  private condition(
    type: string,
    before: Condition | undefined,
    why: { reason?: string; message?: string },
  ): Condition {
    const { pod, agent } = this.worker;
    const now = rfc3339(agent.clock.now);
    const made: Condition = {
      type,
      status: "True",
      lastProbeTime: now,
      lastTransitionTime: before?.lastTransitionTime ?? now,
    };
    if (pod.metadata.generation !== undefined) made.observedGeneration = pod.metadata.generation;
    return { ...made, ...why };
  }

  /** Writes the control groups, or restarts the containers that want it so; done when all have what they were given. */
  private actuate(slots: readonly Slot[], restart: (slot: Slot) => void): void {
    const { worker } = this;
    let left = false;
    for (const slot of slots) {
      if (equal(slot.actual, slot.allocated) || slot.current?.state !== "running") continue;
      const container = slot.current;
      if (this.wantsRestart(slot)) {
        left = true;
        restart(slot);
        continue;
      }
      const limit = slot.allocated.limits?.memory;
      const usage = memoryOf(container);
      if (limit !== undefined && amountOf("memory", limit) < usage) {
        left = true;
        this.failed(amountOf("memory", limit), usage, slot);
        continue;
      }
      slot.actual = slot.allocated;
      applyLimits(worker.agent, worker.pod, slot, container);
    }
    if (left) {
      worker.again(10);
      return;
    }
    this.inProgress = undefined;
    worker.event(undefined, "Normal", "ResizeCompleted", `Pod resize completed: ${summary(worker.pod)}`);
  }

  /** A memory limit is not set below what is used: the container would be killed at once (validateMemoryResizeAction, 1.35). */
  private failed(limit: number, usage: number, slot: Slot): void {
    const message = `attempting to set container ${JSON.stringify(slot.spec.name)} memory limit (${limit}) below current usage (${usage})`;
    if (this.inProgress?.reason === "Error") return;
    this.inProgress = this.condition("PodResizeInProgress", this.inProgress, { reason: "Error", message });
    this.worker.event(undefined, "Warning", "ResizeError", `Pod resize error: ${summary(this.worker.pod, message)}`);
  }

  private wantsRestart({ spec, actual, allocated }: Slot): boolean {
    return (spec.resizePolicy ?? []).some(({ resourceName, restartPolicy }) => {
      if (restartPolicy !== "RestartContainer") return false;
      const of = ({ requests, limits }: ResourceRequirements) => [requests?.[resourceName], limits?.[resourceName]];
      return !equal(of(actual), of(allocated));
    });
  }

  /** Why the node cannot give what is asked for: never, or not now. */
  private refusal(pod: Pod): { reason: string; message: string } | undefined {
    const { agent } = this.worker;
    if (pod.metadata.annotations?.[CONFIG_SOURCE] === "file")
      return { reason: "Infeasible", message: "In-place resize of static-pods is not supported" };
    const requests = podRequests(pod);
    const { allocatable } = agent.facts([]);
    for (const name of ["memory", "cpu"]) {
      const [asked, capacity] = [requests[name] ?? 0, amountOf(name, allocatable[name] ?? "0")];
      if (asked > capacity)
        return {
          reason: "Infeasible",
          message: `Node didn't have enough capacity: ${name}, requested: ${asked}, capacity: ${capacity}`,
        };
    }
    for (const name of ["cpu", "memory"]) {
      const capacity = amountOf(name, allocatable[name] ?? "0");
      let used = 0;
      for (const other of agent.others())
        if (other.metadata.uid !== pod.metadata.uid) used += podRequests(other)[name] ?? 0;
      const asked = requests[name] ?? 0;
      if (used + asked > capacity)
        return {
          reason: "Deferred",
          message: `Node didn't have enough resource: ${name}, requested: ${asked}, used: ${used}, capacity: ${capacity}`,
        };
    }
    return undefined;
  }
}

/** What an event says of a pod's resources (pkg/kubelet/events/resize.go, 1.35). */
function summary({ spec, metadata }: Pod, error?: string): string {
  const list = (containers: readonly Container[] | undefined) =>
    containers?.map(({ name, resources = {} }) => ({ name, resources: ordered(resources) }));
  const sidecars = spec.initContainers?.filter(({ restartPolicy }) => restartPolicy === "Always");
  return JSON.stringify({
    ...(sidecars?.length ? { initContainers: list(sidecars) } : {}),
    containers: list(spec.containers),
    generation: metadata.generation ?? 0,
    ...(error ? { error } : {}),
  });
}

function ordered({ limits, requests }: ResourceRequirements): ResourceRequirements {
  return { ...(limits ? { limits } : {}), ...(requests ? { requests } : {}) };
}
