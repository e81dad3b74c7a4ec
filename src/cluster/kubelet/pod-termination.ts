import type { Timer } from "../../base/clock.ts";
import type { Handler } from "../../kinds/types/pod.ts";
import { Errno, type OpenFile } from "../../machine/define.ts";
import type { PodWorker } from "./pod-worker.ts";
import type { Slot } from "./slot.ts";

/** The end of a pod: its preStop hooks, the polite signal, after the grace period the other one, then its removal. */
export class PodTermination {
  private readonly worker: PodWorker;
  private begun = false;
  private killer: Timer | undefined;
  private graceEnds = Number.POSITIVE_INFINITY;

  constructor(worker: PodWorker) {
    this.worker = worker;
  }

  advance(): void {
    const { worker } = this;
    const running = worker.slots.filter((slot) => slot.current?.state === "running");
    for (const slot of worker.slots) slot.pull?.timer?.cancel();
    if (!this.begun) this.begin(running);
    this.shorten();
    if (worker.slots.some((slot) => slot.current?.state === "running")) return;
    this.killer?.cancel();
    const { pod, agent } = worker;
    if (worker.failed && !pod.metadata.deletionTimestamp) return;
    agent.report(pod);
    agent.runtime.removeSandbox(pod.metadata.uid ?? "");
    worker.detach();
    agent.finished(pod);
  }

  private begin(running: readonly Slot[]): void {
    this.begun = true;
    const grace = this.grace();
    for (const slot of running) {
      slot.probes?.stop();
      slot.ending = true;
      this.worker.event(slot, "Normal", "Killing", `Stopping container ${slot.spec.name}`);
      const hook = slot.spec.lifecycle?.preStop;
      if (!hook || grace === 0) slot.current?.kill("TERM");
      else this.runHook(slot, hook);
    }
  }

  private grace(): number {
    const { pod } = this.worker;
    return pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
  }

  /** The grace period may become shorter while it runs (`--force`), never longer. */
  private shorten(): void {
    const { clock } = this.worker.agent;
    const ends = clock.now + Math.max(this.grace(), 0) * 1_000_000;
    if (ends >= this.graceEnds) return;
    this.graceEnds = ends;
    this.killer?.cancel();
    this.killer = clock.at(ends, () => {
      for (const slot of this.worker.slots) slot.current?.kill("KILL");
    });
  }

  private runHook(slot: Slot, hook: Handler): void {
    const { clock, host } = this.worker.agent;
    const terminate = () => slot.current?.kill("TERM");
    if (hook.sleep) {
      clock.after(hook.sleep.seconds, terminate);
      return;
    }
    if (hook.httpGet) {
      const address = hook.httpGet.host || slot.current?.sandbox.net.addresses[0] || "";
      const dialled = host.network.dial(host, address, Number(hook.httpGet.port));
      if ("listener" in dialled)
        dialled.listener.http?.({ method: "GET", path: hook.httpGet.path ?? "/", headers: { host: address } });
      terminate();
      return;
    }
    const nothing: OpenFile = { kind: "device", refs: 0, read: () => undefined, write: (text) => text.length };
    const fds = new Map([0, 1, 2].map((fd) => [fd, nothing] as const));
    const command = hook.exec?.command ?? [];
    try {
      const proc = slot.current?.exec(command, { fds });
      if (proc) proc.onEnd = () => this.hookEnded(slot, command, proc.status, terminate);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      this.hookEnded(slot, command, 126, terminate);
    }
  }

  private hookEnded(slot: Slot, command: readonly string[], status: number, terminate: () => void): void {
    if (status !== 0) {
      const of = `for Container "${slot.spec.name}" in Pod "${this.worker.title}"`;
      const message = `Exec lifecycle hook ([${command.join(" ")}]) ${of} failed - error: command '${command.join(" ")}' exited with ${status}: , message: ""`;
      this.worker.event(slot, "Warning", "FailedPreStopHook", message);
    }
    terminate();
  }
}
