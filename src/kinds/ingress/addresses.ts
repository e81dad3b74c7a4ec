import { compareText } from "../../base/go-text.ts";
import type { Ingress } from "../types/network.ts";

/** Where an ingress controller answers for an ingress; "" where none has said so. */
export function addressesText({ status }: Ingress): string {
  const given = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || "");
  return [...new Set(given.filter((text) => text !== ""))].sort(compareText).join(",");
}
