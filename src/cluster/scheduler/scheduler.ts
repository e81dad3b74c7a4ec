import type { Clock, Timer } from "../../base/clock.ts";
import type { Random } from "../../base/random.ts";
import { Status } from "../../kinds/status.ts";
import type { Namespace, Node, Service } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import { type Api, type Change, Unreachable } from "../apiserver/define.ts";
import { AttemptState, type Knowledge } from "./attempt-state.ts";
import type { Failure } from "./choose-node.ts";
import { defaultConfig, type SchedulerConfig } from "./config/define.ts";
import type { ClusterEvent, NodeInfo, Rescue, ScheduleState } from "./define.ts";
import { NodeCache } from "./node-cache.ts";
import { NominatedPods } from "./nominated-pods.ts";
import { plugins } from "./plugins/index.ts";
import { preempt } from "./preempt.ts";
import { type Profile, profilesOf } from "./profile.ts";
import { type Reporter, reportFailure } from "./report.ts";
import { type QueuedPod, SchedulingQueue } from "./scheduling-queue.ts";
import { ServiceSelectors } from "./service-selectors.ts";

export interface SchedulerTools {
  readonly clock: Clock;
  readonly random: Random;
  /** The default configuration where left out. */
  readonly config?: SchedulerConfig;
  /** The name of the host it runs on, for its events. */
  readonly host?: string;
  /** How long a pod stays unschedulable at most before it is tried again, in seconds. */
  readonly longestWait?: number;
}

const byName = new Map(plugins.map((plugin) => [plugin.name, plugin]));
/** What decides where a pod may go, apart from nodes and pods. */
const storage = [
  "persistentvolumeclaims",
  "persistentvolumes",
  "storageclasses.storage.k8s.io",
  "csinodes.storage.k8s.io",
  "csidrivers.storage.k8s.io",
  "csistoragecapacities.storage.k8s.io",
  "deviceclasses.resource.k8s.io",
  "resourceclaims.resource.k8s.io",
  "resourceslices.resource.k8s.io",
];

/** kube-scheduler: takes pods without a node from its queue and binds each to the node that fits best. */
class Scheduler {
  private readonly api: Api;
  private readonly tools: SchedulerTools;
  private readonly profiles: ReadonlyMap<string, Profile>;
  private readonly cache: NodeCache;
  private readonly services = new ServiceSelectors();
  private readonly nominated = new NominatedPods();
  private readonly queue: SchedulingQueue;
  private readonly known: Knowledge;
  private readonly stops: (() => void)[] = [];
  /** Pods whose claims for devices are not there yet. */
  private readonly unclaimed = new Map<string, Pod>();
  private awake = false;
  private stopped = false;
  private start = 0;

  constructor(api: Api, tools: SchedulerTools) {
    const { clock, random, config = defaultConfig, longestWait = 300 } = tools;
    this.api = api;
    this.tools = tools;
    this.profiles = profilesOf(config);
    this.cache = new NodeCache((name) => this.api.get<Namespace>("namespaces", undefined, name)?.metadata.labels);
    const { podInitialBackoffSeconds: first, podMaxBackoffSeconds: most } = config;
    const hint = (plugin: string, event: ClusterEvent, pod: Pod) =>
      byName.get(plugin)?.helpedBy?.(event, pod, api) ?? false;
    this.queue = new SchedulingQueue(clock, { first, most, longest: longestWait }, hint, () => this.wake());
    this.known = { api, random, cache: this.cache, services: this.services, nominated: this.nominated };
  }

  run(): void {
    const onReset = () => {
      this.cache.clear();
      this.queue.clear();
      this.nominated.clear();
      this.unclaimed.clear();
    };
    const { api, services } = this;
    this.stops.push(
      api.watch<Service>("services", (change) => services.onService(change), { onReset: () => services.clear() }),
      api.watch<Node>("nodes", (change) => this.onNode(change), { onReset }),
      api.watch<Pod>("pods", (change) => this.onPod(change)),
    );
    for (const resource of storage) this.stops.push(api.watch(resource, (change) => this.onStorage(change)));
  }

