import { SECOND } from "../../base/clock.ts";
import { goDuration } from "../../base/go-duration.ts";
import type { Container } from "../../kinds/types/pod.ts";
import { ContainerEnd } from "./container-end.ts";
import { planContainer } from "./container-plan.ts";
import { applyLimits, isTooSmall } from "./control-group.ts";
import { ConfigError } from "./environment.ts";
import { runHook } from "./hooks.ts";
import { ImagePuller } from "./image-puller.ts";
import { ImageVolumes } from "./image-volumes.ts";
import type { PodWorker } from "./pod-worker.ts";
import { ProbeRunner } from "./probe-runner.ts";
import { restartsAfterEnd } from "./restart-policy.ts";
import { RuntimeContainer } from "./runtime/container.ts";
import type { Slot } from "./slot.ts";
import { checkContainer, watchContainer } from "./usage/memory.ts";

/** Back-off of restarts and of pulls: from 10 s, doubling, up to 5 minutes; forgotten after twice that (1.35). */
const FIRST_BACKOFF = 10 * SECOND;
const LAST_BACKOFF = 300 * SECOND;

const TOO_SMALL =
  "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?)";

/** How much of a termination log is kept (MaxContainerTerminationMessageLength). */
const MOST_WORDS = 4096;

/** Brings the containers of one pod up, and up again. */
export class ContainerStarter {
  private readonly worker: PodWorker;
  private readonly puller: ImagePuller;
  private readonly imageVolumes: ImageVolumes;

  constructor(worker: PodWorker) {
    this.worker = worker;
    this.puller = new ImagePuller(worker);
    this.imageVolumes = new ImageVolumes(worker, this.puller);
  }

  /** Starts the container of a slot where it should run and does not. */
  ensure(slot: Slot): void {
    const { current } = slot;
    if (current?.state === "running") return;
    if (current?.state === "exited" && !this.mayRestart(slot)) return;
    if (current?.state === "exited" && (this.hasJustEnded(current) || (!slot.pull && this.backingOff(slot)))) return;
    if (!this.imageVolumes.ready(slot) || !this.puller.hasImage(slot)) return;
    this.start(slot);
  }

  /** Whether the restart policy lets the ended container of a slot run again. */
  mayRestart(slot: Slot): boolean {
    return restartsAfterEnd(this.worker.pod, slot);
  }

  /** The kubelet hears of an end when it lists the containers again (PLEG, each second). */
  private hasJustEnded({ finished }: RuntimeContainer): boolean {
    const left = finished + SECOND - this.worker.agent.clock.now;
    if (left > 0) this.worker.again(left / SECOND);
    return left > 0;
  }

  /** CrashLoopBackOff: the first restart is at once, each further one waits longer (kuberuntime_manager doBackOff). */
  private backingOff(slot: Slot): boolean {
    const { worker } = this;
    const { now } = worker.agent.clock;
    const ended = slot.current?.finished ?? 0;
    if (slot.crash && ended - slot.crash.until > 2 * LAST_BACKOFF) slot.crash = undefined;
    const { crash } = slot;
    const isBackingOff = crash !== undefined && now < ended + crash.delay;
    // A status tells what the look before it met: first the container's end is seen, then the back-off.
    if (crash?.met && (isBackingOff || !slot.waiting)) {
      const message = `back-off ${goDuration(crash.delay)} restarting failed container=${slot.spec.name} pod=${worker.title}`;
      slot.waiting = { reason: "CrashLoopBackOff", message };
      if (!isBackingOff) {
        worker.again(1);
        return true;
      }
    }
    if (isBackingOff) {
      crash.met = true;
      const said = `Back-off restarting failed container ${slot.spec.name} in pod ${worker.title}`;
      worker.event(slot, "Warning", "BackOff", said);
      worker.again();
      return true;
    }
    const delay = slot.crash ? Math.min(slot.crash.delay * 2, LAST_BACKOFF) : FIRST_BACKOFF;
    slot.crash = { delay, until: now, met: false };
    return false;
  }

  /** Another image: back-offs are counted anew. */
  forget(slot: Slot): void {
    slot.pull?.timer?.cancel();
    slot.pull = undefined;
    slot.crash = undefined;
  }

  // ---- containers

