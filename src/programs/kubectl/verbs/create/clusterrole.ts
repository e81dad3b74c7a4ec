import type { JsonObject } from "../../../../base/json.ts";
import type { Verb } from "../../define.ts";
import { csvFlag, pairsFlag } from "../../flag-types.ts";
import { createGenerated, generatorFlags, nameProblem } from "../../generator.ts";
import { policyRules, resourceNamesOf, ruleFlags, verbsOf, wantedResources, warnOfVerbs } from "../../policy-rules.ts";
import { rbacGroup } from "../../subjects.ts";

const flags = {
  ...generatorFlags,
  ...ruleFlags,
  "aggregation-rule": pairsFlag("Labels of the cluster roles that this one takes together."),
  "non-resource-url": csvFlag("A path of the API server that the rule is about, e.g. /healthz."),
};

const urlVerbs = new Set("get put post head options delete patch *".split(" "));

/** Makes a cluster role. */
export const clusterrole: Verb<typeof flags> = {
  path: ["create", "clusterrole"],
  usage:
    "create clusterrole NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]",
  short: "Create a cluster role",
  examples: [
    "kubectl create clusterrole pod-reader --verb=get,list,watch --resource=pods",
    "kubectl create clusterrole foo --verb=get,list,watch --resource=rs.apps",
    'kubectl create clusterrole "foo" --verb=get --non-resource-url=/logs/*',
    'kubectl create clusterrole monitoring --aggregation-rule="rbac.example.com/aggregate-to-monitoring=true"',
  ],
  flags,
  config: "whole",
  check({ args, dash, flags: values }) {
    const { verb, resource, "resource-name": names, "non-resource-url": urls } = values;
    const wrong = nameProblem(args, dash);
    if (wrong) return wrong;
    const lists = [verb, resource, names, urls];
    if (Object.keys(values["aggregation-rule"]).length > 0)
      return lists.some((list) => list.length > 0)
        ? "aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames"
        : undefined;
    if (verb.length === 0) return "at least one verb must be specified";
    if (resource.length === 0 && urls.length === 0) return "one of resource or nonResourceURL must be specified";
    return urls.length > 0 ? urlProblem(verbsOf(verb), urls) : undefined;
  },
  *run(context, { args: [name = ""], flags: values }) {
    const { verb, resource, "resource-name": names, "non-resource-url": nonResourceURLs } = values;
    const object: Record<string, JsonObject | string | readonly JsonObject[]> = {
      apiVersion: `${rbacGroup}/v1`,
      kind: "ClusterRole",
      metadata: { name },
    };
    if (Object.keys(values["aggregation-rule"]).length > 0) {
      object.aggregationRule = { clusterRoleSelectors: [{ matchLabels: values["aggregation-rule"] }] };
    } else {
      const verbs = verbsOf(verb);
      if (resource.length > 0) warnOfVerbs(context, verbs);
      const rules = yield* policyRules(context, verbs, wantedResources(resource), resourceNamesOf(names));
      object.rules = nonResourceURLs.length > 0 ? [...rules, { verbs, nonResourceURLs }] : rules;
    }
    yield* createGenerated(context, values, { object, plural: "clusterroles", namespaced: false });
  },
};

function urlProblem(verbs: readonly string[], urls: readonly string[]): string | undefined {
  const verb = verbs.find((one) => !urlVerbs.has(one));
  if (verb !== undefined) return `invalid verb: '${verb}' for nonResourceURL`;
  for (const url of urls) {
    if (url === "*") continue;
    if (!url.startsWith("/")) return "nonResourceURL should start with /";
    if (url.slice(0, -1).includes("*")) return "nonResourceURL only supports wildcard matches when '*' is at the end";
  }
  return undefined;
}
