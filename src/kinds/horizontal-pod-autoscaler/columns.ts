import { ageColumn, column, nameColumn } from "../cells.ts";
import type { Column } from "../define.ts";
import type { HorizontalPodAutoscaler } from "../types/autoscaling.ts";
import { targetsText } from "./targets.ts";

/** What the server's table shows of an autoscaler, in whichever version it is asked for. */
export const autoscalerColumns: readonly Column<HorizontalPodAutoscaler>[] = [
  nameColumn,
  column("Reference", ({ spec }) => `${spec.scaleTargetRef?.kind ?? ""}/${spec.scaleTargetRef?.name ?? ""}`),
  column("Targets", targetsText),
  column("MinPods", ({ spec }) => (spec.minReplicas === undefined ? "<unset>" : String(spec.minReplicas))),
  { name: "MaxPods", cell: ({ spec }) => spec.maxReplicas ?? 0 },
  { name: "Replicas", cell: ({ status }) => status?.currentReplicas ?? 0 },
  ageColumn,
];
