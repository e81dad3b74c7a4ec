import type { Micros, Timer } from "../../../base/clock.ts";
import { wholeValue } from "../../../base/quantity.ts";
import { rfc3339 } from "../../../base/time.ts";
import { qosClassOf } from "../../../kinds/pod-resources.ts";
import { tolerates } from "../../../kinds/tolerations.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { PodWorker } from "../pod-worker.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { CONFIG_SOURCE } from "../static-pods.ts";
import { containerDisk } from "../usage/disk.ts";
import { memoryOf } from "../usage/memory.ts";
import { deleteUnused } from "./image-collection.ts";
import { storageProblem } from "./local-storage.ts";
import { binaryText, observe } from "./observe.ts";
import { ranked, resourceOf } from "./rank.ts";
import { amountAt, type EvictionConfig, isMet, type Signal, type Threshold } from "./thresholds.ts";

type Pressure = "MemoryPressure" | "DiskPressure" | "PIDPressure";

/** evictionMonitoringPeriod, and how often the kubelet looks whether an evicted pod is cleaned up. */
const PERIOD = 10;
const CLEAN_UP = 1;
/** immediateEvictionGracePeriodSeconds. */
const AT_ONCE = 1;
/** system-cluster-critical: such pods are never evicted. */
const CRITICAL = 2_000_000_000;

const pressureOf: Readonly<Record<Signal, Pressure>> = {
  "memory.available": "MemoryPressure",
  "nodefs.available": "DiskPressure",
  "imagefs.available": "DiskPressure",
  "pid.available": "PIDPressure",
};

const memoryPressure = { key: "node.kubernetes.io/memory-pressure", effect: "NoSchedule" as const };

/** What the eviction of a node works with. */
interface EvictionParts {
  readonly runtime: Runtime;
  readonly config: EvictionConfig;
  workers(): readonly PodWorker[];
  /** An event about a pod, or (undefined) about the node. */
  event(pod: Pod | undefined, reason: string, message: string): void;
  /** The node's conditions have changed. */
  changed(): void;
}

/** Watches what is left on a node, and lets pods go before the node itself suffers (pkg/kubelet/eviction, 1.35). */
export class Eviction {
  private readonly parts: EvictionParts;
  private readonly firstSeen = new Map<Threshold, Micros>();
  private readonly lastSeen = new Map<Pressure, Micros>();
  private met: readonly Threshold[] = [];
  private timer: Timer | undefined;
  private leaving: readonly PodWorker[] = [];
  private stopped = false;

  constructor(parts: EvictionParts) {
    this.parts = parts;
  }

