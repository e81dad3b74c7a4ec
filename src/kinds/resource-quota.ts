import { compareText } from "../base/go-text.ts";
import { ageColumn, column, nameColumn } from "./cells.ts";
import { canonicalList } from "./defaults/quantities.ts";
import type { Kind } from "./define.ts";
import { describeResourceQuota } from "./resource-quota/describe.ts";
import type { ResourceQuota } from "./types/policy.ts";
import { quotaProblems, quotaProblemsOfUpdate } from "./validation/quota.ts";

/** How much a namespace may use. */
export const resourceQuota: Kind<ResourceQuota> = {
  kind: "ResourceQuota",
  plural: "resourcequotas",
  group: "",
  version: "v1",
  namespaced: true,
  short: ["quota"],
  subresources: [{ name: "status", kind: "ResourceQuota", verbs: ["get", "patch", "update"] }],
  defaults(object) {
    object.spec ??= {};
    canonicalList(object.spec.hard);
    object.status ??= {};
  },
  prepareForCreate(object) {
    object.status = {};
  },
  problems: quotaProblems,
  problemsOfUpdate: quotaProblemsOfUpdate,
  columns: [
    nameColumn,
    column("Request", (object) => usageText(object, (name) => !name.startsWith("limits."))),
    column("Limit", (object) => usageText(object, (name) => name.startsWith("limits."))),
    ageColumn,
  ],
  describe: describeResourceQuota,
};

function usageText({ status }: ResourceQuota, shown: (name: string) => boolean): string {
  const { hard = {}, used = {} } = status ?? {};
  const names = Object.keys(hard).filter(shown).sort(compareText);
  return names.map((name) => `${name}: ${used[name] ?? "0"}/${hard[name]}`).join(", ");
}
