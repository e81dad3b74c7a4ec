import { SECOND, type Timer } from "../../base/clock.ts";
import { Status } from "../../kinds/status.ts";
import type { Condition } from "../../kinds/types/meta.ts";
import type { Pod, PodStatus } from "../../kinds/types/pod.ts";
import { Unreachable } from "../apiserver/define.ts";
import { ContainerStarter } from "./container-starter.ts";
import type { Agent } from "./define.ts";
import { PodMounts } from "./pod-mounts.ts";
import { PodResize } from "./pod-resize.ts";
import { PodSandbox } from "./pod-sandbox.ts";
import { isPodFinished, podStatus } from "./pod-status.ts";
import { PodTermination } from "./pod-termination.ts";
import { fieldPath, isStarted, newSlot, type Slot } from "./slot.ts";

/** After a failure the kubelet looks at a pod again in 10 to 15 seconds (backOffPeriod with jitter, pod_workers.go). */
const AGAIN_SECONDS = 10;

/** Why the kubelet has given a pod up; how long its containers may take to end, and what else its status tells. */
export interface Failure {
  readonly reason: string;
  readonly message: string;
  readonly grace?: number;
  readonly condition?: Condition;
}

/** What one kubelet does for one pod: makes what runs on the node what the pod says, and reports how that goes. */
export class PodWorker {
  pod: Pod;
  readonly agent: Agent;
  readonly slots: Slot[] = [];
  readonly mounts: PodMounts;
  failed: Failure | undefined;
  readonly resize: PodResize;
  private readonly starter: ContainerStarter;
  private termination: PodTermination | undefined;
  private readonly sandbox: PodSandbox;
  private timer: Timer | undefined;
  private nextLook = 0;
  private scheduled = false;
  private stopped = false;

  constructor(agent: Agent, pod: Pod) {
    this.agent = agent;
    this.pod = pod;
    this.mounts = new PodMounts(agent, () => this.pod);
    this.starter = new ContainerStarter(this);
    this.resize = new PodResize(this);
    this.sandbox = new PodSandbox(this);
    this.buildSlots();
    this.recover();
    this.soon();
  }

  private buildSlots(): void {
    const { initContainers = [], containers } = this.pod.spec;
    for (const spec of initContainers)
      this.slots.push(newSlot(spec, spec.restartPolicy === "Always" ? "sidecar" : "init"));
    for (const spec of containers) this.slots.push(newSlot(spec, "main"));
    for (const spec of this.pod.spec.ephemeralContainers ?? []) this.slots.push(newSlot(spec, "ephemeral"));
  }

  /** Containers that outlived the kubelet are found again. */
  private recover(): void {
    const uid = this.pod.metadata.uid ?? "";
    if (this.agent.runtime.sandboxes.has(uid)) {
      this.sandbox.ready = "yes";
      this.mounts.follow();
    }
    for (const container of this.agent.runtime.containersOf(uid)) {
      const slot = this.slots.find((s) => s.spec.name === container.name);
      if (!slot) continue;
      slot.previous = slot.current;
      slot.current = container;
      slot.restarts = container.plan.attempt;
      if (container.plan.allocated) slot.actual = slot.allocated = container.plan.allocated;
    }
    for (const slot of this.slots) if (slot.current?.state === "running") this.starter.follow(slot, slot.current);
  }

  /** The pod changed: its spec, its deletion, or what is said of it elsewhere. */
  update(pod: Pod): void {
    const before = this.pod;
    this.pod = pod;
    if (pod.spec !== before.spec || pod.metadata.deletionTimestamp !== before.metadata.deletionTimestamp) {
      this.takeSpecs();
      this.soon();
    }
  }

  private takeSpecs(): void {
    const specs = [...(this.pod.spec.initContainers ?? []), ...this.pod.spec.containers];
    for (const slot of this.slots) {
      const spec = specs.find((c) => c.name === slot.spec.name);
      if (!spec) continue;
      const other = spec.image !== slot.spec.image;
      const changed = other && slot.current?.state === "running";
      slot.spec = spec;
      // What has not begun yet is not resized.
      if (this.sandbox.ready !== "yes") slot.allocated = spec.resources ?? {};
      if (other) this.starter.forget(slot);
      if (changed) this.starter.stop(slot, `Container ${spec.name} definition changed, will be restarted`);
    }
    for (const spec of this.pod.spec.ephemeralContainers ?? [])
      if (!this.slots.some((s) => s.spec.name === spec.name)) this.slots.push(newSlot(spec, "ephemeral"));
  }

  /** The kubelet stops: what runs goes on. */
  detach(): void {
    this.stopped = true;
    this.timer?.cancel();
    this.mounts.stop();
    for (const slot of this.slots) {
      slot.probes?.stop();
      slot.pull?.timer?.cancel();
    }
  }

  /** Looks at the pod as soon as what happens now is over. */
  soon(): void {
    if (this.scheduled || this.stopped) return;
    this.scheduled = true;
    this.agent.clock.soon(() => {
      this.scheduled = false;
      this.sync();
    });
  }

