import type { Container, ContainerStatus, Pod } from "../types/pod.ts";

/** The word a pod's STATUS column shows (kubernetes pkg/printers/internalversion, 1.35); facts in order, later ones win. */
export function podStatusWord(pod: Pod): string {
  const status = pod.status ?? {};
  let word = status.reason || status.phase || "";
  const scheduled = status.conditions?.find((condition) => condition.type === "PodScheduled");
  if (scheduled?.reason === "SchedulingGated") word = "SchedulingGated";
  const initialising = initWord(pod);
  if (initialising !== undefined) word = initialising;
  if (initialising === undefined || isTrue(pod, "Initialized")) word = containersWord(pod, word);
  if (pod.metadata.deletionTimestamp === undefined) return word;
  if (status.reason === "NodeLost") return "Unknown";
  return status.phase === "Succeeded" || status.phase === "Failed" ? word : "Terminating";
}

/** Whether a pod still runs its init containers, as the columns see it. */
export function isInitialising(pod: Pod): boolean {
  return initWord(pod) !== undefined && !isTrue(pod, "Initialized");
}

function isTrue(pod: Pod, type: string): boolean {
  return pod.status?.conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false;
}

/** Whether an init container is a sidecar: it runs beside the containers. */
export function isSidecar(container: Container | undefined): boolean {
  return container?.restartPolicy === "Always";
}

function initWord(pod: Pod): string | undefined {
  const statuses = pod.status?.initContainerStatuses;
  if (!statuses?.length) return undefined;
  for (const [index, status] of statuses.entries()) {
    const { terminated, waiting } = status.state ?? {};
    if (terminated && terminated.exitCode === 0) continue;
    if (status.started && isSidecar(pod.spec.initContainers?.find(({ name }) => name === status.name))) continue;
    if (terminated) {
      if (terminated.reason) return `Init:${terminated.reason}`;
      return terminated.signal ? `Init:Signal:${terminated.signal}` : `Init:ExitCode:${terminated.exitCode}`;
    }
    if (waiting?.reason && waiting.reason !== "PodInitializing") return `Init:${waiting.reason}`;
    return `Init:${index}/${pod.spec.initContainers?.length ?? 0}`;
  }
  return undefined;
}

function containersWord(pod: Pod, before: string): string {
  let word = before;
  let running = false;
  const statuses = pod.status?.containerStatuses ?? [];
  for (let i = statuses.length - 1; i >= 0; i--) {
    const status = statuses[i] as ContainerStatus;
    const { terminated, waiting } = status.state ?? {};
    if (waiting?.reason) word = waiting.reason;
    else if (terminated?.reason) word = terminated.reason;
    else if (terminated) word = terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
    else if (status.ready && status.state?.running) running = true;
  }
  if (word === "Completed" && running) return isTrue(pod, "Ready") ? "Running" : "NotReady";
  return word;
}
