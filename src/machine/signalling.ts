import { Errno, type Signal, signalNumbers } from "./define.ts";
import type { Process } from "./process.ts";

/** The signal that a user names: 9, KILL, SIGKILL, kill; undefined for none. 0 is the null signal. */
export function signalNamed(text: string): Signal | 0 | undefined {
  if (text === "0" || text.toUpperCase() === "EXIT") return 0;
  const upper = text.toUpperCase().replace(/^SIG/, "");
  const entries = Object.entries(signalNumbers) as [Signal, number][];
  return entries.find(([name, number]) => name === upper || String(number) === text)?.[0];
}

/** All processes that are seen in a process namespace, those of a host's containers included, by their pids there. */
export function processTable({ machine }: Process): ReadonlyMap<number, Process> {
  const { processes, guests } = machine.pids ?? machine;
  return guests.size === 0 ? processes : new Map([...processes, ...guests]);
}

/** kill(2): Errno ESRCH or EPERM. 0 only looks whether one may. */
export function sendSignal(by: Process, pid: number, signal: Signal | 0): void {
  const target = processTable(by).get(pid);
  if (!target) throw new Errno("ESRCH");
  const { uid } = by.credentials;
  if (uid !== 0 && uid !== target.credentials.uid) throw new Errno("EPERM");
  if (signal !== 0 && !(pid === 1 && target.handlerOf(signal) === "default")) target.signal(signal);
}
