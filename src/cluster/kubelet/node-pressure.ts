import type { Timer } from "../../base/clock.ts";
import { Status } from "../../kinds/status.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import { type Api, Unreachable } from "../apiserver/define.ts";
import { sysctlProblem } from "./admission.ts";
import { Eviction } from "./eviction/eviction.ts";
import { collectImages, IMAGE_PERIOD } from "./eviction/image-collection.ts";
import type { KubeletConfig } from "./kubelet-config.ts";
import type { NodeRegistration } from "./node-registration.ts";
import type { PodAgent } from "./pod-agent.ts";
import type { Runtime } from "./runtime/runtime.ts";

/** What keeps a node's kubelet from running out of memory and disk: eviction, the collection of images, and word of what the kernel did. */
export class NodePressure {
  private readonly api: Api;
  private readonly runtime: Runtime;
  private readonly config: KubeletConfig;
  private readonly registration: () => NodeRegistration;
  private readonly eviction: Eviction;
  private pods: PodAgent | undefined;
  private timer: Timer | undefined;
  private collectionFailed = false;

  constructor(api: Api, runtime: Runtime, config: KubeletConfig, registration: () => NodeRegistration) {
    this.api = api;
    this.runtime = runtime;
    this.config = config;
    this.registration = registration;
    this.eviction = new Eviction({
      runtime,
      config: config.eviction,
      workers: () => this.pods?.running ?? [],
      event: (pod, reason, message) => this.tell(pod, reason, message),
      changed: () => registration().reportSoon(),
    });
  }

  get pressures(): readonly string[] {
    return this.eviction.pressures;
  }

  /** Why a pod may not begin on this node. */
  refusal(pod: Pod): { readonly reason: string; readonly message: string } | undefined {
    const pressure = this.eviction.refuses(pod);
    if (pressure !== undefined) return { reason: "Evicted", message: pressure };
    const sysctl = sysctlProblem(pod, this.config.unsafeSysctls);
    return sysctl === undefined ? undefined : { reason: "SysctlForbidden", message: sysctl };
  }

  start(pods: PodAgent): void {
    this.pods = pods;
    this.runtime.onSystemOom = ({ process, pid }) =>
      this.tell(undefined, "SystemOOM", `System OOM encountered, victim process: ${process}, pid: ${pid}`);
    this.eviction.start();
    this.collect();
  }

  stop(): void {
    this.eviction.stop();
    this.timer?.cancel();
    this.runtime.onSystemOom = undefined;
  }

  private collect(): void {
    this.timer = this.runtime.host.kernel.clock.after(IMAGE_PERIOD, () => {
      const failure = collectImages(this.runtime, this.config.imageCollection);
      if (failure !== undefined) {
        this.tell(undefined, "FreeDiskSpaceFailed", failure);
        // The first time the kubelet may only not know enough yet (kubelet.go StartGarbageCollection, 1.35).
        if (this.collectionFailed) this.tell(undefined, "ImageGCFailed", failure);
      }
      this.collectionFailed = failure !== undefined;
      this.collect();
    });
  }

  /** An event about a pod or the node; while no server answers, nobody hears it. */
  private tell(pod: Pod | undefined, reason: string, message: string): void {
    try {
      if (pod) this.api.event(pod, { type: "Warning", reason, message });
      else this.registration().tell(reason, message);
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof Status)) throw error;
    }
  }
}
