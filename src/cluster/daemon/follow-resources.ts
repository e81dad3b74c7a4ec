import { SECOND } from "../../base/clock.ts";
import { goQuote } from "../../base/go-text.ts";
import { WaitQueue } from "../../base/wait-queue.ts";
import { Status } from "../../kinds/status.ts";
import type { Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";
import { type Api, Unreachable } from "../apiserver/define.ts";
import { Informer } from "./informer.ts";
import { klog } from "./klog.ts";

/** The longest pause before what failed is tried again, in seconds. */
const LONGEST = 30;

/**
 * What a daemon beside the control plane does all its life: it looks at the cluster now, whenever one of the resources
 * changes, and after as many seconds as a look asks for. A look that the API server refuses is tried again.
 */
export function* followResources(
  proc: Process,
  api: Api,
  resources: readonly (string | { readonly resource: string; readonly namespace: string })[],
  look: () => number | undefined,
): Task {
  const news = new WaitQueue();
  const { clock } = proc.machine.kernel;
  let changed = true;
  const tell = () => {
    changed = true;
    news.wake();
  };
  const informers = resources.map((one) =>
    typeof one === "string" ? new Informer(api, one, tell) : new Informer(api, one.resource, tell, one.namespace),
  );
  try {
    for (let pause = 1; ; ) {
      let wait: number | undefined;
      try {
        changed = false;
        wait = look();
        pause = 1;
      } catch (error) {
        if (!(error instanceof Status || error instanceof Unreachable)) throw error;
        yield* klog(proc, "E", "controller.go:974", `"Sync failed" err=${goQuote(error.message)}`);
        wait = pause;
        pause = Math.min(pause * 2, LONGEST);
        changed = false;
      }
      if (changed) continue;
      yield* proc.wait({ on: [news], ...(wait === undefined ? {} : { until: clock.now + Math.round(wait * SECOND) }) });
    }
  } finally {
    for (const { stop } of informers) stop();
  }
}
