import type { Machine } from "../../machine/machine.ts";
import type { Store } from "../store/define.ts";
import { createStore } from "../store/store.ts";

/** What lies in etcd's data directory on a host: the part of the machine named by it. An empty directory is a new store. */
export function etcdData(machine: Machine, folder: string): Store {
  const part = `etcd:${folder}`;
  const existing = machine.parts.get(part) as Store | undefined;
  if (existing) return existing;
  const store = createStore(machine.kernel.clock);
  machine.parts.set(part, store);
  return store;
}
