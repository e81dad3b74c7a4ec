import { column, nameColumn } from "./cells.ts";
import type { Kind } from "./define.ts";
import type { KubeObject } from "./types/meta.ts";

/** How a part of the control plane answers when the API server asks for its health. */
export interface ComponentStatus extends KubeObject {
  conditions?: { type: string; status: string; message?: string; error?: string }[];
}

/** Never stored: whoever reads it makes the API server ask. */
export const componentStatus: Kind<ComponentStatus> = {
  kind: "ComponentStatus",
  plural: "componentstatuses",
  group: "",
  version: "v1",
  namespaced: false,
  short: ["cs"],
  verbs: ["get", "list"],
  deprecation: "v1 ComponentStatus is deprecated in v1.19+",
  columns: [
    nameColumn,
    column("Status", statusOf),
    column("Message", ({ conditions }) => healthyOf(conditions)?.message ?? ""),
    column("Error", ({ conditions }) => healthyOf(conditions)?.error ?? ""),
  ],
};

function healthyOf(conditions: ComponentStatus["conditions"]) {
  return conditions?.find(({ type }) => type === "Healthy");
}

function statusOf({ conditions }: ComponentStatus): string {
  const found = healthyOf(conditions);
  if (!found) return "Unknown";
  return found.status === "True" ? "Healthy" : "Unhealthy";
}