  start(): void {
    this.arm(PERIOD);
  }

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
  }

  private get now(): Micros {
    return this.parts.runtime.host.kernel.clock.now;
  }

  /** The conditions that hold: a threshold is crossed, or was a short time ago. */
  get pressures(): readonly Pressure[] {
    return [...this.lastSeen]
      .filter(([, at]) => this.now - at < this.parts.config.transition)
      .map(([pressure]) => pressure)
      .sort();
  }

  /** Why a pod may not begin here now (eviction_manager.go Admit, 1.35). */
  refuses(pod: Pod): string | undefined {
    const { pressures } = this;
    if (pressures.length === 0 || isCritical(pod)) return undefined;
    const onlyMemory = pressures.length === 1 && pressures[0] === "MemoryPressure";
    if (onlyMemory && (qosClassOf(pod) !== "BestEffort" || tolerates(pod.spec.tolerations, memoryPressure)))
      return undefined;
    return `The node had condition: [${pressures.join(" ")}]. `;
  }

  private arm(seconds: number): void {
    if (this.stopped) return;
    this.timer = this.parts.runtime.host.kernel.clock.after(seconds, () => this.round());
  }

  private round(): void {
    if (this.stopped) return;
    this.leaving = this.leaving.filter((worker) => worker.slots.some(({ current }) => current?.state === "running"));
    if (this.leaving.length > 0) {
      this.arm(CLEAN_UP);
      return;
    }
    const before = this.pressures.join();
    const evicted = this.synchronize();
    if (this.pressures.join() !== before) this.parts.changed();
    this.leaving = evicted;
    this.arm(evicted.length > 0 ? CLEAN_UP : PERIOD);
  }

  /** One look. Gives the pods that were let go. */
  private synchronize(): readonly PodWorker[] {
    const { runtime, config } = this.parts;
    const seen = observe(runtime);
    const { now } = this;
    const crossed = config.thresholds.filter(
      (threshold) =>
        isMet(threshold, seen[threshold.signal], false) ||
        (this.met.includes(threshold) && isMet(threshold, seen[threshold.signal], true)),
    );
    for (const threshold of [...this.firstSeen.keys()])
      if (!crossed.includes(threshold)) this.firstSeen.delete(threshold);
    for (const threshold of crossed) {
      if (!this.firstSeen.has(threshold)) this.firstSeen.set(threshold, now);
      this.lastSeen.set(pressureOf[threshold.signal], now);
    }
    this.met = crossed.filter((threshold) => now - (this.firstSeen.get(threshold) ?? now) >= threshold.grace);
    const active = this.parts.workers().filter(({ failed, isFinished }) => !failed && !isFinished);
    const overfull = active.filter((worker) => {
      const problem = storageProblem(runtime, worker.pod);
      return problem !== undefined && this.evict(worker, problem, AT_ONCE, false);
    });
    if (overfull.length > 0) return overfull;
    const [worst] = this.met;
    return worst ? this.relieve(worst, active) : [];
  }

  /** Does something about the resource that runs short: unused images and containers first, then one pod. */
  private relieve(threshold: Threshold, active: readonly PodWorker[]): readonly PodWorker[] {
    const { runtime, config } = this.parts;
    const { signal } = threshold;
    const resource = resourceOf[signal];
    this.parts.event(undefined, "EvictionThresholdMet", `Attempting to reclaim ${resource}`);
    if (resource === "ephemeral-storage") {
      deleteUnused(runtime);
      const seen = observe(runtime);
      if (!config.thresholds.some((one) => isMet(one, seen[one.signal], true))) return [];
    }
    const seen = observe(runtime)[signal];
    for (const worker of ranked(runtime, active, signal)) {
      const quantity =
        "part" in threshold.value ? binaryText(amountAt(threshold.value, seen.capacity)) : threshold.value.text;
      const available = signal === "pid.available" ? String(seen.available) : binaryText(seen.available);
      const low = `The node was low on resource: ${resource}. Threshold quantity: ${quantity}, available: ${available}. `;
      const message = low + this.offenders(worker, resource);
      if (this.evict(worker, message, threshold.hard ? AT_ONCE : config.maxGraceSeconds, true)) return [worker];
    }
    return [];
  }

  /** The containers that use more than they asked for. */
  private offenders({ pod, slots }: PodWorker, resource: string): string {
    if (resource === "pids") return "";
    let text = "";
    for (const { current, spec } of slots) {
      if (current?.state !== "running") continue;
      const usage = Math.ceil((resource === "memory" ? memoryOf(current) : containerDisk(current)) / 4096) * 4096;
      const request = spec.resources?.requests?.[resource] ?? "0";
      if (usage > wholeValue(request))
        text += `Container ${spec.name} was using ${binaryText(usage)}, request is ${request}, has larger consumption of ${resource}. `;
    }
    const ofPod = pod.spec.resources?.requests?.[resource];
    if (resource !== "memory" || ofPod === undefined) return text;
    const all = slots.reduce((sum, { current }) => sum + (current ? memoryOf(current) : 0), 0);
    const used = binaryText(Math.ceil(all / 4096) * 4096);
    return `Pod ${pod.metadata.name} was using ${used}, request is ${ofPod}, has larger consumption of memory. ${text}`;
  }

  /** Lets a pod go for good. False where that may not be. */
  private evict(worker: PodWorker, message: string, grace: number, disrupts: boolean): boolean {
    const { pod } = worker;
    if (isCritical(pod)) return false;
    this.parts.event(pod, "Evicted", message);
    const condition = {
      type: "DisruptionTarget",
      status: "True" as const,
      lastProbeTime: null,
      lastTransitionTime: rfc3339(this.now),
      reason: "TerminationByKubelet",
      message,
    };
    worker.fail("Evicted", message, { grace, ...(disrupts ? { condition } : {}) });
    return true;
  }
}

/** Static pods, and those of the system's own priorities. */
function isCritical({ metadata, spec }: Pod): boolean {
  return metadata.annotations?.[CONFIG_SOURCE] === "file" || (spec.priority ?? 0) >= CRITICAL;
}
