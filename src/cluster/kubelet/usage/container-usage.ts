import { type Micros, SECOND } from "../../../base/clock.ts";
import { milliValue, wholeValue } from "../../../base/quantity.ts";
import type { Container } from "../../../kinds/types/pod.ts";
import type { RuntimeContainer } from "../runtime/container.ts";
import { loadAt, loadBetween } from "./load.ts";

/** What something has used so far: seconds of a core, and bytes of memory that it works with now. */
export interface Used {
  readonly seconds: number;
  readonly bytes: number;
}

const MIB = 1024 * 1024;
/** A process that waits: a shell, sleep. */
const IDLE = { cpu: 0, memory: 0.4 };
/** What each further process works with, in MiB. */
const MEMORY_OF_PROCESS = 0.5;

interface Account {
  at: Micros;
  computed: Micros;
  seconds: number;
}

const accounts = new WeakMap<RuntimeContainer, Account>();

/** What a running container has used: what its daemon does by itself, and what its processes have computed. */
export function containerUsage(container: RuntimeContainer, { resources }: Container, cores: number): Used {
  const { machine, plan, id, started } = container;
  const { now } = machine.kernel.clock;
  const { cpu, memory } = plan.stored.image.usage ?? IDLE;
  const account = accounts.get(container) ?? { at: started, computed: 0, seconds: 0 };
  accounts.set(container, account);
  const computed = (machine.computed - account.computed) / SECOND;
  const base = (cpu / 1000) * loadBetween(id, account.at, now);
  // CFS gives no more time than the limit says; what was computed beyond it would have waited.
  const limit = resources?.limits?.cpu;
  const allowed = limit === undefined ? cores : Math.min(cores, milliValue(limit) / 1000);
  account.seconds += Math.min(base + computed, (allowed * (now - account.at)) / SECOND);
  account.at = now;
  account.computed = machine.computed;
  const others = Math.max(0, machine.processes.size - 1) * MEMORY_OF_PROCESS;
  // The working set moves less than the work does.
  const bytes = Math.round((memory * (0.9 + 0.1 * loadAt(id, now)) + others) * MIB);
  const most = resources?.limits?.memory;
  return { seconds: account.seconds, bytes: most === undefined ? bytes : Math.min(bytes, wholeValue(most)) };
}
