import type { Condition, KubeObject } from "./meta.ts";

export interface FlowSubject {
  kind?: string;
  user?: { name?: string };
  group?: { name?: string };
  serviceAccount?: { name?: string; namespace?: string };
}

export interface FlowResourceRule {
  verbs?: string[];
  apiGroups?: string[];
  resources?: string[];
  namespaces?: string[];
  clusterScope?: boolean;
}

export interface FlowPathRule {
  verbs?: string[];
  nonResourceURLs?: string[];
}

export interface FlowRule {
  subjects?: FlowSubject[];
  resourceRules?: FlowResourceRule[];
  nonResourceRules?: FlowPathRule[];
}

/** Which requests belong to a priority level. */
export interface FlowSchema extends KubeObject {
  spec: {
    priorityLevelConfiguration?: { name?: string };
    matchingPrecedence?: number;
    distinguisherMethod?: { type?: string };
    rules?: FlowRule[];
  };
  status?: { conditions?: Condition[] };
}

export interface Queuing {
  queues?: number;
  handSize?: number;
  queueLengthLimit?: number;
}

/** How many requests of a kind are served at a time, and what the others wait in. */
export interface PriorityLevelConfiguration extends KubeObject {
  spec: {
    type?: string;
    limited?: {
      nominalConcurrencyShares?: number;
      lendablePercent?: number;
      borrowingLimitPercent?: number;
      limitResponse?: { type?: string; queuing?: Queuing };
    };
    exempt?: { nominalConcurrencyShares?: number; lendablePercent?: number };
  };
  status?: { conditions?: Condition[] };
}
