import type { Node } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Api } from "../apiserver/define.ts";

/** A node as the scheduler keeps it: with the pods on it and what they ask for, so that a filter costs little. */
export interface NodeInfo {
  readonly node: Node;
  readonly pods: ReadonlyMap<string, Pod>;
  /** Sums of requests: cpu in millicores, memory and others in units; "pods" counts them. */
  readonly requested: Readonly<Record<string, number>>;
  readonly allocatable: Readonly<Record<string, number>>;
  /** Host ports in use: "TCP/0.0.0.0/80". */
  readonly ports: ReadonlySet<string>;
}

/** Why a node is no place for a pod; `unresolvable` when removing other pods could not help. */
export interface Refusal {
  readonly reasons: readonly string[];
  readonly unresolvable: boolean;
}

export interface ScheduleState {
  readonly api: Api;
  readonly nodes: readonly NodeInfo[];
  /** The placed pods that keep others away (required anti-affinity), with their nodes: few, so that they cost little. */
  readonly exclusive: Iterable<{ readonly pod: Pod; readonly node: Node }>;
  /** What a plugin's preFilter keeps for its filter, by plugin name. */
  readonly kept: Map<string, unknown>;
}

/** A plugin of kube-scheduler's framework, under its own name (NodeResourcesFit, TaintToleration …). */
export interface SchedulerPlugin {
  readonly name: string;
  /** Once per pod. Refusal: the pod fits nowhere, with this single text. "skip": this plugin has nothing to say of the pod. */
  preFilter?(pod: Pod, state: ScheduleState): Refusal | "skip" | undefined;
  filter?(pod: Pod, node: NodeInfo, state: ScheduleState): Refusal | undefined;
  /** 0 to 100 (after normalising), times the weight. */
  readonly weight?: number;
  score?(pod: Pod, node: NodeInfo, state: ScheduleState): number;
  normalize?(scores: number[]): void;
  /** Just before the binding: assume volumes, and the like. */
  reserve?(pod: Pod, node: NodeInfo, state: ScheduleState): void;
}
