import { type Micros, SECOND, type Timer } from "../../base/clock.ts";
import { runHook } from "./hooks.ts";
import type { PodWorker } from "./pod-worker.ts";
import type { RuntimeContainer } from "./runtime/container.ts";
import type { Slot } from "./slot.ts";

/** minimumGracePeriodInSeconds: every container gets so long between the two signals (kuberuntime_container.go, 1.35). */
const SHORTEST = 2;

/** How a container is ended: its preStop hook, the wait for its turn, the polite signal, and when its time is over the other one. */
export class ContainerEnd {
  readonly slot: Slot;
  /** The hook is over and the signal was not sent yet. */
  waits = false;
  private readonly worker: PodWorker;
  private readonly container: RuntimeContainer;
  private readonly hasTurns: boolean;
  private deadline: Micros;
  private asked = false;
  private hookOver = false;
  private timer: Timer | undefined;

  /** `hasTurns`: somebody else says when its turn has come (sidecars of a pod that ends). */
  constructor(worker: PodWorker, slot: Slot, container: RuntimeContainer, said: EndWords) {
    this.worker = worker;
    this.slot = slot;
    this.container = container;
    this.hasTurns = said.hasTurns === true;
    this.deadline = worker.agent.clock.now + Math.round(said.grace * SECOND);
    slot.probes?.stop();
    slot.ending = true;
    worker.event(slot, "Normal", "Killing", said.message);
    const hook = slot.spec.lifecycle?.preStop;
    if (!hook || said.grace <= 0) {
      this.ready();
      return;
    }
    this.timer = worker.agent.clock.at(this.deadline, () => this.ready());
    runHook(worker, slot.spec, container, hook, (failure) => {
      if (this.hookOver) return;
      // What it said might be a secret: the event keeps it to itself.
      if (failure) worker.event(slot, "Warning", "FailedPreStopHook", "PreStopHook failed");
      this.ready();
    });
  }

  get isOver(): boolean {
    return this.container.state === "exited";
  }

  private ready(): void {
    if (this.hookOver) return;
    this.hookOver = true;
    this.timer?.cancel();
    if (this.isOver) return;
    this.waits = true;
    if (!this.hasTurns) this.ask();
    else {
      this.timer = this.worker.agent.clock.at(this.deadline, () => this.ask());
      this.worker.soon();
    }
  }

  /** Its turn has come: the signal is sent. */
  ask(): void {
    if (this.asked || this.isOver) return;
    this.asked = true;
    this.waits = false;
    this.container.kill("TERM");
    this.arm();
  }

  private arm(): void {
    const { clock } = this.worker.agent;
    this.timer?.cancel();
    const ends = Math.max(this.deadline, clock.now + SHORTEST * SECOND);
    this.timer = clock.at(ends, () => this.container.kill("KILL"));
  }

  /** The grace period has become shorter (`--force`, a second deletion); it never becomes longer. */
  shorten(grace: number): void {
    const { now } = this.worker.agent.clock;
    const ends = now + Math.round(grace * SECOND);
    if (ends >= this.deadline || this.isOver) return;
    this.deadline = ends;
    if (this.asked) this.arm();
    else {
      this.timer?.cancel();
      this.timer = this.worker.agent.clock.at(ends, () => (this.hookOver ? this.ask() : this.ready()));
    }
  }

  cancel(): void {
    this.timer?.cancel();
  }
}

/** Why a container is ended, and how much time it has. */
interface EndWords {
  readonly message: string;
  readonly grace: number;
  readonly hasTurns?: boolean;
}
