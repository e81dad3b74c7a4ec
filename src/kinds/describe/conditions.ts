import type { Condition } from "../types/meta.ts";
import { dateText } from "./times.ts";
import type { Writer } from "./writer.ts";

/** The conditions of a workload: type, status, reason. */
export function writeConditions(w: Writer, conditions: readonly Condition[] | undefined): void {
  if (!conditions?.length) return;
  w.add(0, "Conditions:\n  Type\tStatus\tReason\n");
  w.line(1, "----\t------\t------");
  for (const { type, status, reason = "" } of conditions) w.line(1, `${type} \t${status}\t${reason}`);
}

/** Conditions with their times, of which the first depends on the kind. */
export function writeTimedConditions(
  w: Writer,
  conditions: readonly Condition[] | undefined,
  first: "lastHeartbeatTime" | "lastProbeTime",
): void {
  if (!conditions?.length) return;
  const title = first === "lastProbeTime" ? "LastProbeTime" : "LastHeartbeatTime";
  w.add(0, `Conditions:\n  Type\tStatus\t${title}\tLastTransitionTime\tReason\tMessage\n`);
  w.line(1, "----\t------\t-----------------\t------------------\t------\t-------");
  for (const { type, status, lastTransitionTime, reason = "", message = "", ...times } of conditions) {
    const dates = `${dateText(times[first])} \t${dateText(lastTransitionTime)}`;
    w.line(1, `${type} \t${status} \t${dates} \t${reason} \t${message}`);
  }
}
