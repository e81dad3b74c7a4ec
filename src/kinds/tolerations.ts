import type { Taint } from "./types/core.ts";
import type { Toleration } from "./types/pod.ts";

/** Whether one of the tolerations tolerates a taint (core/v1 ToleratesTaint, 1.35). */
export function tolerates(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  return tolerationOf(tolerations, taint) !== undefined;
}

/** The first toleration that tolerates a taint. */
export function tolerationOf(tolerations: readonly Toleration[] | undefined, taint: Taint): Toleration | undefined {
  return tolerations?.find((toleration) => {
    if (toleration.effect && toleration.effect !== taint.effect) return false;
    if (toleration.key && toleration.key !== taint.key) return false;
    if (toleration.operator === "Exists") return true;
    return Boolean(toleration.key) && (toleration.value ?? "") === (taint.value ?? "");
  });
}
