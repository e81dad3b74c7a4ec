import { FormatError } from "../../../../base/format-error.ts";
import { guestRegex } from "../../../../base/regex.ts";
import { type Backend, type BackendSources, backendOf } from "./backends.ts";
import { routePartlyInvalid, routeUnresolved, routeUnsupported } from "./conditions.ts";
import type { Condition, Filter, Route, RouteMatch, RouteRule } from "./types.ts";

/** A rule of a route, ready to be served. */
export interface ServedRule {
  readonly matches: readonly RouteMatch[];
  readonly filters: readonly Filter[];
  /** A filter could not be resolved: the requests are answered with 500. */
  readonly broken: boolean;
  readonly backends: readonly Backend[];
  /** Where copies of the requests go, and the share of them, of 1. */
  readonly mirrors: readonly { readonly backend: Backend; readonly share: number }[];
}

/** The rules of a route that can be served, and what is said of those that cannot. */
export function rulesOf(
  route: Route,
  sources: BackendSources,
): { readonly rules: readonly ServedRule[]; readonly conditions: readonly Condition[] } {
  const conditions: Condition[] = [];
  const faults: string[] = [];
  const all = route.spec.rules ?? [];
  const rules = all.flatMap((rule, at) => {
    const wrong = matchFaults(rule, `spec.rules[${at}]`);
    if (wrong.length === 0) return [served(route, rule, `spec.rules[${at}]`, sources, conditions)];
    faults.push(...wrong);
    return [];
  });
  const said = faults.length > 1 ? `[${faults.join(", ")}]` : (faults[0] ?? "");
  if (faults.length > 0)
    conditions.push(rules.length === 0 ? routeUnsupported(`All rules are invalid: ${said}`) : routePartlyInvalid(said));
  return { rules, conditions };
}

function served(
  route: Route,
  rule: RouteRule,
  path: string,
  sources: BackendSources,
  conditions: Condition[],
): ServedRule {
  const resolve = (reference: NonNullable<RouteRule["backendRefs"]>[number], where: string): Backend => {
    const { backend, condition } = backendOf(route, reference, where, sources);
    if (condition) conditions.push(condition);
    return backend;
  };
  const mirrors = (rule.filters ?? []).flatMap(({ requestMirror }, at) => {
    if (!requestMirror) return [];
    const { backendRef, percent, fraction } = requestMirror;
    const share = fraction ? fraction.numerator / (fraction.denominator ?? 100) : (percent ?? 100) / 100;
    return [{ backend: resolve(backendRef, `${path}.filters[${at}].backendRef`), share }];
  });
  let broken = false;
  (rule.filters ?? []).forEach(({ extensionRef }, at) => {
    if (!extensionRef) return;
    broken = true;
    const { group, kind, name } = extensionRef;
    const value = JSON.stringify({ group, kind, name });
    conditions.push(routeUnresolved("InvalidFilter", `${path}.filters[${at}].extensionRef: Not found: ${value}`));
  });
  return {
    matches: rule.matches?.length ? rule.matches : [{}],
    filters: rule.filters ?? [],
    broken,
    backends: (rule.backendRefs ?? []).map((reference, at) => resolve(reference, `${path}.backendRefs[${at}]`)),
    mirrors,
  };
}

/** Patterns that cannot be compiled. */
function matchFaults({ matches = [] }: RouteRule, path: string): string[] {
  const faults: string[] = [];
  const look = (where: string, type: string | undefined, pattern: string | undefined) => {
    if (type !== "RegularExpression" || pattern === undefined) return;
    try {
      guestRegex(pattern);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      faults.push(`${where}: Invalid value: ${JSON.stringify(pattern)}: ${error.message}`);
    }
  };
  matches.forEach((match, at) => {
    const where = `${path}.matches[${at}]`;
    look(`${where}.path.value`, match.path?.type, match.path?.value);
    for (const [i, { type, value }] of (match.headers ?? []).entries())
      look(`${where}.headers[${i}].value`, type, value);
    for (const [i, { type, value }] of (match.queryParams ?? []).entries())
      look(`${where}.queryParams[${i}].value`, type, value);
  });
  return faults;
}
