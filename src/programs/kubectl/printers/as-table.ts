import type { Micros } from "../../../base/clock.ts";
import { humanDuration } from "../../../base/human-duration.ts";
import type { JsonObject } from "../../../base/json.ts";
import { isList, isObject } from "../../../base/json-object.ts";
import { parseRfc3339 } from "../../../base/time.ts";

const nameAndAge = [
  { name: "Name", type: "string", format: "name", priority: 0 },
  { name: "Age", type: "string", format: "", priority: 0 },
];

/** A Table as it is; an object or list that the server gave instead of one, as a table of names and ages. */
export function asTable(object: JsonObject, now: Micros): JsonObject {
  if (object.kind === "Table") return object;
  const items = isList(object.items) ? object.items.filter(isObject) : [object];
  return {
    kind: "Table",
    columnDefinitions: nameAndAge,
    rows: items.map((item) => ({ cells: [nameOf(item), ageOf(item, now)], object: item })),
  };
}

function nameOf({ metadata }: JsonObject): string {
  return isObject(metadata) && typeof metadata.name === "string" ? metadata.name : "";
}

/** How long ago it was created: 5m; <unknown> */
export function ageOf({ metadata }: JsonObject, now: Micros): string {
  const text = isObject(metadata) ? metadata.creationTimestamp : undefined;
  const at = typeof text === "string" ? parseRfc3339(text) : undefined;
  return at === undefined ? "<unknown>" : humanDuration(now - at);
}
