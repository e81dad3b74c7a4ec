import type { Micros } from "../../base/clock.ts";
import { humanDuration } from "../../base/human-duration.ts";
import { parseRfc3339 } from "../../base/time.ts";
import { ageColumn, column, nameColumn, wide } from "../cells.ts";
import type { Column } from "../define.ts";
import type { ContainerStatus, Pod } from "../types/pod.ts";
import { isInitialising, isSidecar, podStatusWord } from "./status-word.ts";

/** The columns of pods. */
export const podColumns: readonly Column<Pod>[] = [
  nameColumn,
  column("Ready", readyText),
  column("Status", podStatusWord),
  column("Restarts", restartsText),
  ageColumn,
  wide("IP", (pod) => pod.status?.podIPs?.[0]?.ip || pod.status?.podIP || "<none>"),
  wide("Node", (pod) => pod.spec.nodeName || "<none>"),
  wide("Nominated Node", (pod) => pod.status?.nominatedNodeName || "<none>"),
  wide("Readiness Gates", gatesText),
];

const none: readonly never[] = [];

function sidecars({ spec, status }: Pod): readonly ContainerStatus[] {
  if (!spec.initContainers) return none;
  const names = spec.initContainers.filter(isSidecar).map(({ name }) => name);
  if (names.length === 0) return none;
  return (status?.initContainerStatuses ?? none).filter(({ name }) => names.includes(name));
}

function readyText(pod: Pod): string {
  const { spec, status } = pod;
  const total = spec.containers.length + (spec.initContainers?.filter(isSidecar).length ?? 0);
  let containers = 0;
  for (const { ready, state } of status?.containerStatuses ?? none) if (ready && state?.running) containers++;
  if (isInitialising(pod)) return `${sidecars(pod).filter(({ ready, started }) => started && ready).length}/${total}`;
  return `${containers + sidecars(pod).filter(({ ready, started }) => started && ready).length}/${total}`;
}

function restartsText(pod: Pod, now: Micros): string {
  const counted = isInitialising(pod)
    ? (pod.status?.initContainerStatuses ?? [])
    : [...(pod.status?.containerStatuses ?? []), ...sidecars(pod)];
  let restarts = 0;
  let last: Micros | undefined;
  for (const { restartCount, lastState } of counted) {
    restarts += restartCount;
    const ended = lastState?.terminated?.finishedAt;
    const finished = ended ? parseRfc3339(ended) : undefined;
    if (finished !== undefined && (last === undefined || finished > last)) last = finished;
  }
  return restarts > 0 && last !== undefined ? `${restarts} (${humanDuration(now - last)} ago)` : String(restarts);
}

function gatesText(pod: Pod): string {
  const gates = pod.spec.readinessGates ?? [];
  if (gates.length === 0) return "<none>";
  const passed = gates.filter(({ conditionType }) =>
    pod.status?.conditions?.some(({ type, status }) => type === conditionType && status === "True"),
  );
  return `${passed.length}/${gates.length}`;
}
