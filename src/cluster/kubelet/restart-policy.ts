import type { Pod } from "../../kinds/types/pod.ts";
import type { Slot } from "./slot.ts";

/** Whether the ended container of a slot is to run again, by its own policy and rules or else the pod's (ShouldContainerBeRestarted, 1.35). */
export function restartsAfterEnd(pod: Pod, { role, spec, current }: Slot): boolean {
  if (role === "ephemeral") return false;
  if (role === "sidecar") return true;
  const exitCode = current?.exitCode ?? 0;
  for (const { action, exitCodes } of spec.restartPolicyRules ?? []) {
    const among = exitCodes?.values?.includes(exitCode) === true;
    const applies = exitCodes?.operator === "In" ? among : exitCodes?.operator === "NotIn" && !among;
    if (applies && action === "Restart") return true;
  }
  const policy = spec.restartPolicy ?? pod.spec.restartPolicy;
  const failed = exitCode !== 0;
  if (role === "init") return failed && policy !== "Never";
  return policy === "Always" || (policy === "OnFailure" && failed);
}
