/** A rule of a Role or ClusterRole. */
export interface PolicyRule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** What of `wanted` the rules of `owner` do not allow, one verb of one resource at a time (rbac/validation Covers, 1.33). */
export function uncovered(owner: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  return wanted.flatMap(singleRules).filter((one) => !owner.some((rule) => covers(rule, one)));
}

function singleRules(rule: PolicyRule): readonly PolicyRule[] {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const names = resourceNames.length > 0 ? resourceNames.map((name) => ({ resourceNames: [name] })) : [{}];
  return [
    ...apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) =>
          names.map((name) => ({ verbs: [verb], apiGroups: [group], resources: [resource], ...name })),
        ),
      ),
    ),
    ...nonResourceURLs.flatMap((url) => verbs.map((verb) => ({ verbs: [verb], nonResourceURLs: [url] }))),
  ];
}

function covers(rule: PolicyRule, one: PolicyRule): boolean {
  const has = (own: readonly string[] = [], wanted: readonly string[] = []) =>
    own.includes("*") || wanted.every((word) => own.includes(word));
  const names = rule.resourceNames ?? [];
  const wantedNames = one.resourceNames ?? [];
  const named = names.length === 0 || (wantedNames.length > 0 && wantedNames.every((name) => names.includes(name)));
  return (
    has(rule.verbs, one.verbs) &&
    has(rule.apiGroups, one.apiGroups) &&
    (one.resources ?? []).every((resource) => coversResource(rule.resources ?? [], resource)) &&
    (one.nonResourceURLs ?? []).every((url) => coversUrl(rule.nonResourceURLs ?? [], url)) &&
    named
  );
}

function coversResource(own: readonly string[], wanted: string): boolean {
  const slash = wanted.indexOf("/");
  return own.includes("*") || own.includes(wanted) || (slash >= 0 && own.includes(`*${wanted.slice(slash)}`));
}

function coversUrl(own: readonly string[], wanted: string): boolean {
  return own.some((url) => url === wanted || (url.endsWith("*") && wanted.startsWith(url.slice(0, -1))));
}

/** A rule as Go's %+v shows it. */
export function ruleText(rule: PolicyRule): string {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const list = (words: readonly string[]) => `[${words.join(" ")}]`;
  return `{Verbs:${list(verbs)} APIGroups:${list(apiGroups)} Resources:${list(resources)} ResourceNames:${list(resourceNames)} NonResourceURLs:${list(nonResourceURLs)}}`;
}
