import type { FlowRule, FlowSchema, FlowSubject, PriorityLevelConfiguration } from "./types/flow-control.ts";

// apiserver pkg/apis/flowcontrol/bootstrap/default.go, 1.35.

type Level = PriorityLevelConfiguration["spec"];
type Schema = FlowSchema["spec"];

function limited(shares: number, lendable: number, queues?: number, handSize = 6): Level {
  const queuing = { handSize, queueLengthLimit: 50, queues: queues ?? 0 };
  const limitResponse = queues === undefined ? { type: "Reject" } : { queuing, type: "Queue" };
  return { limited: { lendablePercent: lendable, limitResponse, nominalConcurrencyShares: shares }, type: "Limited" };
}

/** The priority levels that every API server makes sure of. */
export const priorityLevels: Readonly<Record<string, Level>> = {
  exempt: { exempt: { lendablePercent: 0, nominalConcurrencyShares: 0 }, type: "Exempt" },
  "catch-all": limited(5, 0),
  system: limited(30, 33, 64),
  "node-high": limited(40, 25, 64),
  "leader-election": limited(10, 0, 16, 4),
  "workload-high": limited(40, 50, 128),
  "workload-low": limited(100, 90, 128),
  "global-default": limited(20, 50, 128),
};

const groups = (...names: string[]): FlowSubject[] => names.map((name) => ({ group: { name }, kind: "Group" }));
const users = (...names: string[]): FlowSubject[] => names.map((name) => ({ kind: "User", user: { name } }));
const accounts = (...names: string[]): FlowSubject[] =>
  names.map((name) => ({ kind: "ServiceAccount", serviceAccount: { name, namespace: "kube-system" } }));

function resourceRule(verbs: string[], group: string, resources: string[], clusterScope = false) {
  return { apiGroups: [group], ...(clusterScope ? { clusterScope } : {}), namespaces: ["*"], resources, verbs };
}

function everything(subjects: FlowSubject[]): FlowRule {
  const nonResourceRules = [{ nonResourceURLs: ["*"], verbs: ["*"] }];
  return { nonResourceRules, resourceRules: [resourceRule(["*"], "*", ["*"], true)], subjects };
}

function schema(precedence: number, level: string, by: string | undefined, rule: FlowRule): Schema {
  return {
    ...(by ? { distinguisherMethod: { type: by } } : {}),
    matchingPrecedence: precedence,
    priorityLevelConfiguration: { name: level },
    rules: [rule],
  };
}

const coordination = "coordination.k8s.io";
const elect = ["get", "create", "update"];
const anybody = groups("system:unauthenticated", "system:authenticated");
const manager = "system:kube-controller-manager";
const scheduler = "system:kube-scheduler";
const leases = resourceRule(elect, coordination, ["leases"]);

/** The flow schemas that every API server makes sure of. */
export const flowSchemas: Readonly<Record<string, Schema>> = {
  exempt: schema(1, "exempt", undefined, everything(groups("system:masters"))),
  probes: schema(2, "exempt", undefined, {
    nonResourceRules: [{ nonResourceURLs: ["/healthz", "/readyz", "/livez"], verbs: ["get"] }],
    subjects: anybody,
  }),
  "system-leader-election": schema(100, "leader-election", "ByUser", {
    resourceRules: [leases],
    subjects: [...users(manager, scheduler), ...accounts("*")],
  }),
  "endpoint-controller": schema(150, "workload-high", "ByUser", {
    resourceRules: [resourceRule(elect, "", ["endpoints"])],
    subjects: [...users(manager), ...accounts("endpoint-controller", "endpointslicemirroring-controller")],
  }),
  "workload-leader-election": schema(200, "leader-election", "ByUser", {
    resourceRules: [resourceRule(elect, "", ["endpoints", "configmaps"]), leases],
    subjects: accounts("*"),
  }),
  "system-node-high": schema(400, "node-high", "ByUser", {
    resourceRules: [
      resourceRule(["*"], "", ["nodes", "nodes/status"], true),
      resourceRule(["*"], coordination, ["leases"]),
    ],
    subjects: groups("system:nodes"),
  }),
  "system-nodes": schema(500, "system", "ByUser", everything(groups("system:nodes"))),
  "kube-controller-manager": schema(800, "workload-high", "ByNamespace", everything(users(manager))),
  "kube-scheduler": schema(800, "workload-high", "ByNamespace", everything(users(scheduler))),
  "kube-system-service-accounts": schema(900, "workload-high", "ByNamespace", everything(accounts("*"))),
  "service-accounts": schema(9000, "workload-low", "ByUser", everything(groups("system:serviceaccounts"))),
  "global-default": schema(9900, "global-default", "ByUser", everything(anybody)),
  "catch-all": schema(10000, "catch-all", "ByUser", everything(anybody)),
};

/** Those that nobody may change. */
export const mandatory: readonly string[] = ["exempt", "catch-all"];

/** A spec as messages show it: the fields as Go names them. */
export function withGoNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withGoNames);
  if (typeof value !== "object" || value === null) return value;
  const shown: Record<string, unknown> = {};
  for (const [field, inner] of Object.entries(value))
    shown[field === "apiGroups" ? "APIGroups" : field.charAt(0).toUpperCase() + field.slice(1)] = withGoNames(inner);
  return shown;
}

/** Whether a schema's level is there, as its condition says it. */
export function danglingCondition(level: string, exists: boolean, time: string) {
  const what = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)}`;
  return {
    lastTransitionTime: time,
    message: `${what} ${exists ? "and it exists" : "but there is no such object"}`,
    reason: exists ? "Found" : "NotFound",
    status: exists ? ("False" as const) : ("True" as const),
    type: "Dangling",
  };
}
