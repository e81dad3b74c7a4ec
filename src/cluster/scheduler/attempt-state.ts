import type { Random } from "../../base/random.ts";
import { type Amounts, podRequests } from "../../kinds/pod-resources.ts";
import type { Pod, PodAffinityTerm } from "../../kinds/types/pod.ts";
import type { Api } from "../apiserver/define.ts";
import { Attempt } from "./choose-node.ts";
import type { NodeInfo, PlacedTerm, PodQuery, PodSet, Refusal, ScheduleState, Topology } from "./define.ts";
import type { NodeCache } from "./node-cache.ts";
import type { NominatedPods } from "./nominated-pods.ts";
import type { Profile } from "./profile.ts";
import type { ServiceSelectors } from "./service-selectors.ts";

/** What the scheduler knows, as the attempts of its pods look at it. */
export interface Knowledge {
  readonly api: Api;
  readonly random: Random;
  readonly cache: NodeCache;
  readonly services: ServiceSelectors;
  readonly nominated: NominatedPods;
}

/** What the plugins see during the attempt to schedule a pod. */
export class AttemptState implements ScheduleState {
  readonly api: Api;
  readonly random: Random;
  readonly schedulerName: string;
  readonly requests: Amounts;
  readonly cpu: number;
  readonly memory: number;
  readonly asksNoMore: boolean;
  readonly nodes: readonly NodeInfo[];
  readonly promises: boolean;
  readonly kept = new Map<string, unknown>();
  readonly attempt: Attempt;
  private readonly known: Knowledge;

  constructor(pod: Pod, profile: Profile, known: Knowledge) {
    this.api = known.api;
    this.random = known.random;
    this.schedulerName = profile.schedulerName;
    const requests = podRequests(pod);
    const { cpu = 0, memory = 0 } = requests;
    let others = 0;
    for (const name in requests) if (name !== "cpu" && name !== "memory") others++;
    this.requests = requests;
    this.cpu = cpu;
    this.memory = memory;
    this.asksNoMore = others === 0;
    this.nodes = known.cache.nodes;
    this.promises = !known.nominated.empty;
    this.known = known;
    this.attempt = new Attempt(pod, this, profile);
  }

  node(name: string): NodeInfo | undefined {
    return this.known.cache.byNodeName(name);
  }
  nodesWith(image: string): number {
    return this.known.cache.nodesWith(image);
  }
  topology(key: string): Topology {
    return this.known.cache.topology(key);
  }
  podsThat(queries: readonly PodQuery[], living: boolean): PodSet {
    return this.known.cache.podSets.of(queries, living);
  }
  termsAbout(pod: Pod): readonly PlacedTerm[] {
    return this.known.cache.terms.about(pod);
  }
  concerns(term: PodAffinityTerm, owner: Pod, other: Pod): boolean {
    return this.known.cache.terms.concerns(term, owner, other);
  }
  servicesOf(pod: Pod): readonly Readonly<Record<string, string>>[] {
    return this.known.services.of(pod);
  }
  usersOf(namespace: string, claim: string): number {
    return this.known.cache.usersOf(namespace, claim);
  }
  get lowestPriority(): number {
    return this.known.cache.lowestPriority;
  }
  nominated(node: string): readonly Pod[] {
    return this.known.nominated.on(node);
  }
  refusalOf(node: NodeInfo): Refusal | undefined {
    return this.attempt.refusalOf(node);
  }
  suppose(other: Pod, node: NodeInfo, sign: 1 | -1): void {
    this.attempt.suppose(other, node, sign);
  }
}
