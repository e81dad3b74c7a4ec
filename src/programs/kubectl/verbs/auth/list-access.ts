import { compareText, type JsonObject } from "../../../../base/json.ts";
import type { Task } from "../../../../machine/define.ts";
import type { Context } from "../../context.ts";
import { tableText } from "../../printers/table.ts";

interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** `auth can-i --list`: what the server says one may do, a line for each resource. */
export function* listAccess(context: Context, namespace: string, noHeaders: boolean): Task<number> {
  const review = yield* context.client.object({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
    body: { kind: "SelfSubjectRulesReview", apiVersion: "authorization.k8s.io/v1", metadata: {}, spec: { namespace } },
    contentType: "application/json",
  });
  const status = (review.status ?? {}) as {
    readonly resourceRules?: readonly JsonObject[];
    readonly nonResourceRules?: readonly JsonObject[];
    readonly incomplete?: boolean;
    readonly evaluationError?: string;
  };
  const parts = [
    ...(status.resourceRules ?? []).map(ruleOf).flatMap(resourceParts),
    ...(status.nonResourceRules ?? []).map(ruleOf).flatMap(urlParts),
  ];
  const rows = compacted(parts)
    .map((rule) => ({ rule, text: sortText(rule) }))
    .sort((a, b) => compareText(a.text, b.text))
    .map(({ rule }) => [resourceText(rule), list(rule.nonResourceURLs), list(rule.resourceNames), list(rule.verbs)]);
  const headers = noHeaders ? [] : [["Resources", "Non-Resource URLs", "Resource Names", "Verbs"]];
  context.out.write(tableText([...headers, ...rows]));
  if (status.incomplete)
    context.err.line(
      status.evaluationError
        ? `Warning: the list may be incomplete: ${status.evaluationError}`
        : "Warning: the list may be incomplete",
    );
  return 0;
}

function ruleOf(rule: JsonObject): Rule {
  const words = (field: string) => (rule[field] ?? []) as readonly string[];
  return {
    verbs: words("verbs"),
    apiGroups: words("apiGroups"),
    resources: words("resources"),
    resourceNames: words("resourceNames"),
    nonResourceURLs: words("nonResourceURLs"),
  };
}

/** One rule for each group, resource, verb and name (rbac validation's BreakdownRule). */
function resourceParts(rule: Rule): Rule[] {
  const names = rule.resourceNames.length > 0 ? rule.resourceNames.map((name) => [name]) : [[]];
  return rule.apiGroups.flatMap((group) =>
    rule.resources.flatMap((resource) =>
      rule.verbs.flatMap((verb) =>
        names.map((resourceNames) => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          resourceNames,
          nonResourceURLs: [],
        })),
      ),
    ),
  );
}

function urlParts(rule: Rule): Rule[] {
  return rule.nonResourceURLs.flatMap((url) =>
    rule.verbs.map((verb) => ({
      verbs: [verb],
      apiGroups: [],
      resources: [],
      resourceNames: [],
      nonResourceURLs: [url],
    })),
  );
}

/** Rules for the same resource and name become one with all their verbs (CompactRules). */
function compacted(rules: readonly Rule[]): readonly Rule[] {
  const byResource = new Map<string, Rule & { verbs: string[] }>();
  const others: Rule[] = [];
  for (const rule of rules) {
    if (rule.resources.length === 0) {
      others.push(rule);
      continue;
    }
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames]);
    const known = byResource.get(key);
    if (!known) byResource.set(key, { ...rule, verbs: [...rule.verbs] });
    else for (const verb of rule.verbs) if (!known.verbs.includes(verb)) known.verbs.push(verb);
  }
  return [...others, ...byResource.values()];
}

/** The rule as Go prints it, by which kubectl sorts. */
function sortText({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: Rule): string {
  return `Verbs:${list(verbs)},APIGroups:${list(apiGroups)},Resources:${list(resources)},ResourceNames:${list(resourceNames)},NonResourceURLs:${list(nonResourceURLs)},`;
}

function list(words: readonly string[]): string {
  return `[${words.join(" ")}]`;
}

function resourceText({ resources: [resource = ""], apiGroups: [group = ""] }: Rule): string {
  if (resource === "") return "";
  const slash = resource.indexOf("/");
  const [plural, sub] = slash < 0 ? [resource, ""] : [resource.slice(0, slash), resource.slice(slash)];
  return `${plural}${group === "" ? "" : `.${group}`}${sub}`;
}
