import type { JsonObject } from "../../base/json.ts";
import type { Random } from "../../base/random.ts";
import type { Amounts } from "../../kinds/pod-resources.ts";
import type { Node, Taint } from "../../kinds/types/core.ts";
import type { KubeObject, LabelSelector } from "../../kinds/types/meta.ts";
import type { Pod, PodAffinityTerm } from "../../kinds/types/pod.ts";
import type { Api, Change } from "../apiserver/define.ts";

/** A node as the scheduler keeps it: with the pods on it and what they ask for, so that a filter costs little. */
export interface NodeInfo {
  readonly node: Node;
  /** Its place among all nodes. */
  readonly index: number;
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
  /** Host ports in use, "TCP/0.0.0.0/80", and by how many pods. */
  readonly ports: ReadonlyMap<string, number>;
  /** A node of its own, to try out what would be without some of its pods. */
  copy(): TrialNode;
}

/** A copy of a node, from which pods can be taken in thought. */
export interface TrialNode extends NodeInfo {
  put(pod: Pod): void;
  take(pod: Pod): void;
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

/** Pods that are meant together: of these namespaces, with these labels. */
export interface PodQuery {
  readonly namespaces: readonly string[];
  readonly selector: LabelSelector;
}

/** The placed pods that meet a query, counted where they are and kept up to date. */
export interface PodSet {
  readonly total: number;
  readonly byNode: ReadonlyMap<NodeInfo, number>;
  /** By the value that a label of their nodes has; nodes without the label are left out, and domains without pods. */
  domains(topologyKey: string): ReadonlyMap<string, number>;
}

/** The values of a node label: how many nodes have it, and how many each value. */
export interface Topology {
  readonly nodes: number;
  readonly values: ReadonlyMap<string, number>;
  /** The values as numbers, in the order of `values`, by the node's index; -1 where a node has none. */
  readonly ids: Int32Array;
}

/** What a term of a placed pod does to others: keeps them away, wants them near, or would like to. */
export type TermEffect = "repels" | "attracts" | "prefers";

/** A term that placed pods have, with the number of those pods in each domain. */
export interface PlacedTerm {
  readonly effect: TermEffect;
  readonly term: PodAffinityTerm;
  /** Of "prefers": below zero where the pods would rather be apart. */
  readonly weight: number;
  readonly domains: ReadonlyMap<string, number>;
}

export interface ScheduleState {
  readonly api: Api;
  readonly random: Random;
  /** The name in spec.schedulerName of those this profile takes care of. */
  readonly schedulerName: string;
  /** What the pod asks for. */
  readonly requests: Amounts;
  /** Of these what is asked of every node, close at hand, and whether that is all. */
  readonly cpu: number;
  readonly memory: number;
  readonly asksNoMore: boolean;
  node(name: string): NodeInfo | undefined;
  /** On how many nodes an image of this name is. */
  nodesWith(image: string): number;
  readonly nodes: readonly NodeInfo[];
  topology(key: string): Topology;
  /** The pods that meet all queries; `living`: without those that are being deleted. */
  podsThat(queries: readonly PodQuery[], living: boolean): PodSet;
  /** The terms of placed pods that speak of this pod. */
  termsAbout(pod: Pod): readonly PlacedTerm[];
  /** Whether a term of the pod `owner` speaks of `other`. */
  concerns(term: PodAffinityTerm, owner: Pod, other: Pod): boolean;
  /** The selectors of the Services that a pod belongs to. */
  servicesOf(pod: Pod): readonly Readonly<Record<string, string>>[];
  /** How many placed pods use a claim. */
  usersOf(namespace: string, claim: string): number;
  /** The lowest priority that any placed pod has. */
  readonly lowestPriority: number;
  /** Pods that have been promised room on a node by preemption, and do not stand there yet. */
  nominated(node: string): readonly Pod[];
  /** Whether there are any. */
  readonly promises: boolean;
  /** Whether all filters of the profile let the pod on the node; `node` may be a copy. */
  refusalOf(node: NodeInfo): Refusal | undefined;
  /** Lets the plugins know that in thought a pod is put on a node (1) or taken off (-1). */
  suppose(other: Pod, node: NodeInfo, sign: 1 | -1): void;
  /** What a plugin's preFilter keeps for its filter, by plugin name. */
  readonly kept: Map<string, unknown>;
}

/** What a plugin can do for a pod that fits nowhere. */
export interface Rescue {
  /** Said in the message, where nothing could be done. */
  readonly says?: string;
  /** The node where there will be room. "": what was nominated before holds no longer. */
  readonly nominate?: string;
  /** Who must leave for that. */
  readonly victims?: readonly Pod[];
}

/** Something that happened in the cluster and may help a pod that found no node. */
export type ClusterEvent =
  | ({ readonly of: "node" } & Change<Node>)
  /** Of pods that have a node. */
  | ({ readonly of: "pod" } & Change<Pod>)
  | ({ readonly of: "storage" } & Change<KubeObject>);

/** The arguments of a plugin in KubeSchedulerConfiguration (pluginConfig), with the defaults filled in. */
type PluginArgs = JsonObject;

/**
 * A plugin of kube-scheduler's framework, under its own name (NodeResourcesFit, TaintToleration …). It stands at the
 * extension points whose functions it has.
 */
export interface SchedulerPlugin {
  readonly name: string;
  /** The same plugin with arguments. */
  withArgs?(args: PluginArgs): SchedulerPlugin;
  /** Points of the real plugin at which this one has nothing to do. */
  readonly alsoAt?: readonly string[];
  /** False: the pod does not enter the queue yet. */
  preEnqueue?(pod: Pod, api: Api): boolean;
  /** Whether it orders the queue; whether it binds. */
  readonly queueSort?: true;
  readonly bind?: true;
  /** True: there is nothing to filter for the pod, and its filter is not asked. */
  hasNothingFor?(pod: Pod): boolean;
  /**
   * Once per pod. Refusal: the pod fits nowhere, with this single text. "skip": this plugin has nothing to filter for
   * the pod. Nodes: no others need to be looked at.
   */
  preFilter?(pod: Pod, state: ScheduleState): Refusal | "skip" | OnlyNodes | undefined;
  filter?(pod: Pod, node: NodeInfo, state: ScheduleState): Refusal | undefined;
  /** Keeps what preFilter kept true when another pod is put on a node or taken off it in thought. */
  supposed?(pod: Pod, other: Pod, node: NodeInfo, sign: 1 | -1, state: ScheduleState): void;
  /** For a pod that fits nowhere. `refused`: the nodes that were looked at, with why. */
  postFilter?(pod: Pod, state: ScheduleState, refused: ReadonlyMap<string, Refusal>): Rescue;
  /** Once before the scores of a pod. "skip": all nodes are alike to this plugin. */
  preScore?(pod: Pod, nodes: readonly NodeInfo[], state: ScheduleState): "skip" | undefined;
  /** In the default profile; 1 where left out. */
  readonly weight?: number;
  /** 0 to 100 (after normalising), times the weight. */
  score?(pod: Pod, node: NodeInfo, state: ScheduleState): number;
  /** All scores at once, for those that are asked for every pod. */
  scoreAll?(nodes: readonly NodeInfo[], scores: Float64Array, state: ScheduleState): void;
  normalize?(scores: Float64Array, nodes: readonly NodeInfo[], state: ScheduleState): void;
  /** Just before the binding: bind volumes, and the like. "wait": something must happen first; the pod is tried again. */
  preBind?(pod: Pod, node: NodeInfo, state: ScheduleState): "wait" | undefined;
  /** Whether an event may help a pod that this plugin refused (its queueing hint). */
  helpedBy?(event: ClusterEvent, pod: Pod, api: Api): boolean;
}
