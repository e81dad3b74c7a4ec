import type { Micros } from "../../../base/clock.ts";
import type { Json, JsonObject } from "../../../base/json.ts";
import type { Column, Kind } from "../../../kinds/define.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import { partialOf } from "./partial.ts";

export type IncludeObject = "Metadata" | "Object" | "None";

export interface TableOptions {
  readonly now: Micros;
  readonly include: IncludeObject;
  readonly version: string;
  readonly resourceVersion: string | undefined;
  readonly continue?: string | undefined;
  readonly remaining?: number | undefined;
  /** Only the first event of a watch says what the columns are. */
  readonly columnsLeftOut?: boolean;
}

/** The server's table of objects: every column, wide ones as well. */
export function tableOf(kind: Kind, objects: readonly KubeObject[], options: TableOptions): JsonObject {
  const { now, include, version, resourceVersion, remaining } = options;
  return {
    kind: "Table",
    apiVersion: `meta.k8s.io/${version}`,
    metadata: {
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(options.continue === undefined ? {} : { continue: options.continue }),
      ...(remaining === undefined ? {} : { remainingItemCount: remaining }),
    },
    columnDefinitions: options.columnsLeftOut ? null : columnsOf(kind),
    rows: (kind.rowOrder ? objects.toSorted(kind.rowOrder) : objects).map((object) =>
      rowOf(kind, object, now, include),
    ),
  };
}

function rowOf(kind: Kind, object: KubeObject, now: Micros, include: IncludeObject): JsonObject {
  const conditions = kind.rowConditions?.(object) ?? [];
  const row: Record<string, Json> = { cells: kind.columns.map((column) => column.cell(object, now)) };
  if (conditions.length > 0) row.conditions = conditions;
  if (include === "Object") row.object = object as unknown as JsonObject;
  if (include === "Metadata") row.object = partialOf(object);
  return row;
}

const known = new WeakMap<readonly Column[], readonly JsonObject[]>();

function columnsOf({ columns }: Kind): readonly JsonObject[] {
  let definitions = known.get(columns);
  if (!definitions) {
    definitions = columns.map(({ name, type, format, description, wide }) => ({
      name,
      type: type ?? "string",
      format: format ?? "",
      description: description ?? "",
      priority: wide ? 1 : 0,
    }));
    known.set(columns, definitions);
  }
  return definitions;
}
