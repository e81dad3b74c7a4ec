import { toJson } from "../../base/json.ts";
import { Status } from "../../kinds/status.ts";
import type { Process } from "../../machine/process.ts";
import { Failures, Unanswered } from "./faults.ts";
import { logLine } from "./log-line.ts";

/** What -v=4 and above log of the fault that ends a command (cmd/util/helpers.go, 1.33). */
export function faultLog(proc: Process, fault: unknown): readonly string[] {
  if (fault instanceof Failures) return fault.faults.flatMap((one) => faultLog(proc, one));
  if (fault instanceof Unanswered) {
    const asked = fault.asked.replaceAll('"', "");
    return [logLine(proc, "I", "helpers.go:264", `Connection error: ${asked}: ${fault.message}`)];
  }
  if (!(fault instanceof Status) || fault.reason === "Invalid") return [];
  const { message, reason, details, code } = fault;
  const whole = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    ...(reason ? { reason } : {}),
    ...(details ? { details } : {}),
    code,
  };
  return [logLine(proc, "I", "helpers.go:246", `server response object: %s[${toJson(whole as never, { indent: 2 })}]`)];
}
