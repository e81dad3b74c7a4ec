import type { Micros } from "../../base/clock.ts";
import { rfc3339 } from "../../base/time.ts";
import { conditionOf } from "../../kinds/labels.ts";
import { qosClassOf } from "../../kinds/pod-resources.ts";
import type { Condition } from "../../kinds/types/meta.ts";
import type { ContainerState, ContainerStatus, Pod, PodStatus } from "../../kinds/types/pod.ts";
import { restartsAfterEnd } from "./restart-policy.ts";
import type { RuntimeContainer } from "./runtime/container.ts";
import { fullName, parseImageName } from "./runtime/image-name.ts";
import type { Sandbox } from "./runtime/runtime.ts";
import { isReady, isStarted, type Slot } from "./slot.ts";

/** What a pod's status is made from. */
export interface StatusSource {
  readonly pod: Pod;
  readonly slots: readonly Slot[];
  readonly sandbox: Sandbox | undefined;
  /** The node's addresses, the first of its own family. */
  readonly hostIPs: readonly string[];
  readonly now: Micros;
  /** The kubelet gave the pod up: Evicted, DeadlineExceeded, OutOfcpu … */
  readonly failed: { reason: string; message: string } | undefined;
  /** Further conditions that the kubelet itself sets now. */
  readonly conditions?: readonly Condition[];
}

/** Whether all of a pod has ended for good, by its containers. */
export function isPodFinished({ pod, slots, failed }: Pick<StatusSource, "pod" | "slots" | "failed">): boolean {
  if (failed) return true;
  const initial = slots.filter((s) => s.role === "init" || s.role === "sidecar");
  const main = slots.filter((s) => s.role === "main");
  const phase = phaseOf(pod, main, initial, isInitialized(initial));
  return phase === "Succeeded" || phase === "Failed";
}

function isInitialized(initial: readonly Slot[]): boolean {
  return initial.every((s) => (s.role === "sidecar" ? isStarted(s) || s.restarts > 0 : succeeded(s)));
}

/** status of a pod as the kubelet reports it (pkg/kubelet/kubelet_pods.go and status/generate.go, 1.35). */
export function podStatus(source: StatusSource): PodStatus {
  const { pod, slots, sandbox, hostIPs, failed } = source;
  const old = pod.status ?? {};
  const initial = slots.filter((s) => s.role === "init" || s.role === "sidecar");
  const main = slots.filter((s) => s.role === "main");
  const ephemeral = slots.filter((s) => s.role === "ephemeral");
  const begun = main.some((s) => s.current && s.current.state !== "created");
  const initialized = begun || initial.every((s) => (s.role === "sidecar" ? isStarted(s) : succeeded(s)));
  // A pod never leaves a phase that is the last.
  const last = old.phase === "Succeeded" || old.phase === "Failed" ? old : undefined;
  const phase = failed ? "Failed" : (last?.phase ?? phaseOf(pod, main, initial, initialized));
  const statuses = (list: readonly Slot[]) => list.map((slot) => containerStatus(slot, pod));
  const why = failed ?? last;
  const podIPs = sandbox ? (sandbox.hostNetwork ? hostIPs : sandbox.net.addresses) : [];
  // Made field by field: V8 is slow where literals go on after a spread, and this is made for each look at a pod.
  const status: PodStatus = {};
  if (pod.metadata.generation !== undefined) status.observedGeneration = pod.metadata.generation;
  status.phase = phase;
  status.conditions = conditions(source, initialized, phase, initial, main);
  if (why?.message) status.message = why.message;
  if (why?.reason) status.reason = why.reason;
  status.hostIP = hostIPs[0] ?? "";
  status.hostIPs = hostIPs.map((ip) => ({ ip }));
  if (podIPs[0] && !(failed && !sandbox)) {
    status.podIP = podIPs[0];
    status.podIPs = podIPs.map((ip) => ({ ip }));
  }
  status.startTime = old.startTime ?? rfc3339(source.now);
  if (initial.length > 0) status.initContainerStatuses = statuses(initial);
  if (!failed || slots.some((s) => s.current)) status.containerStatuses = statuses(main);
  if (ephemeral.length > 0) status.ephemeralContainerStatuses = statuses(ephemeral);
  status.qosClass = old.qosClass ?? qosClassOf(pod);
  return status;
}

