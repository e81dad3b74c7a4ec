import { FormatError } from "../../../base/format-error.ts";
import { parseYaml } from "../../../base/yaml-in/parse-yaml.ts";
import type { UserInfo } from "../define.ts";
import type { Attributes, Authorizer, Decision } from "./authorizer.ts";

/** What a line of a policy file allows (abac.authorization.kubernetes.io/v1beta1). */
export interface AttributePolicy {
  readonly user?: string;
  readonly group?: string;
  readonly readonly?: boolean;
  readonly apiGroup?: string;
  readonly resource?: string;
  readonly namespace?: string;
  readonly nonResourcePath?: string;
}

const GROUP = "abac.authorization.kubernetes.io/v1beta1";
const reading = new Set(["get", "list", "watch"]);

/** Reads --authorization-policy-file: one JSON object a line (pkg/auth/authorizer/abac/abac.go, 1.35). A text says what is wrong. */
export function readPolicies(text: string, path: string): readonly AttributePolicy[] | string {
  const policies: AttributePolicy[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const failed = (why: string) => `error reading policy file ${path}, line ${index + 1}: ${line}: ${why}`;
    try {
      const value = parseYaml(trimmed) as { apiVersion?: string; kind?: string; spec?: AttributePolicy } | null;
      if (typeof value !== "object" || value === null) return failed("couldn't get version/kind; json parse error");
      const versioned = value.apiVersion === GROUP && value.kind === "Policy";
      policies.push(versioned ? (value.spec ?? {}) : (value as AttributePolicy));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return failed(error.message);
    }
  }
  return policies;
}

/** Attribute-based access control: whatever one of the policies allows. */
export class AttributeAuthorizer implements Authorizer {
  readonly revision = 0;
  private readonly policies: readonly AttributePolicy[];

  constructor(policies: readonly AttributePolicy[]) {
    this.policies = policies;
  }

  decide(user: UserInfo, attributes: Attributes): Decision {
    const allowed = this.policies.some((policy) => isFor(policy, user) && allows(policy, attributes));
    return { allowed, reason: allowed ? "" : "No policy matched." };
  }

  /** What the policies for a user allow in a namespace, as rules. */
  rules(user: UserInfo, namespace: string) {
    const mine = this.policies.filter(
      (policy) => isFor(policy, user) && (policy.namespace === "*" || (policy.namespace ?? "") === namespace),
    );
    const verbsOf = (policy: AttributePolicy) => (policy.readonly ? [...reading] : ["*"]);
    return mine.flatMap((policy) => [
      ...(policy.resource
        ? [{ verbs: verbsOf(policy), apiGroups: [policy.apiGroup ?? ""], resources: [policy.resource] }]
        : []),
      ...(policy.nonResourcePath ? [{ verbs: verbsOf(policy), nonResourceURLs: [policy.nonResourcePath] }] : []),
    ]);
  }
}

function isFor({ user, group }: AttributePolicy, { name, groups }: UserInfo): boolean {
  if (!user && !group) return false;
  if (user && user !== "*" && user !== name) return false;
  return !group || group === "*" || groups.includes(group);
}

function allows(policy: AttributePolicy, attributes: Attributes): boolean {
  if (policy.readonly && !reading.has(attributes.verb)) return false;
  const fits = (said: string | undefined, asked: string) => said === "*" || (said ?? "") === asked;
  if ("path" in attributes) {
    const { nonResourcePath: path = "" } = policy;
    return fits(path, attributes.path) || (path.endsWith("*") && attributes.path.startsWith(path.replace(/\*+$/, "")));
  }
  const { group, resource, namespace = "" } = attributes;
  return fits(policy.namespace, namespace) && fits(policy.resource, resource) && fits(policy.apiGroup, group);
}
