import type { Json, JsonObject } from "../../../../base/json.ts";
import { isList, isObject, sameJson } from "../../../../base/json-object.ts";
import { type PolicyRule, ruleText, uncovered } from "../../rule-cover.ts";

/** What has to be done so that a role or binding allows at least what a file says. */
export interface Reconciliation {
  readonly operation: "none" | "create" | "update" | "recreate";
  readonly object: JsonObject;
  /** The live object asked to be left alone. */
  readonly protectedByOwner: boolean;
  /** Rules or subjects, as they are reported. */
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

interface Removals {
  readonly extraPermissions: boolean;
  readonly extraSubjects: boolean;
}

/** What an object that is not there needs. */
export function creation(wanted: JsonObject): Reconciliation {
  const texts = isBinding(wanted) ? subjectsOf(wanted).map(subjectText) : rulesOf(wanted).map(ruleText);
  return { operation: "create", object: wanted, protectedByOwner: false, missing: texts, extra: [] };
}

/** Compares what a file wants with what is there (component-helpers/auth/rbac/reconciliation, 1.33). */
export function reconciliation(wanted: JsonObject, live: JsonObject, remove: Removals): Reconciliation {
  return isBinding(wanted)
    ? bindingReconciliation(wanted, live, remove.extraSubjects)
    : roleReconciliation(wanted, live, remove.extraPermissions);
}

/** Roles have rules, bindings a roleRef. */
export function isBinding(object: JsonObject): boolean {
  return object.roleRef !== undefined;
}

function roleReconciliation(wanted: JsonObject, live: JsonObject, removeExtra: boolean): Reconciliation {
  const [rules, had] = [rulesOf(wanted), rulesOf(live)];
  const missing = uncovered(had, rules);
  const extra = uncovered(rules, had);
  let object = withMetadata(wanted, live);
  let changed = object !== live;
  if (!removeExtra && missing.length > 0) object = { ...object, rules: [...had, ...missing] as unknown as Json };
  else if (removeExtra && missing.length + extra.length > 0) object = { ...object, rules: rules as unknown as Json };
  changed ||= missing.length > 0 || (removeExtra && extra.length > 0);
  const aggregated = aggregationOf(wanted, live, removeExtra);
  if (aggregated !== "same") {
    object = { ...object, aggregationRule: aggregated as Json };
    changed = true;
  }
  return result(changed, object, live, missing.map(ruleText), extra.map(ruleText));
}

/** The aggregationRule that is to be; undefined takes it away. */
function aggregationOf(wanted: JsonObject, live: JsonObject, removeExtra: boolean): Json | undefined | "same" {
  if (!isObject(wanted.aggregationRule)) return isObject(live.aggregationRule) ? undefined : "same";
  const [selectors, had] = [selectorsOf(wanted), selectorsOf(live)];
  const missing = selectors.filter((one) => !had.some((other) => sameJson(one, other)));
  const extra = had.filter((one) => !selectors.some((other) => sameJson(one, other)));
  if (missing.length === 0 && (!removeExtra || extra.length === 0)) return "same";
  return removeExtra ? wanted.aggregationRule : { clusterRoleSelectors: [...had, ...missing] };
}

function selectorsOf({ aggregationRule }: JsonObject): readonly Json[] {
  const selectors = isObject(aggregationRule) ? aggregationRule.clusterRoleSelectors : undefined;
  return isList(selectors) ? selectors : [];
}

function bindingReconciliation(wanted: JsonObject, live: JsonObject, removeExtra: boolean): Reconciliation {
  if (!sameJson(wanted.roleRef ?? null, live.roleRef ?? null))
    return { ...result(false, wanted, live, [], []), operation: "recreate" };
  const [subjects, had] = [subjectsOf(wanted), subjectsOf(live)];
  const missing = subjects.filter((one) => !had.some((other) => sameJson(one, other)));
  const extra = had.filter((one) => !subjects.some((other) => sameJson(one, other)));
  const bare = withMetadata(wanted, live);
  let object = bare;
  if (!removeExtra && missing.length > 0) object = { ...bare, subjects: [...had, ...missing] };
  else if (removeExtra && missing.length + extra.length > 0) object = { ...bare, subjects };
  return result(object !== live, object, live, missing.map(subjectText), extra.map(subjectText));
}

function result(
  changed: boolean,
  object: JsonObject,
  live: JsonObject,
  missing: readonly string[],
  extra: readonly string[],
): Reconciliation {
  const protectedByOwner = textsOf(live, "annotations")["rbac.authorization.kubernetes.io/autoupdate"] === "false";
  return { operation: changed ? "update" : "none", object, protectedByOwner, missing, extra };
}

/** The live object with the labels and annotations of the file that it lacks; itself where it lacks none. */
function withMetadata(wanted: JsonObject, live: JsonObject): JsonObject {
  const metadata = isObject(live.metadata) ? live.metadata : {};
  let merged: JsonObject = metadata;
  for (const field of ["labels", "annotations"] as const) {
    const had = textsOf(live, field);
    const all = { ...textsOf(wanted, field), ...had };
    if (Object.keys(all).length > Object.keys(had).length) merged = { ...merged, [field]: all };
  }
  return merged === metadata ? live : { ...live, metadata: merged };
}

function textsOf({ metadata }: JsonObject, field: "labels" | "annotations"): Readonly<Record<string, string>> {
  const value = isObject(metadata) ? metadata[field] : undefined;
  return isObject(value) ? (value as Readonly<Record<string, string>>) : {};
}

function rulesOf({ rules }: JsonObject): readonly PolicyRule[] {
  return isList(rules) ? (rules as unknown as readonly PolicyRule[]) : [];
}

function subjectsOf({ subjects }: JsonObject): readonly JsonObject[] {
  return isList(subjects) ? subjects.filter(isObject) : [];
}

/** A subject as Go's %+v shows it. */
function subjectText({ kind = "", apiGroup = "", name = "", namespace = "" }: JsonObject): string {
  return `{Kind:${kind} APIGroup:${apiGroup} Name:${name} Namespace:${namespace}}`;
}