  stop(): void {
    this.stopped = true;
    for (const stop of this.stops) stop();
    this.queue.clear();
  }

  private onStorage(change: Change): void {
    this.queue.onEvent({ of: "storage", ...change });
    if (this.unclaimed.size === 0 || change.object.kind !== "ResourceClaim") return;
    for (const pod of [...this.unclaimed.values()]) this.onPod({ type: "MODIFIED", object: pod });
  }

  private onNode(change: Change<Node>): void {
    if (change.type === "DELETED") this.cache.dropNode(change.object.metadata.name);
    else this.cache.setNode(change.object);
    this.queue.onEvent({ of: "node", ...change });
  }

  private onPod({ type, object, old }: Change<Pod>): void {
    const { metadata, spec } = object;
    if (spec.resourceClaims?.length) this.unclaimed.delete(metadata.uid ?? "");
    const gone = type === "DELETED" || isFinished(object);
    if (object.spec.nodeName) {
      this.onPlaced(object, old, gone);
      return;
    }
    const profile = this.profiles.get(object.spec.schedulerName ?? "default-scheduler");
    if (gone) {
      this.queue.forget(object);
      this.nominated.forget(object);
      // Whoever was kept from a node by the promise of room there may go there now.
      if (object.status?.nominatedNodeName) this.queue.onEvent({ of: "pod", type: "DELETED", object });
      return;
    }
    this.nominated.set(object);
    if (!profile || object.metadata.deletionTimestamp) this.queue.forget(object);
    else if (profile.preEnqueue.every((plugin) => plugin.preEnqueue?.(object, this.api) ?? true))
      this.queue.add(object, old);
    else if (spec.resourceClaims?.length) this.unclaimed.set(metadata.uid ?? "", object);
  }

  private onPlaced(object: Pod, old: Pod | undefined, gone: boolean): void {
    if (old && !old.spec.nodeName) {
      this.queue.forget(object);
      this.nominated.forget(object);
    }
    if (gone) this.cache.dropPod(object);
    else this.cache.setPod(object);
    if (gone) this.queue.onEvent({ of: "pod", type: "DELETED", object });
    else if (!old?.spec.nodeName) this.queue.onEvent({ of: "pod", type: "ADDED", object });
    else if (old.metadata.labels !== object.metadata.labels)
      this.queue.onEvent({ of: "pod", type: "MODIFIED", object, old });
  }

  private wake(): void {
    if (this.awake || this.stopped) return;
    this.awake = true;
    this.tools.clock.soon(() => {
      this.awake = false;
      this.scheduleWaiting();
    });
  }

  private scheduleWaiting(): void {
    for (let queued = this.queue.take(); queued && !this.stopped; queued = this.queue.take()) {
      const profile = this.profiles.get(queued.pod.spec.schedulerName ?? "default-scheduler");
      if (!profile) continue;
      try {
        this.schedule(queued, profile);
      } catch (error) {
        if (!(error instanceof Status || error instanceof Unreachable)) throw error;
        this.queue.forget(queued.pod);
        this.queue.failed(queued);
        this.onError(queued.pod, profile, error);
      }
    }
  }

  /** What went wrong stands in the pod's condition; where nothing can be written, nothing does. */
  private onError(pod: Pod, profile: Profile, error: Error): void {
    const reporter = this.reporterOf(profile);
    const now = this.tools.clock.now;
    try {
      if (this.api.get("pods", pod.metadata.namespace, pod.metadata.name))
        reportFailure(this.api, pod, { reason: "SchedulerError", message: error.message, now, reporter });
    } catch (again) {
      if (!(again instanceof Status || again instanceof Unreachable)) throw again;
    }
  }

  private schedule(queued: QueuedPod, profile: Profile): void {
    const { pod } = queued;
    const state = new AttemptState(pod, profile, this.known);
    const choice = state.attempt.choose(this.start, this.tools.random);
    this.start = choice.next;
    if ("failure" in choice) this.onFailure(queued, profile, choice.failure, state);
    else this.bind(queued, profile, choice.node, state);
  }

