import type { Verb } from "../../define.ts";
import { createGenerated, generatedMetadata, generatorFlags, nameProblem } from "../../generator.ts";
import { policyRules, resourceNamesOf, ruleFlags, verbsOf, wantedResources, warnOfVerbs } from "../../policy-rules.ts";
import { rbacGroup } from "../../subjects.ts";

const flags = { ...generatorFlags, ...ruleFlags };

/** Makes a role with a single rule for each API group. */
export const role: Verb<typeof flags> = {
  path: ["create", "role"],
  usage:
    "create role NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]",
  short: "Create a role with single rule",
  examples: [
    "kubectl create role pod-reader --verb=get --verb=list --verb=watch --resource=pods",
    "kubectl create role foo --verb=get,list,watch --resource=pods,pods/status",
    "kubectl create role foo --verb=get,list,watch --resource=rs.apps",
  ],
  flags,
  config: "whole",
  check({ args, dash, flags: { verb, resource } }) {
    const wrong = nameProblem(args, dash);
    if (wrong) return wrong;
    if (verb.length === 0) return "at least one verb must be specified";
    return resource.length === 0 ? "at least one resource must be specified" : undefined;
  },
  *run(context, { args: [name = ""], flags: { verb, resource, "resource-name": names, ...values } }) {
    const verbs = verbsOf(verb);
    warnOfVerbs(context, verbs);
    const rules = yield* policyRules(context, verbs, wantedResources(resource), resourceNamesOf(names));
    const metadata = generatedMetadata(context, name);
    const object = { apiVersion: `${rbacGroup}/v1`, kind: "Role", metadata, rules };
    yield* createGenerated(context, values, { object, plural: "roles" });
  },
};
