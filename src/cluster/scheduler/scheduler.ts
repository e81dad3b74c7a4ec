import type { Clock } from "../../base/clock.ts";
import type { Random } from "../../base/random.ts";
import { rfc3339 } from "../../base/time.ts";
import { podRequests } from "../../kinds/pod-resources.ts";
import { Status } from "../../kinds/status.ts";
import type { Node } from "../../kinds/types/core.ts";
import type { Condition } from "../../kinds/types/meta.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import { type Api, type Change, Unreachable } from "../apiserver/define.ts";
import { chooseNode } from "./choose-node.ts";
import { NodeCache } from "./node-cache.ts";
import { plugins } from "./plugins/index.ts";
import { SchedulingQueue } from "./scheduling-queue.ts";

export interface SchedulerTools {
  readonly clock: Clock;
  readonly random: Random;
}

const NAME = "default-scheduler";

/** kube-scheduler: takes pods without a node from its queue and binds each to the node that fits best. */
class Scheduler {
  private readonly api: Api;
  private readonly tools: SchedulerTools;
  private readonly cache = new NodeCache();
  private readonly queue: SchedulingQueue;
  private readonly stops: (() => void)[] = [];
  private awake = false;
  private stopped = false;
  private start = 0;

  constructor(api: Api, tools: SchedulerTools) {
    this.api = api;
    this.tools = tools;
    this.queue = new SchedulingQueue(tools.clock, () => this.wake());
  }

  run(): void {
    const onReset = () => {
      this.cache.clear();
      this.queue.clear();
    };
    this.stops.push(
      this.api.watch<Node>("nodes", (change) => this.onNode(change), { onReset }),
      this.api.watch<Pod>("pods", (change) => this.onPod(change)),
    );
    // Claims and volumes decide where a pod may go; pods that waited for them are tried again.
    for (const resource of ["persistentvolumeclaims", "persistentvolumes", "storageclasses.storage.k8s.io"])
      this.stops.push(this.api.watch(resource, () => this.queue.retryAll()));
  }

  stop(): void {
    this.stopped = true;
    for (const stop of this.stops) stop();
    this.queue.clear();
  }

  private onNode({ type, object, old }: Change<Node>): void {
    if (type === "DELETED") this.cache.dropNode(object.metadata.name);
    else this.cache.setNode(object);
    // A heartbeat changes nothing that a waiting pod could hope for.
    if (type !== "MODIFIED" || matters(object, old)) this.queue.retryAll();
  }

  private onPod({ type, object, old }: Change<Pod>): void {
    const gone = type === "DELETED" || isFinished(object);
    if (object.spec.nodeName) {
      if (old && !old.spec.nodeName) this.queue.forget(object);
      if (gone) this.cache.dropPod(object);
      else this.cache.setPod(object);
      if (gone) this.queue.retryAll();
      else if (!old?.spec.nodeName || old.metadata.labels !== object.metadata.labels) this.queue.retryAffine();
      return;
    }
    if (gone || object.metadata.deletionTimestamp || (object.spec.schedulerName ?? NAME) !== NAME)
      this.queue.forget(object);
    else if (!object.spec.schedulingGates?.length) this.queue.add(object, old);
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
    for (let pod = this.queue.take(); pod && !this.stopped; pod = this.queue.take()) {
      try {
        this.schedule(pod);
      } catch (error) {
        if (!(error instanceof Status || error instanceof Unreachable)) throw error;
        this.queue.putBack(pod);
      }
    }
  }

  private schedule(pod: Pod): void {
    const state = {
      api: this.api,
      requests: podRequests(pod),
      nodes: this.cache.nodes,
      node: (name: string) => this.cache.byNodeName(name),
      nodesWith: (image: string) => this.cache.nodesWith(image),
      exclusive: this.cache.exclusive,
      kept: new Map<string, unknown>(),
    };
    const choice = chooseNode(pod, state, plugins, this.start, this.tools.random);
    this.start = choice.next;
    if ("refused" in choice) {
      this.queue.putBack(pod);
      this.report(pod, choice.refused);
      return;
    }
    const { namespace = "", name, uid } = pod.metadata;
    const node = choice.node.node.metadata.name;
    let waits = false;
    for (const plugin of plugins) if (plugin.preBind?.(pod, choice.node, state) === "wait") waits = true;
    if (waits) {
      this.queue.park(pod);
      return;
    }
    this.api.createAt("pods", namespace, name, "binding", {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name, namespace, ...(uid ? { uid } : {}) },
      target: { kind: "Node", name: node },
    });
    const message = `Successfully assigned ${namespace}/${name} to ${node}`;
    this.api.event(pod, { type: "Normal", reason: "Scheduled", action: "Binding", message });
  }

  private report(pod: Pod, message: string): void {
    this.api.event(pod, { type: "Warning", reason: "FailedScheduling", action: "Scheduling", message });
    this.api.modify<Pod>(
      pod,
      (current) => {
        const conditions = current.status?.conditions ?? [];
        const known = conditions.find((c) => c.type === "PodScheduled");
        if (known?.status === "False" && known.message === message) return current;
        const since = known?.status === "False" ? known.lastTransitionTime : rfc3339(this.tools.clock.now);
        const condition: Condition = {
          type: "PodScheduled",
          status: "False",
          observedGeneration: current.metadata.generation,
          lastProbeTime: null,
          lastTransitionTime: since ?? null,
          reason: "Unschedulable",
          message,
        };
        const others = conditions.filter((c) => c.type !== "PodScheduled");
        return { ...current, status: { ...current.status, conditions: [...others, condition] } };
      },
      "status",
    );
  }
}

function isFinished(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

function matters(node: Node, old: Node | undefined): boolean {
  return (
    node.spec !== old?.spec ||
    node.metadata.labels !== old?.metadata.labels ||
    JSON.stringify(node.status?.allocatable) !== JSON.stringify(old?.status?.allocatable)
  );
}

/** Starts scheduling over `api`; the returned function stops it. */
export function startScheduler(api: Api, tools: SchedulerTools): () => void {
  const scheduler = new Scheduler(api, tools);
  scheduler.run();
  return () => scheduler.stop();
}
