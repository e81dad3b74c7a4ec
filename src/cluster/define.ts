import type { Micros } from "../base/clock.ts";
import type { HostPorts } from "../base/ports.ts";
import type { ProgramTable } from "../machine/define.ts";

/** A host of a world: a node of its cluster, or one that belongs to none (the exam's base host). */
export interface HostPlan {
  readonly name: string;
  readonly role: "control-plane" | "worker" | "none";
  /** Whole or decimal cores; default 2. */
  readonly cpu?: string;
  /** Default 4Gi. */
  readonly memory?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
}

/** A world as a file under exercises/worlds describes it: hosts, and what has been installed on them. */
export interface WorldPlan {
  readonly name: string;
  readonly description?: string;
  /** The cluster's name in kubeconfigs; kubernetes where left out. */
  readonly cluster?: string;
  /** v1.35.0: the version whose data is built in where left out. */
  readonly version?: string;
  readonly hosts: readonly HostPlan[];
  /** As kubeadm's podSubnet and serviceSubnet: an IPv4 range, or that and an IPv6 range, joined by a comma. */
  readonly podCIDR?: string;
  readonly serviceCIDR?: string;
  readonly cni?: "flannel" | "calico" | "cilium" | "none";
  /** Things installed beside kubeadm's own: metrics-server, or metrics-server-manifest laid ready in /opt/metrics-server. */
  readonly addons?: readonly string[];
  /** What is left out of a cluster that kubeadm would make: its kubelets run static pods and nothing else ("nodes"). */
  readonly without?: readonly WorldPart[];
  /** How its API servers are started, other than kubeadm would. */
  readonly apiServer?: ApiServerPlan;
  /** Manifests applied before anybody arrives, as YAML text. */
  readonly manifests?: string;
}

/** addons: cluster DNS, kube-proxy and the pod network. */
export type WorldPart = "addons" | "controller-manager" | "nodes" | "scheduler";

/** What the API server is told by its flags. */
export interface ApiServerPlan {
  /** --authorization-mode */
  readonly authorization?: readonly string[];
  /** --enable-admission-plugins, beside kubeadm's own, and --disable-admission-plugins. */
  readonly enableAdmission?: readonly string[];
  readonly disableAdmission?: readonly string[];
  /** --token-auth-file */
  readonly tokens?: readonly StaticToken[];
  /** Further flags, without the dashes. */
  readonly flags?: Readonly<Record<string, string>>;
}

/** A bearer token and whom it speaks for. */
export interface StaticToken {
  readonly token: string;
  readonly user: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
}

export interface WorldOptions {
  readonly plan: WorldPlan;
  readonly seed: string | number;
  /** The world's time at which the cluster is switched on. */
  readonly start: Micros;
  /** Every program that can be installed on a host, by name. */
  readonly programs: ProgramTable;
  readonly ports?: HostPorts;
}
