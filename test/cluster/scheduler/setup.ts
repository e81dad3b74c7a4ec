import { readSchedulerConfig } from "../../../src/cluster/scheduler/config/read-config.ts";
import { conditionOf } from "../../../src/kinds/labels.ts";
import type { Node } from "../../../src/kinds/types/core.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import { nodeNamed, podNamed, reportPod, type World, world } from "../controllers/setup.ts";

/** The head of a configuration file. */
export const CONFIG = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";

interface NodeSpec {
  readonly labels?: Record<string, string>;
  readonly taints?: NonNullable<Node["spec"]["taints"]>;
  readonly unschedulable?: boolean;
  readonly room?: Record<string, string>;
  readonly images?: NonNullable<NonNullable<Node["status"]>["images"]>;
}

export type Nodes = Readonly<Record<string, NodeSpec>>;

/** A scheduler alone with its nodes, without controllers; `config`: what its file says below the head. */
export function scheduling(nodes: Nodes, config?: string): World {
  const w = world({
    only: [],
    scheduler: true,
    ...(config === undefined ? {} : { schedulerConfig: readSchedulerConfig(`${CONFIG}${config}`) }),
  });
  for (const [name, spec] of Object.entries(nodes)) addPlainNode(w, name, spec);
  return w;
}

/** A node that is ready: the taint of new ones is gone. */
export function addPlainNode(w: World, name: string, { labels, taints, unschedulable, room, images }: NodeSpec): void {
  const quantities = { cpu: "2", memory: "4Gi", pods: "110", ...room };
  const status = { capacity: quantities, allocatable: quantities, ...(images ? { images } : {}) };
  const node = w.api.create(nodeNamed(name, { ...(labels ? { labels } : {}), status }));
  w.api.modify<Node>(node, ({ spec: { taints: _, ...spec }, ...now }) => ({
    ...now,
    spec: { ...spec, ...(taints ? { taints } : {}), ...(unschedulable ? { unschedulable } : {}) },
  }));
  w.settle();
}

/** A pod with labels; on a node at once where one is named. */
export function aPod(name: string, spec: Record<string, unknown> = {}, labels?: Record<string, string>): Pod {
  return podNamed(name, spec, labels ? { labels } : {});
}

export function asks(cpu: string, memory = "64Mi"): Record<string, unknown> {
  return { containers: [{ name: "web", image: "nginx", resources: { requests: { cpu, memory } } }] };
}

/** Creates pods, one after the other, each scheduled before the next. */
export function place(w: World, ...pods: readonly Pod[]): void {
  for (const pod of pods) {
    w.api.create(pod);
    w.settle();
  }
}

export const podIn = (w: World, name: string) => w.api.get<Pod>("pods", "default", name) as Pod;

/** Where a pod is, or why it is nowhere, without the part about preemption. */
export function outcome(w: World, name: string): string {
  const pod = podIn(w, name);
  if (pod.spec.nodeName) return pod.spec.nodeName;
  const message = conditionOf(pod, "PodScheduled")?.message ?? "not tried";
  return message.replace(/ no new claims.*/, "");
}

export function priorityClass(name: string, value: number, preemptionPolicy = "PreemptLowerPriority"): KubeObject {
  const metadata = { name };
  return { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata, value, preemptionPolicy };
}

export function run(w: World, ...names: readonly string[]): void {
  for (const name of names) reportPod(w, podIn(w, name), "Running");
  w.settle();
}