function succeeded(slot: Slot): boolean {
  return slot.current?.state === "exited" && slot.current.exitCode === 0;
}

function phaseOf(pod: Pod, main: readonly Slot[], initial: readonly Slot[], initialized: boolean): PodStatus["phase"] {
  const initFailed = initial.some(
    (s) => s.role === "init" && s.current?.state === "exited" && s.current.exitCode !== 0 && !restartsAfterEnd(pod, s),
  );
  if (initFailed) return "Failed";
  if (!initialized && !main.some((s) => s.current)) return "Pending";
  if (main.some((s) => !s.current || (s.current.state === "created" && !s.previous))) return "Pending";
  const ended = [...main, ...initial].every((s) => s.current?.state === "exited");
  // A deleted pod that has ended shows how: nothing of it will be restarted.
  const final = pod.metadata.deletionTimestamp !== undefined;
  if (!ended || (!final && main.some((slot) => restartsAfterEnd(pod, slot)))) return "Running";
  return main.every(succeeded) ? "Succeeded" : "Failed";
}

function conditions(
  { pod, slots, sandbox, now, conditions: more = [] }: StatusSource,
  initialized: boolean,
  phase: PodStatus["phase"],
  initial: readonly Slot[],
  main: readonly Slot[],
): Condition[] {
  const finished = phase === "Succeeded" || phase === "Failed";
  const sidecars = initial.filter((s) => s.role === "sidecar");
  const unready = [...sidecars, ...main].filter((s) => !isReady(s)).map((s) => s.spec.name);
  const pending = initial.filter((s) => (s.role === "sidecar" ? !isStarted(s) : !succeeded(s))).map((s) => s.spec.name);
  const notReady =
    phase === "Succeeded"
      ? { reason: "PodCompleted" }
      : phase === "Failed"
        ? { reason: "PodFailed" }
        : unready.length > 0 || !initialized
          ? { reason: "ContainersNotReady", message: `containers with unready status: [${unready.join(" ")}]` }
          : undefined;
  const gates = gateProblems(pod);
  const gateReason = gates.length > 0 ? { reason: "ReadinessGatesNotReady", message: gates.join(", ") } : undefined;
  const alive = sandbox !== undefined && !(finished && slots.every((s) => s.current?.state !== "running"));
  const notInitialized = {
    reason: "ContainersNotInitialized",
    message: `containers with incomplete status: [${pending.join(" ")}]`,
  };
  const made: [type: string, good: boolean, why?: { reason: string; message?: string } | undefined][] = [
    ["PodReadyToStartContainers", alive],
    [
      "Initialized",
      initialized,
      phase === "Succeeded" ? { reason: "PodCompleted" } : initialized ? undefined : notInitialized,
    ],
    ["Ready", !notReady && !gateReason, notReady ?? gateReason],
    ["ContainersReady", !notReady, notReady],
    ["PodScheduled", true],
  ];
  const own = made.map(([type, good, why]) => condition(pod, type, good, why, now));
  const others = (pod.status?.conditions ?? []).filter(
    (c) =>
      !made.some(([type]) => type === c.type) && !resizing.has(c.type) && !more.some(({ type }) => type === c.type),
  );
  return [...more, ...others, ...own];
}

/** The conditions that only the kubelet sets and takes away. */
const resizing = new Set(["PodResizePending", "PodResizeInProgress"]);

function gateProblems(pod: Pod): string[] {
  return (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const found = conditionOf(pod, conditionType);
    if (found?.status === "True") return [];
    const gate = `pod readiness gate "${conditionType}"`;
    return found
      ? `the status of ${gate} is not "True", but ${found.status}`
      : `corresponding condition of ${gate} does not exist.`;
  });
}

