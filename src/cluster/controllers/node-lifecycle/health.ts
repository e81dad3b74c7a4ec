import { type Micros, SECOND } from "../../../base/clock.ts";
import { parseGoDuration } from "../../../base/go-duration.ts";
import { parseRfc3339, rfc3339 } from "../../../base/time.ts";
import { conditionOf } from "../../../kinds/labels.ts";
import type { Lease, Node } from "../../../kinds/types/core.ts";
import type { Condition } from "../../../kinds/types/meta.ts";

interface Sign {
  at: Micros;
  heartbeat: string | null | undefined;
  renewed: string | undefined;
}

const kubeletConditions = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

/** When each node last gave a sign of life, by its status or its lease, in the controller's own time. */
export class Health {
  private readonly signs = new Map<string, Sign>();
  private readonly grace: Micros;
  private readonly startup: Micros;

  /** --node-monitor-grace-period and --node-startup-grace-period (defaults of 1.35). */
  constructor(flags: Readonly<Record<string, string | undefined>>) {
    this.grace = parseGoDuration(flags["node-monitor-grace-period"] ?? "50s");
    this.startup = parseGoDuration(flags["node-startup-grace-period"] ?? "1m0s");
  }

  noteNode(node: Node, now: Micros): void {
    const heartbeat = conditionOf(node, "Ready")?.lastHeartbeatTime;
    const known = this.signs.get(node.metadata.name);
    if (!known) {
      const at = heartbeat === undefined ? (parseRfc3339(node.metadata.creationTimestamp ?? "") ?? now) : now;
      this.signs.set(node.metadata.name, { at, heartbeat, renewed: undefined });
    } else if (known.heartbeat !== heartbeat) {
      known.heartbeat = heartbeat;
      known.at = now;
    }
  }

  noteLease(lease: Lease, now: Micros): void {
    const sign = this.signs.get(lease.metadata.name);
    const renewed = lease.spec?.renewTime;
    if (!sign || sign.renewed === renewed) return;
    sign.renewed = renewed;
    sign.at = now;
  }

  forget(name: string): void {
    this.signs.delete(name);
  }

  /** Until when a node is believed to live if it gives no sign. */
  until(node: Node): Micros {
    const grace = conditionOf(node, "Ready") ? this.grace : this.startup;
    return (this.signs.get(node.metadata.name)?.at ?? 0) + grace;
  }
}

/** The conditions of a node that has gone silent (tryUpdateNodeHealth, 1.35). */
export function silenced(node: Node, now: Micros): Condition[] {
  const conditions = [...(node.status?.conditions ?? [])];
  for (const type of kubeletConditions) {
    const place = conditions.findIndex((condition) => condition.type === type);
    const old = conditions[place];
    if (old?.status === "Unknown") continue;
    const words = old
      ? { reason: "NodeStatusUnknown", message: "Kubelet stopped posting node status." }
      : { reason: "NodeStatusNeverUpdated", message: "Kubelet never posted node status." };
    const lastHeartbeatTime = old ? (old.lastHeartbeatTime ?? null) : (node.metadata.creationTimestamp ?? null);
    const next: Condition = { type, status: "Unknown", lastHeartbeatTime, lastTransitionTime: rfc3339(now), ...words };
    if (place < 0) conditions.push(next);
    else conditions[place] = next;
  }
  return conditions;
}

/** Seconds from now to a time. */
export function secondsTo(at: Micros, now: Micros): number {
  return Math.max(0, at - now) / SECOND;
}
