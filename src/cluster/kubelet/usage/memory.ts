import { type Micros, SECOND } from "../../../base/clock.ts";
import { hardwareOf } from "../../../machine/hardware.ts";
import { heldBy, heldOn } from "../../../machine/memory.ts";
import { MEMORY_IN_USE } from "../../../machine/proc-files.ts";
import type { Process } from "../../../machine/process.ts";
import type { RuntimeContainer } from "../runtime/container.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { loadAt } from "./load.ts";

const MIB = 1024 * 1024;
/** A process that waits (a shell, sleep), and each further one, in MiB. */
const IDLE = 0.4;
const MEMORY_OF_PROCESS = 0.5;
/** What a node's own system uses (kernel, systemd, containerd, kubelet), in MiB. */
export const SYSTEM_MEMORY = 410;

/** The bytes that a running container works with now: its daemon, its other processes, what these have taken, and its tmpfs. */
export function memoryOf(container: RuntimeContainer): number {
  const { machine, plan, id } = container;
  if (container.state !== "running") return 0;
  const daemon = plan.stored.image.usage?.memory ?? IDLE;
  const others = Math.max(0, machine.processes.size - 1) * MEMORY_OF_PROCESS;
  // The working set moves less than the work does.
  const own = (daemon * (0.9 + 0.1 * loadAt(id, machine.kernel.clock.now)) + others) * MIB;
  return Math.round(own + heldOn(machine) + (plan.tmpfs?.() ?? 0));
}

/** The bytes that a pod's containers work with. */
export function memoryOfPod(runtime: Runtime, uid: string): number {
  let sum = 0;
  for (const container of runtime.containersOf(uid)) sum += memoryOf(container);
  return sum;
}

/** The bytes in use on a node: its system, what is typed on it, and its containers. */
export function memoryOfNode(runtime: Runtime): number {
  const { host } = runtime;
  let sum = SYSTEM_MEMORY * MIB * (0.95 + 0.05 * loadAt(host.name, host.kernel.clock.now)) + heldOn(host);
  for (const uid of runtime.sandboxes.keys()) sum += memoryOfPod(runtime, uid);
  return Math.round(sum);
}

/** Makes a node's kernel look after its memory: free(1) tells of it, and the OOM killer acts when there is none left. */
export function watchMemory(runtime: Runtime): void {
  const { host } = runtime;
  host.parts.set(MEMORY_IN_USE, () => memoryOfNode(runtime));
  host.onGrowth = () => checkNode(runtime);
}

/** Has a container ended when it uses more than it, its pod or its node may (cgroup v2 with memory.oom.group, as kubelets set it). */
export function watchContainer(runtime: Runtime, container: RuntimeContainer): void {
  container.machine.onGrowth = () => checkContainer(runtime, container);
}

/** Looks whether a container is within its limits now. */
export function checkContainer(runtime: Runtime, container: RuntimeContainer): void {
  const { memoryLimit, sandbox } = container;
  if (container.state !== "running") return;
  if (memoryLimit !== undefined && memoryOf(container) > memoryLimit) {
    container.oomKill();
    return;
  }
  const { memoryLimit: ofPod } = sandbox;
  if (ofPod !== undefined && memoryOfPod(runtime, sandbox.uid) > ofPod) {
    const all = runtime.containersOf(sandbox.uid).filter(({ state }) => state === "running");
    largest(all)?.oomKill();
    return;
  }
  if (!hasRoomFor(runtime, container)) checkNode(runtime);
}

/** What a node has certainly left since it was last looked at as a whole. */
interface Room {
  at: Micros;
  bytes: number;
}

const rooms = new WeakMap<Runtime, Room>();

/**
 * Whether a node has room for a container, known without a sum over all: within a second of the last one, half of what was
 * left then is given to the containers that have grown since, each counted as if it were new.
 */
function hasRoomFor(runtime: Runtime, container: RuntimeContainer): boolean {
  const { host } = runtime;
  const { now } = host.kernel.clock;
  const room = rooms.get(runtime);
  if (room && now - room.at < SECOND) {
    room.bytes -= memoryOf(container);
    return room.bytes > 0;
  }
  const left = hardwareOf(host).memoryKib * 1024 - memoryOfNode(runtime);
  rooms.set(runtime, { at: now, bytes: left / 2 });
  return left >= 0;
}

function largest(containers: readonly RuntimeContainer[]): RuntimeContainer | undefined {
  return containers.reduce<RuntimeContainer | undefined>(
    (worst, one) => (worst && memoryOf(worst) >= memoryOf(one) ? worst : one),
    undefined,
  );
}

/** What the OOM killer may choose: a container, or a process on the host itself. */
interface Candidate {
  readonly badness: number;
  readonly proc: Process | undefined;
  end(): void;
}

/** The system is out of memory: the kernel ends what is the largest, weighted by oom_score_adj. */
function checkNode(runtime: Runtime): void {
  const { host } = runtime;
  const total = hardwareOf(host).memoryKib * 1024;
  if (memoryOfNode(runtime) <= total) return;
  const candidates: Candidate[] = [...host.processes.values()].map((proc) => ({
    badness: (heldBy(proc) / total) * 1000,
    proc,
    end: () => proc.signal("KILL"),
  }));
  for (const uid of runtime.sandboxes.keys())
    for (const container of runtime.containersOf(uid))
      if (container.state === "running")
        candidates.push({
          badness: (memoryOf(container) / total) * 1000 + container.oomScore,
          proc: biggestIn(container),
          end: () => container.oomKill(),
        });
  const victim = candidates.reduce<Candidate | undefined>(
    (worst, one) => (worst && worst.badness >= one.badness ? worst : one),
    undefined,
  );
  if (!victim) return;
  const { proc } = victim;
  victim.end();
  const pid = proc && (proc.machine === host ? proc.pid : hostPid(runtime, proc));
  runtime.onSystemOom?.({ process: proc?.argv[0]?.split("/").at(-1) ?? "", pid: pid ?? 0 });
}

function biggestIn({ machine, process }: RuntimeContainer): Process | undefined {
  let found = process;
  for (const proc of machine.processes.values()) if (!found || heldBy(proc) > heldBy(found)) found = proc;
  return found;
}

function hostPid({ host }: Runtime, proc: Process): number | undefined {
  for (const [pid, guest] of host.guests) if (guest === proc) return pid;
  return undefined;
}
