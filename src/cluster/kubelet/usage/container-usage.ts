import { type Micros, SECOND } from "../../../base/clock.ts";
import { milliValue } from "../../../base/quantity.ts";
import type { Container } from "../../../kinds/types/pod.ts";
import type { RuntimeContainer } from "../runtime/container.ts";
import { loadBetween } from "./load.ts";
import { memoryOf } from "./memory.ts";

/** What something has used so far: seconds of a core, and bytes of memory that it works with now. */
export interface Used {
  readonly seconds: number;
  readonly bytes: number;
}

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
  const cpu = plan.stored.image.usage?.cpu ?? 0;
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
  return { seconds: account.seconds, bytes: memoryOf(container) };
}
