import { type HostCalls, holdsClock, type PortName } from "../base/ports.ts";
import { WaitQueue } from "../base/wait-queue.ts";
import { Errno, type Task } from "./define.ts";
import type { Process } from "./process.ts";

/** Asks the machine that the lab runs on, for a process that waits until the answer is there. */
export function* hostCall<P extends PortName>(
  proc: Process,
  port: P,
  ask: HostCalls[P]["ask"],
): Task<HostCalls[P]["answer"]> {
  const { ports, clock } = proc.machine.kernel;
  if (!ports) throw new Errno("ENXIO");
  const answered = new WaitQueue();
  const box: { answer?: HostCalls[P]["answer"] } = {};
  if (holdsClock[port]) clock.holds++;
  ports.call(port, ask, (answer) => {
    if (holdsClock[port]) clock.holds--;
    box.answer = answer;
    answered.wake();
  });
  while (box.answer === undefined) yield* proc.wait({ on: [answered] });
  return box.answer;
}
