import type { IntOrString } from "../../kinds/types/meta.ts";

/** A number, or a share of `total` in per cent, rounded up or down (intstr.GetScaledValueFromIntOrPercent, 1.35). */
export function shareOf(value: IntOrString | undefined, total: number, round: "up" | "down"): number {
  if (value === undefined) return 0;
  if (typeof value === "number") return value;
  const part = (Number.parseInt(value, 10) * total) / 100;
  return round === "up" ? Math.ceil(part) : Math.floor(part);
}
