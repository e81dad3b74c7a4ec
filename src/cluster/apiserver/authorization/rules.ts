import type { PolicyRule } from "../../../kinds/types/core.ts";
import type { Attributes } from "./authorizer.ts";

/** Whether one of the rules allows it (kubernetes pkg/apis/rbac/v1/evaluation_helpers.go, 1.35). */
export function rulesAllow(rules: readonly PolicyRule[] | undefined, attributes: Attributes): boolean {
  return rules?.some((rule) => ruleAllows(rule, attributes)) ?? false;
}

function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false;
  if ("path" in attributes) return rule.nonResourceURLs?.some((url) => pathMatches(url, attributes.path)) ?? false;
  const { group, resource, subresource, name } = attributes;
  if (!has(rule.apiGroups, group) || !resourceMatches(rule.resources, resource, subresource)) return false;
  return !rule.resourceNames?.length || (name !== undefined && rule.resourceNames.includes(name));
}

function has(list: readonly string[] | undefined, item: string): boolean {
  return list !== undefined && (list.includes("*") || list.includes(item));
}

function resourceMatches(
  list: readonly string[] | undefined,
  resource: string,
  subresource: string | undefined,
): boolean {
  if (!list) return false;
  if (list.includes("*")) return true;
  if (!subresource) return list.includes(resource);
  return list.includes(`${resource}/${subresource}`) || list.includes(`*/${subresource}`);
}

function pathMatches(rule: string, path: string): boolean {
  if (rule === "*" || rule === path) return true;
  return rule.endsWith("*") && path.startsWith(rule.replace(/\*+$/, ""));
}

/** Whether the rules give all that a rule gives. */
export function rulesCover(held: readonly PolicyRule[], rule: PolicyRule): boolean {
  return singles(rule).every((single) => isHeld(held, single));
}

/** A rule taken apart: one verb, group, resource and name each. */
export function singles({
  verbs,
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
}: PolicyRule) {
  const all: PolicyRule[] = [];
  for (const verb of verbs) {
    for (const url of nonResourceURLs) all.push({ verbs: [verb], nonResourceURLs: [url] });
    for (const apiGroup of apiGroups) {
      for (const resource of resources) {
        const rule = { verbs: [verb], apiGroups: [apiGroup], resources: [resource] };
        if (resourceNames.length === 0) all.push(rule);
        for (const name of resourceNames) all.push({ ...rule, resourceNames: [name] });
      }
    }
  }
  return all;
}

/** Whether the rules give a single permission. */
export function isHeld(held: readonly PolicyRule[], single: PolicyRule): boolean {
  const verb = single.verbs[0] ?? "";
  const url = single.nonResourceURLs?.[0];
  if (url !== undefined) return rulesAllow(held, { verb, path: url });
  const [resource = "", subresource] = (single.resources?.[0] ?? "").split("/", 2);
  return rulesAllow(held, {
    verb,
    group: single.apiGroups?.[0] ?? "",
    resource,
    subresource,
    name: single.resourceNames?.[0],
  });
}