  private start(slot: Slot): void {
    const { worker } = this;
    const { agent, pod } = worker;
    const sandbox = agent.runtime.sandboxes.get(pod.metadata.uid ?? "");
    const stored = agent.runtime.stored(slot.spec.image ?? "");
    if (!sandbox || !stored) return;
    slot.pull = undefined;
    const attempt = slot.current ? slot.restarts + 1 : 0;
    let plan: ReturnType<typeof planContainer>;
    try {
      plan = planContainer(agent, pod, slot, stored, sandbox, worker.mounts.volumes, attempt);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      slot.waiting = { reason: "CreateContainerConfigError", message: error.message };
      worker.event(slot, "Warning", "Failed", `Error: ${error.message}`);
      worker.again();
      return;
    }
    const container = new RuntimeContainer(agent.runtime, sandbox, plan);
    slot.actual = slot.allocated;
    applyLimits(agent, pod, slot, container);
    agent.runtime.add(container);
    if (slot.current) slot.previous = slot.current;
    slot.restarts = attempt;
    slot.current = container;
    slot.ending = false;
    worker.event(slot, "Normal", "Created", "Container created");
    const fault = isTooSmall(container.memoryLimit) ? TOO_SMALL : plan.fault;
    const refused = fault === undefined ? container.start() : container.refuse(fault);
    if (refused !== undefined) {
      container.reason = "StartError";
      container.message = refused;
      slot.waiting = this.mayRestart(slot) ? { reason: "RunContainerError", message: refused } : undefined;
      worker.event(slot, "Warning", "Failed", `Error: ${refused}`);
      // The runtime tells of the container's end within a second.
      worker.again(1);
      return;
    }
    slot.waiting = undefined;
    worker.event(slot, "Normal", "Started", "Container started");
    watchContainer(agent.runtime, container);
    agent.clock.soon(() => checkContainer(agent.runtime, container));
    const { postStart } = slot.spec.lifecycle ?? {};
    if (!postStart) {
      this.follow(slot, container);
      return;
    }
    slot.starting = true;
    this.watchEnd(slot, container);
    runHook(worker, slot.spec, container, postStart, (failure) => this.hooked(slot, container, failure));
  }

  /** The postStart hook is over: the container is looked after, or ended where the hook failed. */
  private hooked(slot: Slot, container: RuntimeContainer, failure: string | undefined): void {
    if (!slot.starting || slot.current !== container) return;
    slot.starting = false;
    if (failure) {
      // What it said might be a secret: the event keeps it to itself.
      this.worker.event(slot, "Warning", "FailedPostStartHook", "PostStartHook failed");
      slot.waiting = { reason: "PostStartHookError", message: failure };
      this.stop(slot, "FailedPostStartHook");
    } else if (container.state === "running") this.watchProbes(slot, container);
    this.worker.soon();
  }

  /** Watches a running container: its end, and its probes. */
  follow(slot: Slot, container: RuntimeContainer): void {
    this.watchProbes(slot, container);
    this.watchEnd(slot, container);
  }

  private watchProbes(slot: Slot, container: RuntimeContainer): void {
    const { worker } = this;
    const { startupProbe, readinessProbe, livenessProbe } = slot.spec;
    if (startupProbe || readinessProbe || livenessProbe) {
      const probes = new ProbeRunner(slot.spec, container, worker.agent.host, {
        changed: () => worker.soon(),
        failed: (kind, failure, fatal) => this.probeFailed(slot, kind, failure, fatal),
      });
      slot.probes = probes;
      probes.start();
    }
  }

  private watchEnd(slot: Slot, container: RuntimeContainer): void {
    const { worker } = this;
    container.changed.add(() => {
      container.message ??= lastWords(container, slot.spec);
      slot.probes?.stop();
      slot.probes = undefined;
      slot.ending = false;
      worker.soon();
    });
    // A container that ends before the next look (`sh -c exit`) was seen to end already.
    if (container.state === "exited") worker.soon();
  }

  private probeFailed(
    slot: Slot,
    kind: "startup" | "readiness" | "liveness",
    failure: { output: string; broken?: boolean },
    fatal: boolean,
  ): void {
    const name = kind.charAt(0).toUpperCase() + kind.slice(1);
    const how = failure.broken ? "errored and resulted in unknown state" : "failed";
    this.worker.event(slot, "Warning", "Unhealthy", `${name} probe ${how}: ${failure.output}`);
    if (!fatal) return;
    const probe = kind === "startup" ? slot.spec.startupProbe : slot.spec.livenessProbe;
    this.stop(
      slot,
      `Container ${slot.spec.name} failed ${kind} probe, will be restarted`,
      probe?.terminationGracePeriodSeconds,
    );
  }

  /** Ends the present incarnation; the next one follows by the restart policy. */
  stop(slot: Slot, message: string, graceSeconds?: number): void {
    const container = slot.current;
    if (container?.state !== "running" || slot.ending) return;
    // Nobody can be asked to end it; the probe goes on failing.
    if (this.worker.agent.runtimeProblem()) return;
    const grace = graceSeconds ?? this.worker.pod.spec.terminationGracePeriodSeconds ?? 30;
    new ContainerEnd(this.worker, slot, container, { message, grace });
  }
}

/** What a container leaves to be read in its status: its termination log, or the end of its log (readStatusFromPod, 1.35). */
function lastWords(container: RuntimeContainer, spec: Container): string | undefined {
  if (container.state !== "exited") return undefined;
  const said = (container.plan.lastWords?.() ?? "").slice(0, MOST_WORDS);
  if (said !== "" || spec.terminationMessagePolicy !== "FallbackToLogsOnError" || container.exitCode === 0)
    return said || undefined;
  const lines = container.log.entries.slice(-80).map(({ text }) => text);
  return lines.join("").slice(-2048) || undefined;
}
