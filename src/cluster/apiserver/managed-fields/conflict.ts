import { Status } from "../../../kinds/status.ts";
import { type FieldSet, pathsOf, pathText } from "./field-set.ts";
import type { Manager } from "./managers.ts";

/** The refusal to take fields from others without force (apimachinery managedfields/internal/conflict.go, 1.35). */
export function conflictOf(conflicts: readonly { readonly manager: Manager; readonly set: FieldSet }[]): Status {
  const all = conflicts
    .map(({ manager, set }) => ({ who: managerText(manager), paths: [...pathsOf(set)].map(pathText) }))
    .sort((a, b) => (a.who < b.who ? -1 : 1));
  const causes = all.flatMap(({ who, paths }) =>
    paths.map((field) => ({ reason: "FieldManagerConflict", message: `conflict with ${who}`, field })),
  );
  const [only] = causes;
  const lines = all.flatMap(({ who, paths }) => [`conflicts with ${who}:`, ...paths.map((path) => `- ${path}`)]);
  const message =
    causes.length === 1 && only
      ? `Apply failed with 1 conflict: ${only.message}: ${only.field}`
      : `Apply failed with ${causes.length} conflicts: ${lines.join("\n")}`;
  return new Status("Conflict", message, { causes });
}

function managerText({ name, subresource, operation, apiVersion }: Manager): string {
  const who = subresource
    ? `${JSON.stringify(name)} with subresource ${JSON.stringify(subresource)}`
    : JSON.stringify(name);
  return operation === "Update" ? `${who} using ${apiVersion}` : who;
}
