import { milliValue, wholeValue } from "../../base/quantity.ts";
import { podLimits, qosClassOf } from "../../kinds/pod-resources.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import { hardwareOf } from "../../machine/hardware.ts";
import type { Agent } from "./define.ts";
import type { RuntimeContainer } from "./runtime/container.ts";
import type { Slot } from "./slot.ts";

/** Less than this and runc's own first process is what the kernel ends (measured: 3Mi never starts, 4Mi does; containerd 2.2). */
const SMALLEST = 4 * 1024 * 1024;

/** Sets a container's control group to what its slot has been allocated. */
export function applyLimits(agent: Agent, pod: Pod, slot: Slot, container: RuntimeContainer): void {
  const { cpu, memory } = slot.actual.limits ?? {};
  const ofPod = pod.spec.resources?.limits;
  const cores = cpu ?? ofPod?.cpu;
  container.machine.share = cores === undefined ? 1 : Math.min(1, Math.max(10, milliValue(cores)) / 1000);
  container.memoryLimit = memory === undefined ? undefined : wholeValue(memory) || undefined;
  container.oomScore = oomScore(pod, slot, hardwareOf(agent.host).memoryKib * 1024);
  const { sandbox } = container;
  sandbox.memoryLimit = memoryOfPodGroup(pod);
}

/** memory.max of a pod's control group: what the pod as a whole may use, or its containers together where all have a limit. */
export function memoryOfPodGroup(pod: Pod): number | undefined {
  const own = pod.spec.resources?.limits?.memory;
  if (own !== undefined) return wholeValue(own);
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  if (all.some(({ resources }) => !resources?.limits?.memory || wholeValue(resources.limits.memory) === 0))
    return undefined;
  return podLimits(pod).memory;
}

/** Whether a control group has so little memory that not even the runtime's first process fits. */
export function isTooSmall(bytes: number | undefined): boolean {
  return bytes !== undefined && bytes < SMALLEST;
}

/** oom_score_adj by the pod's class (pkg/kubelet/qos/policy.go, 1.35). */
function oomScore(pod: Pod, slot: Slot, capacity: number): number {
  if ((pod.spec.priority ?? 0) >= 2_000_001_000) return -997;
  const quality = qosClassOf(pod);
  if (quality === "Guaranteed") return -997;
  if (quality === "BestEffort") return 1000;
  const request = slot.actual.requests?.memory;
  const score = Math.floor(1000 - (1000 * (request === undefined ? 0 : wholeValue(request))) / capacity);
  return Math.min(999, Math.max(3, score));
}
