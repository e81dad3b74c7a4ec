import type { Clock } from "../../../base/clock.ts";
import { Status } from "../../../kinds/status.ts";
import type { Namespace } from "../../../kinds/types/core.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { NetworkPolicy } from "../../../kinds/types/network.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import { type Api, Unreachable } from "../../apiserver/define.ts";
import { PolicyTable } from "./policy-table.ts";

const POLICIES = "networkpolicies.networking.k8s.io";

/** The addresses of nodes, where these count: out of which objects. */
export interface NodeSource {
  readonly resource: string;
  addresses(object: KubeObject): readonly string[];
}

/**
 * The policies of a node while its CNI's agent runs: they follow the API. When it stops, or hears no API server, they stay
 * as they were.
 */
export class LivePolicies {
  readonly table: PolicyTable;
  private readonly api: Api;
  private readonly clock: Clock;
  private readonly stops: (() => void)[] = [];

  /** `joined`: which pods the CNI has joined. `nodes`: where blocks do not mean members of the cluster, who else is one. */
  constructor(api: Api, clock: Clock, joined: (pod: Pod) => boolean, nodes?: NodeSource) {
    this.api = api;
    this.clock = clock;
    const table = new PolicyTable({ blocksMeanMembers: nodes === undefined, joined });
    this.table = table;
    this.follow(
      "pods",
      (one) => table.setPod(one as Pod),
      (one) => table.deletePod(one),
    );
    this.follow(
      "namespaces",
      (one) => table.setNamespace(one as Namespace),
      (one) => table.deleteNamespace(one),
    );
    this.follow(
      POLICIES,
      (one) => table.setPolicy(one as NetworkPolicy),
      (one) => table.deletePolicy(one),
    );
    if (nodes)
      this.follow(
        nodes.resource,
        (one) => table.setNode(one.metadata.name, nodes.addresses(one)),
        (one) => table.deleteNode(one.metadata.name),
      );
  }

  /** Whether everything is known: the API server answers and lets this agent look. */
  get isComplete(): boolean {
    try {
      for (const resource of ["pods", "namespaces", POLICIES]) this.api.list(resource);
      return true;
    } catch (error) {
      if (error instanceof Status || error instanceof Unreachable) return false;
      throw error;
    }
  }

  /** The agent ends; the table stays. */
  stop(): void {
    for (const stop of this.stops) stop();
  }

  private follow(resource: string, set: (object: KubeObject) => void, remove: (object: KubeObject) => void): void {
    const known = new Map<string, KubeObject>();
    const stop = this.api.watch(
      resource,
      ({ type, object }) => {
        if (type === "DELETED") {
          known.delete(keyOf(object));
          remove(object);
        } else {
          known.set(keyOf(object), object);
          set(object);
        }
      },
      // What is there comes again by itself; what went meanwhile is found by looking.
      { onReset: () => this.clock.soon(() => this.forgetGone(resource, known, remove)) },
    );
    this.stops.push(stop);
  }

  private forgetGone(resource: string, known: Map<string, KubeObject>, remove: (object: KubeObject) => void): void {
    try {
      const there = new Set(this.api.list(resource).map(keyOf));
      for (const [key, object] of known) {
        if (there.has(key)) continue;
        known.delete(key);
        remove(object);
      }
    } catch (error) {
      if (!(error instanceof Status || error instanceof Unreachable)) throw error;
    }
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}
