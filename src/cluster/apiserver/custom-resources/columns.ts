import type { Micros } from "../../../base/clock.ts";
import { humanDuration } from "../../../base/human-duration.ts";
import type { Json } from "../../../base/json.ts";
import { evaluateJsonPath } from "../../../base/jsonpath/evaluate-jsonpath.ts";
import { type Found, jsonOf } from "../../../base/jsonpath/jsonpath-node.ts";
import { parseJsonPath } from "../../../base/jsonpath/parse-jsonpath.ts";
import { printJsonPath } from "../../../base/jsonpath/print-jsonpath.ts";
import { parseRfc3339 } from "../../../base/time.ts";
import { nameColumn } from "../../../kinds/cells.ts";
import type { Cell, Column } from "../../../kinds/define.ts";
import type { PrinterColumn } from "../../../kinds/types/api-extensions.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";

const ageColumn: PrinterColumn = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };

/** The columns of a custom resource: the name, then additionalPrinterColumns, or the age (registry/customresource/tableconvertor, 1.35). */
export function columnsOf(columns: readonly PrinterColumn[] | undefined): readonly Column[] {
  return [nameColumn, ...(columns?.length ? columns : [ageColumn]).map(columnOf)];
}

function columnOf(column: PrinterColumn): Column {
  const { name, type, jsonPath, priority, description } = column;
  return {
    name,
    type: type as "string",
    ...(priority ? { wide: true } : {}),
    description: description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    cell: cellOf(column),
  };
}

function cellOf({ type, jsonPath }: PrinterColumn): (object: KubeObject, now: Micros) => Cell {
  const template = `{${jsonPath}}`;
  try {
    const path = parseJsonPath(template);
    return (object, now) => {
      try {
        const [results] = evaluateJsonPath(path, object as unknown as Json, { allowMissingKeys: true });
        const first = results?.[0];
        if (first === undefined) return null;
        if (type === "string") return printJsonPath(path, object as unknown as Json, { allowMissingKeys: true });
        return cellForValue(type, jsonOf(first as Found), now);
      } catch {
        return null;
      }
    };
  } catch {
    return () => null;
  }
}

function cellForValue(type: string, value: Json, now: Micros): Cell {
  switch (type) {
    case "integer":
      return typeof value === "number" || typeof value === "bigint" ? Math.trunc(Number(value)) : null;
    case "number":
      return typeof value === "number" || typeof value === "bigint" ? Number(value) : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date": {
      if (typeof value !== "string") return null;
      const at = parseRfc3339(value);
      return at === undefined ? "<invalid>" : humanDuration(now - at);
    }
    default:
      return null;
  }
}
