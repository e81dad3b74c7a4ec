import type { JsonObject } from "../../../base/json.ts";

/** The extension points at which plugins can be switched on and off, in the order in which kube-scheduler fills them. */
export const extensionPoints = [
  "preFilter",
  "filter",
  "postFilter",
  "reserve",
  "preScore",
  "score",
  "preBind",
  "bind",
  "postBind",
  "permit",
  "preEnqueue",
  "queueSort",
] as const;

export type ExtensionPoint = (typeof extensionPoints)[number];

export interface PluginChoice {
  readonly name: string;
  readonly weight?: number;
}

export interface PluginSet {
  readonly enabled?: readonly PluginChoice[];
  readonly disabled?: readonly PluginChoice[];
}

/** A profile as it stands in KubeSchedulerConfiguration. */
export interface ProfileConfig {
  readonly schedulerName: string;
  readonly percentageOfNodesToScore?: number;
  readonly plugins?: Readonly<Partial<Record<ExtensionPoint | "multiPoint", PluginSet>>>;
  readonly pluginConfig?: readonly { readonly name: string; readonly args?: JsonObject }[];
}

/** What the scheduler does by its configuration, with the defaults filled in. */
export interface SchedulerConfig {
  readonly profiles: readonly ProfileConfig[];
  readonly percentageOfNodesToScore: number;
  readonly podInitialBackoffSeconds: number;
  readonly podMaxBackoffSeconds: number;
  readonly leaderElection: {
    readonly leaderElect: boolean;
    readonly resourceName: string;
    readonly resourceNamespace: string;
  };
  /** clientConnection.kubeconfig; "" for the pod's own account. */
  readonly kubeconfig: string;
}

/** What is so without a file (scheduler/apis/config/v1/defaults.go, 1.35). */
export const defaultConfig: SchedulerConfig = {
  profiles: [{ schedulerName: "default-scheduler" }],
  percentageOfNodesToScore: 0,
  podInitialBackoffSeconds: 1,
  podMaxBackoffSeconds: 10,
  leaderElection: { leaderElect: true, resourceName: "kube-scheduler", resourceNamespace: "kube-system" },
  kubeconfig: "",
};

/** A configuration with which kube-scheduler does not start; the message is its own. */
export class ConfigProblem extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ConfigProblem";
  }
}
