import { SECOND } from "../../base/clock.ts";
import { goDuration } from "../../base/go-duration.ts";
import { milliValue } from "../../base/quantity.ts";
import { planContainer } from "./container-plan.ts";
import { ConfigError } from "./environment.ts";
import type { PodWorker } from "./pod-worker.ts";
import { ProbeRunner } from "./probe-runner.ts";
import { RuntimeContainer } from "./runtime/container.ts";
import { findImage, pullSeconds } from "./runtime/image-store.ts";
import type { Slot } from "./slot.ts";

/** Back-off of restarts and of pulls: from 10 s, doubling, up to 5 minutes; forgotten after twice that (1.35). */
const FIRST_BACKOFF = 10 * SECOND;
const LAST_BACKOFF = 300 * SECOND;

/** Brings the containers of one pod up, and up again. */
export class ContainerStarter {
  private readonly worker: PodWorker;

  constructor(worker: PodWorker) {
    this.worker = worker;
  }

  /** Starts the container of a slot where it should run and does not. */
  ensure(slot: Slot): void {
    const { current } = slot;
    if (current?.state === "running") return;
    if (current?.state === "exited" && !this.mayRestart(slot)) return;
    if (current?.state === "exited" && (this.hasJustEnded(current) || this.backingOff(slot))) return;
    if (!this.hasImage(slot)) return;
    this.start(slot);
  }

