import type { Json, JsonObject } from "../../base/json.ts";

/** The pages of a list or Table as one; a page alone stays as it is. */
export function pagesAsOne(pages: readonly JsonObject[]): JsonObject {
  const [first] = pages;
  const last = pages.at(-1);
  if (!first || !last || pages.length === 1) return first ?? {};
  const field = first.kind === "Table" ? "rows" : "items";
  const all = pages.flatMap((page) => (page[field] ?? []) as readonly Json[]);
  return { ...first, metadata: last.metadata, [field]: all };
}
