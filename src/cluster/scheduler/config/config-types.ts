import type { FieldInfo, FieldType, TypeInfo } from "../../../schema/define.ts";
import { extensionPoints } from "./define.ts";

/** The group and version of the configuration (k8s.io/kube-scheduler/config/v1, 1.35). */
export const CONFIG_VERSION = "kubescheduler.config.k8s.io/v1";

const PREFIX = "io.k8s.kube-scheduler.config.v1.";
const plain: Readonly<Record<string, readonly [type: FieldType, format?: "int32" | "int64"]>> = {
  string: ["string"],
  bool: ["boolean"],
  int32: ["integer", "int32"],
  int64: ["integer", "int64"],
  float32: ["number"],
  duration: ["duration"],
  any: ["any"],
};

/** The fields of the types, as name and Go type; a type of ours is named, one of core/v1 with its package. */
const shapes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  KubeSchedulerConfiguration: {
    apiVersion: "string",
    kind: "string",
    parallelism: "int32",
    leaderElection: "LeaderElectionConfiguration",
    clientConnection: "ClientConnectionConfiguration",
    enableProfiling: "bool",
    enableContentionProfiling: "bool",
    percentageOfNodesToScore: "int32",
    podInitialBackoffSeconds: "int64",
    podMaxBackoffSeconds: "int64",
    profiles: "[]KubeSchedulerProfile",
    extenders: "[]Extender",
    delayCacheUntilActive: "bool",
  },
  LeaderElectionConfiguration: {
    leaderElect: "bool",
    leaseDuration: "duration",
    renewDeadline: "duration",
    retryPeriod: "duration",
    resourceLock: "string",
    resourceName: "string",
    resourceNamespace: "string",
  },
  ClientConnectionConfiguration: {
    kubeconfig: "string",
    acceptContentTypes: "string",
    contentType: "string",
    qps: "float32",
    burst: "int32",
  },
  KubeSchedulerProfile: {
    schedulerName: "string",
    percentageOfNodesToScore: "int32",
    plugins: "Plugins",
    pluginConfig: "[]PluginConfig",
  },
  Plugins: Object.fromEntries([...extensionPoints, "multiPoint"].map((point) => [point, "PluginSet"])),
  PluginSet: { enabled: "[]Plugin", disabled: "[]Plugin" },
  Plugin: { name: "string", weight: "int32" },
  PluginConfig: { name: "string", args: "any" },
  Extender: {
    urlPrefix: "string",
    filterVerb: "string",
    preemptVerb: "string",
    prioritizeVerb: "string",
    weight: "int64",
    bindVerb: "string",
    enableHTTPS: "bool",
    tlsConfig: "any",
    httpTimeout: "duration",
    nodeCacheCapable: "bool",
    managedResources: "[]any",
    ignorable: "bool",
  },
  DefaultPreemptionArgs: args({ minCandidateNodesPercentage: "int32", minCandidateNodesAbsolute: "int32" }),
  DynamicResourcesArgs: args({ filterTimeout: "duration", bindingTimeout: "duration" }),
  InterPodAffinityArgs: args({ hardPodAffinityWeight: "int32", ignorePreferredTermsOfExistingPods: "bool" }),
  NodeAffinityArgs: args({ addedAffinity: "core.NodeAffinity" }),
  NodeResourcesBalancedAllocationArgs: args({ resources: "[]ResourceSpec" }),
  NodeResourcesFitArgs: args({
    ignoredResources: "[]string",
    ignoredResourceGroups: "[]string",
    scoringStrategy: "ScoringStrategy",
  }),
  PodTopologySpreadArgs: args({ defaultConstraints: "[]core.TopologySpreadConstraint", defaultingType: "string" }),
  VolumeBindingArgs: args({ bindTimeoutSeconds: "int64", shape: "[]UtilizationShapePoint" }),
  ScoringStrategy: {
    type: "string",
    resources: "[]ResourceSpec",
    requestedToCapacityRatio: "RequestedToCapacityRatioParam",
  },
  RequestedToCapacityRatioParam: { shape: "[]UtilizationShapePoint" },
  ResourceSpec: { name: "string", weight: "int64" },
  UtilizationShapePoint: { utilization: "int32", score: "int32" },
};

function args(fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { kind: "string", apiVersion: "string", ...fields };
}

const read = new Map<string, TypeInfo>();

/** A type of the configuration, so that strict decoding can say what does not fit; undefined where there is none. */
export function configType(name: string): TypeInfo | undefined {
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  if (!shape) return undefined;
  const known = read.get(name);
  if (known) return known;
  const fields = new Map(Object.entries(shape).map(([field, type]) => [field, fieldOf(field, type)]));
  const type: TypeInfo = {
    name: `${PREFIX}${name}`,
    isKind: "kind" in shape,
    group: "kubescheduler.config.k8s.io",
    version: "v1",
    fields,
    messages: new Map(),
  };
  read.set(name, type);
  return type;
}

function fieldOf(name: string, type: string): FieldInfo {
  const common = { name, required: false, pointer: false, always: false, omitZero: false };
  if (type.startsWith("[]")) {
    const items = fieldOf("", type.slice(2));
    return { ...common, type: "array", items, goType: `[]${items.goType}` };
  }
  const known = plain[type];
  if (known) {
    const [fieldType, format] = known;
    const goType = type === "duration" ? "v1.Duration" : type;
    return { ...common, type: fieldType, ...(format ? { format } : {}), goType };
  }
  const core = /^core\.(.*)/.exec(type)?.[1];
  if (core !== undefined) return { ...common, type: "ref", ref: `io.k8s.api.core.v1.${core}`, goType: `v1.${core}` };
  const inner = configType(type);
  return { ...common, type: "ref", ...(inner ? { inner } : {}), goType: `v1.${type}` };
}
