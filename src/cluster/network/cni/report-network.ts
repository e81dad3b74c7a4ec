import type { Micros } from "../../../base/clock.ts";
import { rfc3339 } from "../../../base/time.ts";
import type { Node } from "../../../kinds/types/core.ts";
import type { Api } from "../../apiserver/define.ts";

/** What an agent says of its node: whether the network is up, and what it keeps in annotations. */
export interface NetworkReport {
  readonly isDown?: boolean;
  readonly reason: string;
  readonly message: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Sets the condition NetworkUnavailable of a Node, as the agents of pod networks do. Throws Status and Unreachable. */
export function reportNetwork(api: Api, node: Node, now: Micros, report: NetworkReport): void {
  const { isDown = false, reason, message, annotations } = report;
  const status = isDown ? ("True" as const) : ("False" as const);
  const time = rfc3339(now);
  api.modify(
    node,
    (current) => {
      const others = (current.status?.conditions ?? []).filter(({ type }) => type !== "NetworkUnavailable");
      const condition = {
        type: "NetworkUnavailable",
        status,
        lastHeartbeatTime: time,
        lastTransitionTime: time,
        reason,
        message,
      };
      return {
        ...current,
        metadata: { ...current.metadata, annotations: { ...current.metadata.annotations, ...annotations } },
        status: { ...current.status, conditions: [condition, ...others] },
      };
    },
    "status",
  );
}
