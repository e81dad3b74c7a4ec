import { MILLISECOND, type Micros, SECOND } from "../../../base/clock.ts";
import { rfc3339 } from "../../../base/time.ts";
import { equal } from "../../../kinds/equal.ts";
import { conditionOf } from "../../../kinds/labels.ts";
import type { Lease, Node } from "../../../kinds/types/core.ts";
import type { Condition } from "../../../kinds/types/meta.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Api } from "../../apiserver/define.ts";
import type { Again, Controller, ControllerTools, Key, Sentence } from "../define.ts";
import { withPodCondition } from "../pod-state.ts";
import { Health, secondsTo, silenced } from "./health.ts";
import { evictionKey, isEvicting, taintsOf } from "./taints.ts";

/** So many nodes must fail before a zone is disrupted. */
const FEW = 2;
/** How often nodes are tainted that are to be evicted (nodeEvictionPeriod, 1.35). */
const TAINTING = 100 * MILLISECOND;
/** How often a zone in which no node may be evicted is looked at again. */
const PATIENCE = 10 * SECOND;

/** How fast nodes that are not ready get NoExecute taints: flags of the controller manager, with the defaults of 1.35. */
interface Rates {
  /** Nodes in a second. */
  readonly usual: number;
  /** The same in a large zone of which most is down; in a small one none. */
  readonly disrupted: number;
  /** The part of a zone that makes most of it. */
  readonly unhealthy: number;
  /** Nodes that a zone has that is not large. */
  readonly small: number;
}

function ratesOf({ flags }: ControllerTools): Rates {
  return {
    usual: Number(flags["node-eviction-rate"] ?? 0.1),
    disrupted: Number(flags["secondary-node-eviction-rate"] ?? 0.01),
    unhealthy: Number(flags["unhealthy-zone-threshold"] ?? 0.55),
    small: Number(flags["large-cluster-size-threshold"] ?? 50),
  };
}

/** Tells when nodes go silent, and taints them by their conditions (kubernetes pkg/controller/nodelifecycle, 1.35). */
export const nodeLifecycle: Controller = {
  name: "node-lifecycle-controller",
  account: "node-controller",
  begin(_api, tools) {
    const watch = new NodeWatch(tools);
    const sentence: Sentence<Node> = {
      for: "nodes",
      concerns: (node, old, type) => watch.note(node, old, type === "DELETED"),
      watches: [
        {
          resource: "leases.coordination.k8s.io",
          keys: (lease) => {
            if (lease.metadata.namespace === "kube-node-lease") watch.health.noteLease(lease as Lease, tools.clock.now);
            return [];
          },
        },
        // Whether others are ready decides whether nodes are evicted at all.
        {
          resource: "nodes",
          keys: (node, _api, old, type) =>
            type === "DELETED" || readiness(node as Node) !== readiness(old as Node | undefined)
              ? watch.troubled()
              : [],
        },
      ],
      reconcile: (api, node, { name }) => (node ? watch.look(api, node) : watch.bury(api, name)),
    };
    return [sentence];
  },
};

function readiness(node: Node | undefined): string | undefined {
  return node && conditionOf(node, "Ready")?.status;
}

class NodeWatch {
  readonly health: Health;
  private readonly tools: ControllerTools;
  private readonly rates: Rates;
  private readonly known = new Map<string, Node>();
  private readonly down = new Set<string>();
  private nextEviction: Micros = 0;
  /** Until when a node that fell silent is not evicted: others may have done so at the same time. */
  private readonly fresh = new Map<string, Micros>();

  constructor(tools: ControllerTools) {
    this.tools = tools;
    this.rates = ratesOf(tools);
    this.health = new Health(tools.flags);
  }

  /** Keeps account of a node's sign of life; tells whether more than that changed. */
  note(node: Node, old: Node | undefined, gone: boolean): boolean {
    if (!gone) this.health.noteNode(node, this.tools.clock.now);
    if (!gone && evictionKey(node) !== undefined) this.down.add(node.metadata.name);
    else this.down.delete(node.metadata.name);
    if (!old || gone || node.spec !== old.spec || node.metadata.labels !== old.metadata.labels) return true;
    return !sameConditions(node.status?.conditions ?? [], old.status?.conditions ?? []);
  }

  /** The nodes that are not ready. */
  troubled(): readonly Key[] {
    return [...this.down].map((name) => ({ namespace: "", name }));
  }

  bury(api: Api, name: string): undefined {
    const node = this.known.get(name);
    this.known.delete(name);
    this.fresh.delete(name);
    this.health.forget(name);
    const message = `Node ${name} event: Removing Node ${name} from Controller`;
    if (node) api.event(node, { type: "Normal", reason: "RemovingNode", message });
    return undefined;
  }

