import { type Micros, SECOND } from "../../../base/clock.ts";

/** The failed pods of a node are replaced at once, then after 1 s, 2 s, 4 s … at most 15 min (daemon_controller.go NewDaemonSetsController, 1.35). */
const FIRST = SECOND;
const MOST = 900 * SECOND;

interface Entry {
  readonly wait: Micros;
  readonly at: Micros;
}

/** How long nodes wait between failed pods of one DaemonSet: it must not run in circles with a kubelet that refuses them. */
export class FailedPods {
  private generation: number | undefined;
  private readonly byNode = new Map<string, Entry>();

  /** A changed DaemonSet begins anew (failedPodsBackoffKey, 1.35). */
  of(generation: number | undefined): this {
    if (this.generation !== generation) this.byNode.clear();
    this.generation = generation;
    return this;
  }

  /** The wait, where a failed pod of a node has to stay for now (client-go flowcontrol IsInBackOffSinceUpdate, 0.35). */
  waitOn(node: string, now: Micros): Micros | undefined {
    const known = this.byNode.get(node);
    if (!known || now - known.at > 2 * MOST) return undefined;
    return now - known.at < known.wait ? known.wait : undefined;
  }

  /** Notes that a failed pod of a node is replaced now. */
  note(node: string, now: Micros): void {
    const known = this.byNode.get(node);
    const wait = !known || now - known.at > 2 * MOST ? FIRST : Math.min(2 * known.wait, MOST);
    this.byNode.set(node, { wait, at: now });
  }
}
