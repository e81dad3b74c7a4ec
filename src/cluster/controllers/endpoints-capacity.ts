import type { Endpoints } from "../../kinds/types/core.ts";

type Subsets = NonNullable<Endpoints["subsets"]>;

/** An Endpoints object has at most so many addresses (endpoints_controller.go maxCapacity, 1.35). */
const MOST = 1000;

/**
 * Subsets cut down to what an Endpoints object may have: of too many ready addresses each subset keeps its share, else of
 * those that are not ready; undefined where nothing has to go (endpoints_controller.go truncateEndpoints, 1.35).
 */
export function withinCapacity(subsets: Subsets): Subsets | undefined {
  const ready = total(subsets, "addresses");
  const waiting = total(subsets, "notReadyAddresses");
  if (ready + waiting <= MOST) return undefined;
  const [cut, all, most] =
    ready > MOST ? (["addresses", ready, MOST] as const) : (["notReadyAddresses", waiting, MOST - ready] as const);
  let left = most;
  return subsets.map((subset) => {
    const { notReadyAddresses: _, ...kept } = subset;
    const there = subset[cut] ?? [];
    const share = there.slice(0, Math.min(left, Math.ceil((there.length / all) * most)));
    left -= share.length;
    const base = cut === "addresses" ? kept : { ...subset };
    return { ...base, [cut]: share };
  });
}

function total(subsets: Subsets, list: "addresses" | "notReadyAddresses"): number {
  return subsets.reduce((sum, subset) => sum + (subset[list]?.length ?? 0), 0);
}