  look(api: Api, seen: Node): Again | undefined {
    const { now } = this.tools.clock;
    const { name } = seen.metadata;
    if (!this.known.has(name)) {
      const message = `Node ${name} event: Registered Node ${name} in Controller`;
      api.event(seen, { type: "Normal", reason: "RegisteredNode", message });
    }
    this.known.set(name, seen);
    const silent = this.health.until(seen) < now;
    const node = silent ? this.silence(api, seen) : seen;
    const evict = this.evict(api, node, now);
    this.write(api, node, evict);
    if (evict === "not yet") return { againIn: secondsTo(Math.max(this.nextEviction, this.fresh.get(name) ?? 0), now) };
    return silent ? undefined : { againIn: secondsTo(this.health.until(node) + MILLISECOND, now) };
  }

  /** Says that nothing is known of a node any more, and that its pods are not ready. */
  private silence(api: Api, node: Node): Node {
    const { now } = this.tools.clock;
    const wasReady = conditionOf(node, "Ready")?.status === "True";
    const conditions = silenced(node, now);
    if (equal(conditions, node.status?.conditions)) return node;
    const said = api.modify<Node>(node, (old) => ({ ...old, status: { ...old.status, conditions } }), "status");
    if (said) this.health.noteNode(said, now);
    this.fresh.set(node.metadata.name, now + TAINTING);
    if (!wasReady) return said ?? node;
    const { name } = node.metadata;
    api.event(node, { type: "Normal", reason: "NodeNotReady", message: `Node ${name} status is now: NodeNotReady` });
    for (const pod of api.indexed<Pod>("pods", "node", name).slice()) {
      const ready = conditionOf(pod, "Ready");
      if (!ready || ready.status === "False") continue;
      api.modify<Pod>(pod, (old) => withPodCondition(old, { ...ready, status: "False" }, rfc3339(now)), "status");
      api.event(pod, { type: "Warning", reason: "NodeNotReady", message: "Node is not ready" });
    }
    return said ?? node;
  }

  /** Whether a node that is not ready may be evicted now: not when all are down, nor when most of a small cluster is. */
  private evict(api: Api, node: Node, now: Micros): "yes" | "not yet" | "never" {
    if (evictionKey(node) === undefined) return "never";
    const states = api.list<Node>("nodes").filter((other) => readiness(other) !== undefined);
    const ready = states.filter((other) => readiness(other) === "True").length;
    if (ready === 0) return "never";
    if (isEvicting(node)) return "yes";
    if ((this.fresh.get(node.metadata.name) ?? 0) > now) return "not yet";
    const zone = states.filter((other) => zoneOf(other) === zoneOf(node));
    const down = zone.filter((other) => readiness(other) !== "True").length;
    const { usual, disrupted, unhealthy, small } = this.rates;
    const isDisrupted = down > FEW && down < zone.length && down / zone.length >= unhealthy;
    const rate = isDisrupted ? (zone.length > small ? disrupted : 0) : usual;
    if (rate <= 0) {
      this.nextEviction = Math.max(this.nextEviction, now + PATIENCE);
      return "not yet";
    }
    if (this.nextEviction > now) return "not yet";
    this.nextEviction = now + Math.round(SECOND / rate);
    return "yes";
  }

  private write(api: Api, node: Node, evict: "yes" | "not yet" | "never"): void {
    const { now } = this.tools.clock;
    api.modify<Node>(node, (old) => {
      const taints = taintsOf(old, evict, now);
      const labels = withBetaLabels(old.metadata.labels);
      const same = taints === old.spec.taints || (taints.length === 0 && !old.spec.taints);
      if (same && labels === old.metadata.labels) return old;
      const { taints: _old, ...spec } = old.spec;
      return {
        ...old,
        metadata: labels ? { ...old.metadata, labels } : old.metadata,
        spec: taints.length > 0 ? { ...spec, taints } : spec,
      };
    });
  }
}

function zoneOf({ metadata }: Node): string {
  const { labels } = metadata;
  return `${labels?.["topology.kubernetes.io/region"] ?? ""}/${labels?.["topology.kubernetes.io/zone"] ?? ""}`;
}

/** beta.kubernetes.io/os and arch follow the labels that took their place (labelReconcileInfo, 1.35). */
function withBetaLabels(labels: Record<string, string> | undefined): Record<string, string> | undefined {
  let next = labels;
  for (const name of ["os", "arch"]) {
    const value = labels?.[`kubernetes.io/${name}`];
    if (value !== undefined && next?.[`beta.kubernetes.io/${name}`] !== value)
      next = { ...next, [`beta.kubernetes.io/${name}`]: value };
  }
  return next;
}

function sameConditions(a: readonly Condition[], b: readonly Condition[]): boolean {
  return a.length === b.length && a.every(({ type, status }, i) => b[i]?.type === type && b[i]?.status === status);
}
