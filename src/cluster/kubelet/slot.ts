import type { Micros, Timer } from "../../base/clock.ts";
import type { Container, ResourceRequirements } from "../../kinds/types/pod.ts";
import type { ProbeRunner } from "./probe-runner.ts";
import type { RuntimeContainer } from "./runtime/container.ts";

/** A container of a pod as the kubelet keeps it: its spec, its present and last incarnation, and what it waits for. */
export interface Slot {
  spec: Container;
  /** A volume has a slot while its image is pulled. */
  readonly role: "init" | "sidecar" | "main" | "ephemeral" | "volume";
  current: RuntimeContainer | undefined;
  previous: RuntimeContainer | undefined;
  restarts: number;
  /** Why no container runs, where it is not simply not its turn. */
  waiting: { reason: string; message?: string } | undefined;
  /** `met`: a look has met the back-off already. */
  pull: { timer: Timer | undefined; delay: number; until: Micros; met: boolean } | undefined;
  crash: { delay: number; until: Micros; met: boolean } | undefined;
  probes: ProbeRunner | undefined;
  /** The kubelet ends this incarnation: a probe failed, or its definition changed. */
  ending: boolean;
  /** Its postStart hook runs: nothing else is done for the pod until it is over. */
  starting: boolean;
  /** What the node has set aside for it, and what its control group says; the spec may ask for something else by now. */
  allocated: ResourceRequirements;
  actual: ResourceRequirements;
}

export function newSlot(spec: Container, role: Slot["role"]): Slot {
  return {
    spec,
    role,
    current: undefined,
    previous: undefined,
    restarts: 0,
    waiting: undefined,
    pull: undefined,
    crash: undefined,
    probes: undefined,
    ending: false,
    starting: false,
    allocated: spec.resources ?? {},
    actual: spec.resources ?? {},
  };
}

export function isReady(slot: Slot): boolean {
  return slot.current?.state === "running" && (slot.probes?.ready ?? true);
}

export function isStarted(slot: Slot): boolean {
  return slot.current?.state === "running" && (slot.probes?.started ?? true);
}

const MOST_PATHS = 1000;
const paths = new Map<string, Map<string, string>>();

/** One text for all events of containers of a name, which are many. */
function pathIn(list: string, name: string): string {
  const known = paths.get(list) ?? new Map<string, string>();
  paths.set(list, known);
  let path = known.get(name);
  if (path === undefined) {
    if (known.size >= MOST_PATHS) known.clear();
    path = `spec.${list}{${name}}`;
    known.set(name, path);
  }
  return path;
}

/** spec.containers{name}: how events name a container. */
export function fieldPath(slot: Slot): string | undefined {
  if (slot.role === "volume") return undefined;
  const list =
    slot.role === "main" ? "containers" : slot.role === "ephemeral" ? "ephemeralContainers" : "initContainers";
  return pathIn(list, slot.spec.name);
}