  /** Looks again in 10 to 15 seconds, or in `seconds`; an earlier look stays. */
  again(seconds = AGAIN_SECONDS * (1 + 0.5 * this.agent.random.fraction())): void {
    const at = this.agent.clock.now + Math.round(seconds * SECOND);
    if (this.timer && this.nextLook <= at) return;
    this.timer?.cancel();
    this.nextLook = at;
    this.timer = this.agent.clock.at(at, () => {
      this.timer = undefined;
      this.sync();
    });
  }

  /** It is not looked after any more. */
  get isDetached(): boolean {
    return this.stopped;
  }

  sync(): void {
    if (this.stopped) return;
    const problem = this.agent.runtimeProblem();
    if (problem) {
      if (this.sandbox.ready === "no" && !problem.paused && !this.pod.metadata.deletionTimestamp)
        this.sandbox.failed(problem.error);
      return;
    }
    try {
      this.advance();
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof Status)) throw error;
      this.again();
    }
    // While a postStart hook runs, the kubelet is not done with this look.
    if (!this.stopped && !this.isBusy) this.agent.report(this.pod);
  }

  private get isBusy(): boolean {
    return !this.termination && this.slots.some((slot) => slot.starting && slot.current?.state === "running");
  }

  private advance(): void {
    if (this.pod.metadata.deletionTimestamp || this.failed) {
      this.termination ??= new PodTermination(this);
      this.termination.advance();
      return;
    }
    if (this.isFinished) {
      this.cleanUp();
      return;
    }
    this.watchDeadline();
    if (this.isBusy) return;
    if (!this.sandbox.prepare()) return;
    this.resize.look((slot) => this.starter.stop(slot, `Container ${slot.spec.name} resize requires restart`));
    for (const slot of this.slots) if (slot.role === "ephemeral" && !slot.current) this.starter.ensure(slot);
    if (this.hasEnded) {
      this.endSidecars();
      return;
    }
    if (!this.initialize()) return;
    for (const slot of this.slots) {
      if (slot.role === "main") this.starter.ensure(slot);
      if (this.isBusy) return;
    }
  }

  /** All containers but the sidecars are done for good. */
  private get hasEnded(): boolean {
    const main = this.slots.filter((slot) => slot.role === "main");
    return main.every((slot) => slot.current?.state === "exited" && !this.starter.mayRestart(slot));
  }

  private endSidecars(): void {
    for (const slot of this.slots)
      if (slot.role === "sidecar") this.starter.stop(slot, `Stopping container ${slot.spec.name}`);
  }

  get isFinished(): boolean {
    return isPodFinished(this);
  }

  private deadlineWatched = false;

  private watchDeadline(): void {
    const seconds = this.pod.spec.activeDeadlineSeconds;
    if (seconds === undefined || this.deadlineWatched) return;
    this.deadlineWatched = true;
    this.agent.clock.after(seconds, () => {
      if (this.stopped || this.isFinished) return;
      const message = "Pod was active on the node longer than the specified deadline";
      this.agent.api.event(this.pod, { type: "Normal", reason: "DeadlineExceeded", message });
      this.fail("DeadlineExceeded", message);
    });
  }

  /** The kubelet gives the pod up: its containers are stopped and it is Failed for good. */
  fail(reason: string, message: string, more: Pick<Failure, "condition" | "grace"> = {}): void {
    this.failed = { reason, message, ...more };
    this.soon();
  }

  /** The containers of a finished pod are gone, and so is its sandbox; what they wrote stays to be read. */
  private cleanUp(): void {
    this.mounts.stop();
    this.endSidecars();
    for (const slot of this.slots) slot.probes?.stop();
  }

  // ---- init containers: one after the other; sidecars stay

  private initialize(): boolean {
    for (const slot of this.slots) {
      if (slot.role === "sidecar") {
        this.starter.ensure(slot);
        if (slot.starting || !isStarted(slot)) return false;
      } else if (slot.role === "init") {
        if (slot.current?.state === "exited" && slot.current.exitCode === 0) continue;
        this.starter.ensure(slot);
        return false;
      }
    }
    return true;
  }

  // ---- reports

  status(): PodStatus {
    const { pod, slots, failed, agent } = this;
    return podStatus({
      pod,
      slots,
      failed,
      conditions: failed?.condition ? [...this.resize.conditions, failed.condition] : this.resize.conditions,
      sandbox: agent.runtime.sandboxes.get(pod.metadata.uid ?? ""),
      hostIPs: agent.hostIPs,
      now: agent.clock.now,
    });
  }

  event(slot: Slot | undefined, type: "Normal" | "Warning", reason: string, message: string): void {
    const path = slot && fieldPath(slot);
    this.agent.api.event(this.pod, { type, reason, message, ...(path ? { fieldPath: path } : {}) });
  }

  /** name_namespace(uid): how messages name a pod. */
  get title(): string {
    const { name, namespace, uid } = this.pod.metadata;
    return `${name}_${namespace}(${uid})`;
  }
}
