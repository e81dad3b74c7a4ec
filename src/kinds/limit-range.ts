import { plainColumns } from "./cells.ts";
import { canonicalList } from "./defaults/quantities.ts";
import type { Kind } from "./define.ts";
import { describeLimitRange } from "./limit-range/describe.ts";
import type { LimitRange, LimitRangeItem, Quantities } from "./types/policy.ts";
import { limitRangeProblems } from "./validation/limit-range.ts";

/** What each container, pod or claim of a namespace may ask for, and gets where it asks for nothing. */
export const limitRange: Kind<LimitRange> = {
  kind: "LimitRange",
  plural: "limitranges",
  group: "",
  version: "v1",
  namespaced: true,
  short: ["limits"],
  defaults(object) {
    object.spec ??= {};
    for (const limit of object.spec.limits ?? []) limitDefaults(limit);
  },
  problems: limitRangeProblems,
  columns: plainColumns,
  describe: describeLimitRange,
};

/** For containers the limit is the maximum and the request the limit or the minimum (core/v1 SetDefaults_LimitRangeItem, 1.35). */
function limitDefaults(limit: LimitRangeItem): void {
  for (const list of [limit.min, limit.max, limit.default, limit.defaultRequest, limit.maxLimitRequestRatio])
    canonicalList(list);
  if (limit.type !== "Container") return;
  fill(limit, "default", limit.max);
  fill(limit, "defaultRequest", limit.default);
  fill(limit, "defaultRequest", limit.min);
}

function fill(limit: LimitRangeItem, field: "default" | "defaultRequest", from: Quantities | undefined): void {
  if (!from || Object.keys(from).length === 0) return;
  limit[field] = { ...from, ...limit[field] };
}