function condition(
  pod: Pod,
  type: string,
  good: boolean,
  why: { reason: string; message?: string } | undefined,
  now: Micros,
): Condition {
  const status = good ? "True" : "False";
  const old = conditionOf(pod, type);
  const { generation } = pod.metadata;
  const since = old?.status === status ? (old.lastTransitionTime ?? null) : rfc3339(now);
  const made: Condition =
    generation === undefined
      ? { type, status, lastProbeTime: null, lastTransitionTime: since }
      : { type, observedGeneration: generation, status, lastProbeTime: null, lastTransitionTime: since };
  if (why) {
    made.reason = why.reason;
    if (why.message !== undefined) made.message = why.message;
  }
  return made;
}

function containerStatus(slot: Slot, pod: Pod): ContainerStatus {
  const { current, previous, spec, waiting } = slot;
  const shown = current ?? previous;
  const image = shown ? fullName(shown.plan.stored.name) : (spec.image ?? "");
  const isRunning = current?.state === "running";
  const last = isRunning || waiting || current?.state === "created" ? (isRunning ? previous : endedOf(slot)) : previous;
  const pulled = parseImageName(image);
  const status: ContainerStatus = {
    name: spec.name,
    state: stateOf(slot, pod),
    lastState: last?.state === "exited" ? { terminated: terminated(last) } : {},
    // Nothing probes an ephemeral container: it is never ready (kubelet prober_manager.go UpdatePodStatus, 1.35).
    ready: slot.role === "init" ? succeeded(slot) : slot.role !== "ephemeral" && isReady(slot),
    restartCount: slot.restarts,
    image,
    imageID: shown && pulled ? `${pulled.repository}@${shown.plan.stored.id}` : "",
  };
  if (shown) status.containerID = `containerd://${shown.id}`;
  if (slot.role !== "ephemeral") status.started = slot.role === "init" ? isRunning : isStarted(slot);
  if (!shown) return status;
  const { allocated, actual } = slot;
  if (allocated.requests) status.allocatedResources = allocated.requests;
  status.resources = actual;
  if (spec.volumeMounts?.length) status.volumeMounts = mountStatuses(slot);
  status.user = userOf(shown);
  return status;
}

/** Whom the runtime started the process as (SupplementalGroupsPolicy). */
function userOf({ plan }: RuntimeContainer): NonNullable<ContainerStatus["user"]> {
  const { uid, gid, groups } = plan.credentials;
  return { linux: { gid, supplementalGroups: [...new Set([gid, ...groups])], uid } };
}

/** The incarnation that ended before the wait. */
function endedOf(slot: Slot): RuntimeContainer | undefined {
  return slot.current?.state === "exited" ? slot.current : slot.previous;
}

function mountStatuses(slot: Slot): Record<string, unknown>[] {
  return (slot.spec.volumeMounts ?? []).map(({ name, mountPath, readOnly }) => ({
    name,
    mountPath,
    ...(readOnly ? { readOnly, recursiveReadOnly: "Disabled" } : {}),
  }));
}

function stateOf(slot: Slot, pod: Pod): ContainerState {
  const { current, waiting } = slot;
  if (current?.state === "running") return { running: { startedAt: rfc3339(current.started) } };
  if (waiting) return { waiting: { reason: waiting.reason, ...(waiting.message ? { message: waiting.message } : {}) } };
  if (current?.state === "exited") return { terminated: terminated(current) };
  const later = pod.spec.initContainers?.length ? "PodInitializing" : "ContainerCreating";
  return { waiting: { reason: later } };
}

function terminated(container: RuntimeContainer): NonNullable<ContainerState["terminated"]> {
  const { exitCode, reason, message, started, finished, id } = container;
  return {
    exitCode,
    reason: reason ?? (exitCode === 0 ? "Completed" : "Error"),
    ...(message ? { message } : {}),
    startedAt: started === 0 ? "1970-01-01T00:00:00Z" : rfc3339(started),
    finishedAt: rfc3339(finished),
    containerID: `containerd://${id}`,
  };
}
