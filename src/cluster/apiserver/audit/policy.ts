import { FormatError } from "../../../base/format-error.ts";
import { goQuote } from "../../../base/go-text.ts";
import { parseYaml } from "../../../base/yaml-in/parse-yaml.ts";
import type { Attributes } from "../authorization/authorizer.ts";
import type { UserInfo } from "../define.ts";

const levels = ["None", "Metadata", "Request", "RequestResponse"] as const;
const stages = ["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"] as const;

export type Level = (typeof levels)[number];
export type Stage = (typeof stages)[number];

interface GroupResources {
  readonly group?: string;
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

interface Rule {
  readonly level: Level;
  readonly users?: readonly string[];
  readonly userGroups?: readonly string[];
  readonly verbs?: readonly string[];
  readonly resources?: readonly GroupResources[];
  readonly namespaces?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly omitStages?: readonly Stage[];
  readonly omitManagedFields?: boolean;
}

/** An audit policy (audit.k8s.io/v1): the first rule that fits decides. */
export interface AuditPolicy {
  readonly rules: readonly Rule[];
  readonly omitStages?: readonly Stage[];
  readonly omitManagedFields?: boolean;
}

/** How much of a request is recorded. */
export interface Recorded {
  readonly level: Level;
  readonly omits: ReadonlySet<Stage>;
  readonly omitManagedFields: boolean;
}

/** Reads a policy file (apiserver pkg/audit/policy/reader.go and apis/audit/validation, 1.35). A text says what is wrong. */
export function readPolicy(text: string, path: string): AuditPolicy | string {
  const failed = (why: string) => `loading audit policy file: ${why}: from file ${path}`;
  let value: unknown;
  try {
    value = parseYaml(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return failed(
      `failed decoding: couldn't get version/kind; json parse error: error converting YAML to JSON: ${error.message}`,
    );
  }
  const { apiVersion, kind, ...policy } = (typeof value === "object" && value !== null ? value : {}) as Partial<
    AuditPolicy & { apiVersion: string; kind: string }
  >;
  const said = JSON.stringify(value ?? null);
  if (!kind) return failed(`failed decoding: Object 'Kind' is missing in '${said}'`);
  if (!apiVersion) return failed(`failed decoding: Object 'apiVersion' is missing in '${said}'`);
  if (apiVersion !== "audit.k8s.io/v1" || kind !== "Policy") {
    const where = 'in scheme "k8s.io/apiserver/pkg/audit/scheme.go:30"';
    return failed(
      `failed decoding: no kind ${goQuote(kind)} is registered for version ${goQuote(apiVersion)} ${where}`,
    );
  }
  const rules = policy.rules ?? [];
  const problems = rules.flatMap((rule, index) => ruleProblems(rule, `rules[${index}]`));
  if (problems.length > 0) return failed(problems.length === 1 ? (problems[0] ?? "") : `[${problems.join(", ")}]`);
  return rules.length === 0 ? failed("loaded illegal policy with 0 rules") : { ...policy, rules };
}

function ruleProblems(rule: Rule, path: string): string[] {
  const { level, nonResourceURLs: urls = [], resources = [], omitStages = [], namespaces = [] } = rule;
  const problems: string[] = [];
  const wrong = (at: string, value: unknown, why: string) =>
    problems.push(`${path}.${at}: Invalid value: ${JSON.stringify(value)}: ${why}`);
  if (!level) problems.push(`${path}.level: Required value`);
  else if (!levels.includes(level)) {
    const known = [...levels].sort().map(goQuote).join(", ");
    problems.push(`${path}.level: Unsupported value: ${goQuote(String(level))}: supported values: ${known}`);
  }
  for (const [index, url] of urls.entries()) {
    if (url === "*") continue;
    const at = `nonResourceURLs[${index}]`;
    if (!url.startsWith("/")) wrong(at, url, "non-resource URL rules must begin with a '/' character");
    if (url.slice(0, -1).includes("*"))
      wrong(at, url, "non-resource URL wildcards '*' must be the final character of the rule");
  }
  for (const { group = "", resources: names = [], resourceNames = [] } of resources) {
    if (group !== "" && !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(group))
      wrong(
        "resources.group",
        group,
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      );
    if (resourceNames.length > 0 && names.length === 0)
      wrong("resources.resourceNames", resourceNames, "using resourceNames requires at least one resource");
  }
  for (const [index, stage] of omitStages.entries())
    if (!stages.includes(stage)) wrong(`omitStages[${index}]`, stage, `allowed stages are ${stages.join(",")}`);
  if (urls.length > 0 && (resources.length > 0 || namespaces.length > 0))
    wrong("nonResourceURLs", urls, "rules cannot apply to both regular resources and non-resource URLs");
  return problems;
}

/** What a policy says of a request (apiserver pkg/audit/policy/checker.go, 1.35). */
export function recordedOf(policy: AuditPolicy, user: UserInfo | undefined, attributes: Attributes): Recorded {
  const rule = policy.rules.find((one) => fits(one, user, attributes));
  return {
    level: rule?.level ?? "None",
    omits: new Set([...(policy.omitStages ?? []), ...(rule?.omitStages ?? [])]),
    omitManagedFields: rule?.omitManagedFields ?? policy.omitManagedFields ?? false,
  };
}

function fits(rule: Rule, user: UserInfo | undefined, attributes: Attributes): boolean {
  const { users = [], userGroups = [], verbs = [], namespaces = [], resources = [], nonResourceURLs = [] } = rule;
  if (users.length > 0 && !(user && users.includes(user.name))) return false;
  if (userGroups.length > 0 && !user?.groups.some((group) => userGroups.includes(group))) return false;
  if (verbs.length > 0 && !verbs.includes(attributes.verb)) return false;
  if (namespaces.length > 0 || resources.length > 0)
    return "resource" in attributes && fitsResource(namespaces, resources, attributes);
  if (nonResourceURLs.length === 0) return true;
  if (!("path" in attributes)) return false;
  const { path } = attributes;
  return nonResourceURLs.some(
    (url) => url === "*" || url === path || (url.endsWith("*") && path.startsWith(url.replace(/\*+$/, ""))),
  );
}

function fitsResource(
  namespaces: readonly string[],
  resources: readonly GroupResources[],
  asked: Exclude<Attributes, { path: string }>,
): boolean {
  const { namespace = "", group, resource, subresource, name = "" } = asked;
  if (namespaces.length > 0 && !namespaces.includes(namespace)) return false;
  if (resources.length === 0) return true;
  const full = subresource ? `${resource}/${subresource}` : resource;
  return resources.some((one) => {
    if ((one.group ?? "") !== group) return false;
    if (!one.resources?.length) return true;
    if (one.resourceNames?.length && !one.resourceNames.includes(name)) return false;
    return one.resources.some(
      (said) =>
        said === full || said === "*" || (subresource && said === `*/${subresource}`) || said === `${resource}/*`,
    );
  });
}
