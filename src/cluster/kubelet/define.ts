import type { Clock } from "../../base/clock.ts";
import type { Random } from "../../base/random.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Machine } from "../../machine/machine.ts";
import type { Api } from "../apiserver/define.ts";
import type { PodFacts } from "./environment.ts";
import type { Runtime } from "./runtime/runtime.ts";
import type { VolumeTools } from "./volume-payload.ts";

/** What the workers of a kubelet share. */
export interface Agent {
  readonly node: string;
  readonly hostIPs: readonly string[];
  readonly host: Machine;
  readonly api: Api;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly random: Random;
  /** clusterDNS, clusterDomain and resolvConf of the kubelet's configuration. */
  readonly dns: { readonly servers: readonly string[]; readonly domain: string; readonly resolvConf?: string };
  readonly volumes: VolumeTools;
  facts(podIPs: readonly string[]): PodFacts;
  /** What calls of the container runtime fail with now, and whether it is away for so long that pods are not looked after. */
  runtimeProblem(): { readonly error: string; readonly paused: boolean } | undefined;
  /** Whether the pod network is set up: the words of NetworkNotReady, or undefined. */
  networkProblem(): string | undefined;
  /** Why a pod may not begin on this node now, whatever it asks for. */
  refusal(pod: Pod): { readonly reason: string; readonly message: string } | undefined;
  /** containerLogMaxSize and containerLogMaxFiles: how much of a log is kept. */
  readonly logs: { readonly size: number; readonly files: number };
  /** The pods that have not ended, and the node's allocatable: what a resize must fit into. */
  others(): readonly Pod[];
  /** The pod's status or incarnations changed: tell the API server. */
  report(pod: Pod): void;
  /** The pod is gone from this node for good. */
  finished(pod: Pod): void;
}
