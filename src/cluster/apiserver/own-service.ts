import { SECOND, type Timer } from "../../base/clock.ts";
import { Status } from "../../kinds/status.ts";
import type { Context } from "./context.ts";

/** How often the server looks whether its Service is there (DefaultEndpointReconcilerInterval, Kubernetes 1.35). */
const INTERVAL = 10 * SECOND;
const parts = [
  ["v1", "Service"],
  ["v1", "Endpoints"],
  ["discovery.k8s.io/v1", "EndpointSlice"],
] as const;

/** Makes the Service kubernetes and its endpoints anew when somebody has deleted them (pkg/controlplane/controller/kubernetesservice, 1.35). */
export class OwnService {
  private readonly context: Context;
  private readonly mayWrite: () => boolean;
  private readonly ensure: () => void;
  private readonly stops: (() => void)[] = [];
  private begun = 0;
  private timer: Timer | undefined;

  constructor(context: Context, mayWrite: () => boolean, ensure: () => void) {
    this.context = context;
    this.mayWrite = mayWrite;
    this.ensure = ensure;
  }

  start(): void {
    const { clock, kinds, storage } = this.context;
    this.begun = clock.now;
    for (const [apiVersion, name] of parts) {
      const kind = kinds.byApiVersionKind(apiVersion, name);
      if (!kind) continue;
      const stop = storage.watch(kind, undefined, ({ type, object: { metadata } }) => {
        if (type === "DELETED" && metadata.name === "kubernetes" && metadata.namespace === "default") this.later();
      });
      this.stops.push(stop);
    }
  }

  stop(): void {
    this.timer?.cancel();
    for (const stop of this.stops.splice(0)) stop();
  }

  /** At the next look. */
  private later(): void {
    const { clock } = this.context;
    const looks = Math.floor((clock.now - this.begun) / INTERVAL) + 1;
    this.timer ??= clock.at(this.begun + looks * INTERVAL, () => {
      this.timer = undefined;
      try {
        if (this.mayWrite()) this.ensure();
        else this.later();
      } catch (error) {
        // Somebody else has its address by now.
        if (!(error instanceof Status)) throw error;
        this.later();
      }
    });
  }
}