  private bind(queued: QueuedPod, profile: Profile, { node }: NodeInfo, state: ScheduleState): void {
    const { pod } = queued;
    const { namespace = "", name, uid } = pod.metadata;
    const target = this.cache.byNodeName(node.metadata.name);
    const waitsFor = new Set<string>();
    for (const plugin of profile.preBind)
      if (target && plugin.preBind?.(pod, target, state) === "wait") waitsFor.add(plugin.name);
    if (waitsFor.size > 0) {
      this.queue.park(queued, waitsFor);
      return;
    }
    this.api.createAt("pods", namespace, name, "binding", {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name, namespace, ...(uid ? { uid } : {}) },
      target: { kind: "Node", name: node.metadata.name },
    });
    const message = `Successfully assigned ${namespace}/${name} to ${node.metadata.name}`;
    const event = { type: "Normal", reason: "Scheduled", action: "Binding", message } as const;
    this.api.event(pod, { ...event, ...this.reporterOf(profile) });
  }

  private reporterOf({ schedulerName }: Profile): Reporter {
    const { host } = this.tools;
    return host === undefined ? { reporter: schedulerName } : { reporter: schedulerName, instance: host };
  }

  private onFailure(queued: QueuedPod, profile: Profile, failure: Failure, state: ScheduleState): void {
    const { pod } = queued;
    const refusers = new Set(failure.plugins);
    const rescue = state.nodes.length > 0 ? rescueOf(pod, profile, failure, state) : {};
    const message = rescue.says === undefined ? failure.text : `${failure.text} ${rescue.says}`;
    // First the pod waits: what its victims' leaving brings about must find it there.
    this.queue.putBack(queued, refusers);
    const { nominate } = rescue;
    if (nominate !== undefined) this.nominated.set(pod, nominate);
    const reporter = this.reporterOf(profile);
    const now = this.tools.clock.now;
    reportFailure(this.api, pod, { reason: "Unschedulable", message, nominate, now, reporter });
    if (nominate && rescue.victims) {
      const others = this.nominated.on(nominate);
      preempt(this.api, { pod, node: nominate, victims: rescue.victims, others, reporter, now });
    }
  }
}

/** What the profile's postFilters can do: the first that helps, else what they all say. */
function rescueOf(pod: Pod, { postFilter }: Profile, { refused }: Failure, state: ScheduleState): Rescue {
  const says: string[] = [];
  let nominate: string | undefined;
  for (const plugin of postFilter) {
    const rescue = plugin.postFilter?.(pod, state, refused);
    if (rescue?.nominate) return rescue;
    nominate = rescue?.nominate ?? nominate;
    if (rescue?.says !== undefined) says.push(rescue.says);
  }
  const said = says.length > 0 ? { says: says.join(", ") } : {};
  return nominate === undefined ? said : { ...said, nominate };
}

function isFinished(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

/** What its informers read. As in life, nothing is scheduled before all of them could. */
const informed = ["nodes", "pods", "services", "namespaces", "poddisruptionbudgets.policy", "replicasets.apps"];

function mayRead(api: Api): boolean {
  try {
    for (const resource of [...informed, ...storage]) api.indexed(resource, "owner", "");
    return true;
  } catch (error) {
    if (error instanceof Status || error instanceof Unreachable) return false;
    throw error;
  }
}

/** Starts scheduling over `api`; the returned function stops it. Throws ConfigProblem where no profile can be made. */
export function startScheduler(api: Api, tools: SchedulerTools): () => void {
  const scheduler = new Scheduler(api, tools);
  let timer: Timer | undefined;
  const begin = () => {
    if (mayRead(api)) scheduler.run();
    else timer = tools.clock.after(1, begin);
  };
  begin();
  return () => {
    timer?.cancel();
    scheduler.stop();
  };
}