  /** Whether the restart policy lets the ended container of a slot run again. */
  mayRestart(slot: Slot): boolean {
    const policy = this.worker.pod.spec.restartPolicy;
    if (slot.role === "ephemeral") return false;
    if (slot.role === "sidecar") return true;
    const failed = slot.current?.exitCode !== 0;
    if (slot.role === "init") return failed && policy !== "Never";
    return policy === "Always" || (policy === "OnFailure" && failed);
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

  // ---- images

  private hasImage(slot: Slot): boolean {
    const { runtime } = this.worker.agent;
    const reference = slot.spec.image ?? "";
    const policy = slot.spec.imagePullPolicy ?? "IfNotPresent";
    const stored = runtime.stored(reference);
    if (slot.pull?.timer) return false;
    if (slot.pull && slot.pull.until === -1) return true;
    if (stored && policy !== "Always") {
      const message = `Container image "${reference}" already present on machine and can be accessed by the pod`;
      this.worker.event(slot, "Normal", "Pulled", message);
      return true;
    }
    if (policy === "Never") return this.neverPulled(slot, reference);
    return this.pull(slot, reference, stored !== undefined);
  }

  private neverPulled(slot: Slot, reference: string): false {
    const message = `Container image "${reference}" is not present with pull policy of Never`;
    slot.waiting = { reason: "ErrImageNeverPull", message };
    this.worker.event(slot, "Warning", "ErrImageNeverPull", message);
    this.worker.event(slot, "Warning", "Failed", "Error: ErrImageNeverPull");
    this.worker.again();
    return false;
  }

  private pull(slot: Slot, reference: string, present: boolean): false {
    const { clock, random } = this.worker.agent;
    // As with a crash, the status shows the back-off from the second look on.
    if (slot.pull?.met) {
      const why = slot.waiting?.message?.replace(/^Back-off pulling image "[^"]*": ErrImagePull: /, "") ?? "";
      const message = `Back-off pulling image "${reference}": ErrImagePull: ${why}`;
      slot.waiting = { reason: "ImagePullBackOff", message };
    }
    if (slot.pull && clock.now < slot.pull.until) {
      slot.pull.met = true;
      this.worker.event(slot, "Normal", "BackOff", `Back-off pulling image "${reference}"`);
      this.worker.event(slot, "Warning", "Failed", "Error: ImagePullBackOff");
      this.worker.again();
      return false;
    }
    const found = findImage(reference);
    if ("error" in found && found.error === "couldn't parse image name") return this.invalidName(slot, reference);
    this.worker.event(slot, "Normal", "Pulling", `Pulling image "${reference}"`);
    const seconds =
      "error" in found
        ? 1 + random.fraction()
        : present
          ? 0.5 + 0.5 * random.fraction()
          : pullSeconds(found.image, random);
    const timer = clock.after(seconds, () => this.pulled(slot, reference, seconds));
    slot.pull = { timer, delay: slot.pull?.delay ?? 0, until: 0, met: false };
    return false;
  }

  private invalidName(slot: Slot, reference: string): false {
    const message = `Failed to apply default image tag "${reference}": couldn't parse image name "${reference}": invalid reference format`;
    slot.waiting = { reason: "InvalidImageName", message };
    this.worker.event(slot, "Warning", "InspectFailed", message);
    this.worker.event(slot, "Warning", "Failed", "Error: InvalidImageName");
    this.worker.again();
    return false;
  }

  private pulled(slot: Slot, reference: string, seconds: number): void {
    const { worker } = this;
    const { clock, runtime } = worker.agent;
    if (worker.agent.runtimeProblem()) {
      slot.pull = undefined;
      return;
    }
    const found = findImage(reference);
    const delay = slot.pull?.delay ?? 0;
    if ("error" in found) {
      const code = found.error.includes("pull access denied") ? "Unknown" : "NotFound";
      const why = `rpc error: code = ${code} desc = ${found.error}`;
      const next = Math.min(delay === 0 ? FIRST_BACKOFF : delay * 2, LAST_BACKOFF);
      slot.pull = { timer: undefined, delay: next, until: clock.now + next, met: false };
      slot.waiting = { reason: "ErrImagePull", message: why };
      worker.event(slot, "Warning", "Failed", `Failed to pull image "${reference}": ${why}`);
      worker.event(slot, "Warning", "Failed", "Error: ErrImagePull");
      // The sandbox' start makes the kubelet look again soon after the first failure.
      if (delay === 0) worker.again(1 + worker.agent.random.fraction());
      else worker.again();
      worker.agent.report(worker.pod);
      return;
    }
    runtime.store(found.image, found.name);
    const took = goDuration(Math.round(seconds * 1000) * 1000);
    const message = `Successfully pulled image "${reference}" in ${took} (${took} including waiting). Image size: ${found.image.size} bytes.`;
    worker.event(slot, "Normal", "Pulled", message);
    slot.pull = { timer: undefined, delay: 0, until: -1, met: false };
    worker.soon();
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
      plan = planContainer(agent, pod, slot.spec, stored, sandbox, worker.mounts.volumes, attempt);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      slot.waiting = { reason: "CreateContainerConfigError", message: error.message };
      worker.event(slot, "Warning", "Failed", `Error: ${error.message}`);
      worker.again();
      return;
    }
    const container = new RuntimeContainer(agent.runtime, sandbox, plan);
    const limit = slot.spec.resources?.limits?.cpu;
    if (limit !== undefined) container.machine.share = Math.min(1, Math.max(10, milliValue(limit)) / 1000);
    agent.runtime.add(container);
    if (slot.current) slot.previous = slot.current;
    slot.restarts = attempt;
    slot.current = container;
    slot.ending = false;
    worker.event(slot, "Normal", "Created", "Container created");
    const refused = container.start();
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
    this.follow(slot, container);
  }

  /** Watches a running container: its end, and its probes. */
  follow(slot: Slot, container: RuntimeContainer): void {
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
    container.changed.add(() => {
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
    if (fatal) this.stop(slot, `Container ${slot.spec.name} failed ${kind} probe, will be restarted`);
  }

  /** Ends the present incarnation; the next one follows by the restart policy. */
  stop(slot: Slot, message: string): void {
    const container = slot.current;
    if (container?.state !== "running" || slot.ending) return;
    // Nobody can be asked to end it; the probe goes on failing.
    if (this.worker.agent.runtimeProblem()) return;
    slot.ending = true;
    slot.probes?.stop();
    this.worker.event(slot, "Normal", "Killing", message);
    container.kill("TERM");
    const grace = this.worker.pod.spec.terminationGracePeriodSeconds ?? 30;
    this.worker.agent.clock.after(grace, () => container.kill("KILL"));
  }
}
