import type { Amounts } from "../../kinds/pod-resources.ts";
import type { Node, Taint } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Api } from "../apiserver/define.ts";

/** A node as the scheduler keeps it: with the pods on it and what they ask for, so that a filter costs little. */
export interface NodeInfo {
  readonly node: Node;
  readonly pods: ReadonlyMap<string, Pod>;
  /** Sums of requests: cpu in millicores, memory and others in units; "pods" counts them. */
  readonly requested: Readonly<Record<string, number>>;
  /** The same for scoring: a pod that asks for no cpu or memory counts for a little of it. */
  readonly weighed: { readonly cpu: number; readonly memory: number };
  readonly allocatable: Readonly<Record<string, number>>;
  /** Of these what nearly every filter and score asks for, as plain fields: they are looked at a million times. */
  readonly room: Room;
  /** What filters ask of every node, close at hand. */
  readonly unschedulable: boolean;
  readonly taints: readonly Taint[] | undefined;
  /** The sizes of the images on the node, by the names they have. */
  readonly images: ReadonlyMap<string, number>;
  /** Host ports in use: "TCP/0.0.0.0/80". */
  readonly ports: ReadonlySet<string>;
}

/** What a node has and what its pods ask of it. */
export interface Room {
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
  readonly cpuRequested: number;
  readonly memoryRequested: number;
  readonly podCount: number;
}

/** Why a node is no place for a pod; `unresolvable` when removing other pods could not help. */
export interface Refusal {
  readonly reasons: readonly string[];
  readonly unresolvable: boolean;
}

/** The names of the only nodes a pod may go to. */
export interface OnlyNodes {
  readonly nodes: readonly string[];
}

export interface ScheduleState {
  readonly api: Api;
  /** What the pod asks for. */
  readonly requests: Amounts;
  node(name: string): NodeInfo | undefined;
  /** On how many nodes an image of this name is. */
  nodesWith(image: string): number;
  readonly nodes: readonly NodeInfo[];
  /** The placed pods that keep others away (required anti-affinity), with their nodes: few, so that they cost little. */
  readonly exclusive: Iterable<{ readonly pod: Pod; readonly node: Node }>;
  /** What a plugin's preFilter keeps for its filter, by plugin name. */
  readonly kept: Map<string, unknown>;
}

/** A plugin of kube-scheduler's framework, under its own name (NodeResourcesFit, TaintToleration …). */
export interface SchedulerPlugin {
  readonly name: string;
  /**
   * Once per pod. Refusal: the pod fits nowhere, with this single text. "skip": this plugin has nothing to say of the pod.
   * Nodes: no others need to be looked at.
   */
  preFilter?(pod: Pod, state: ScheduleState): Refusal | "skip" | OnlyNodes | undefined;
  filter?(pod: Pod, node: NodeInfo, state: ScheduleState): Refusal | undefined;
  /** Once before the scores of a pod. "skip": all nodes are alike to this plugin. */
  preScore?(pod: Pod, nodes: readonly NodeInfo[], state: ScheduleState): "skip" | undefined;
  /** 0 to 100 (after normalising), times the weight. */
  readonly weight?: number;
  score?(pod: Pod, node: NodeInfo, state: ScheduleState): number;
  normalize?(scores: Float64Array): void;
  /** Just before the binding: bind volumes, and the like. "wait": something must happen first; the pod is tried again. */
  preBind?(pod: Pod, node: NodeInfo, state: ScheduleState): "wait" | undefined;
}
