import type { JsonObject } from "../../base/json.ts";
import { compareText } from "../../base/json.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { CommandFault, PlainFault } from "./faults.ts";
import { csvFlag, listFlag } from "./flag-types.ts";
import { rbacGroup } from "./subjects.ts";

/** --verb, --resource, --resource-name */
export const ruleFlags = {
  resource: csvFlag("A resource that the rule is about: pods, deployments.apps, pods/log."),
  "resource-name": listFlag("The name of an object that the rule is about; may be repeated."),
  verb: csvFlag("A verb that the rule allows."),
};

interface Wanted {
  readonly resource: string;
  readonly group: string;
  readonly subresource: string;
}

const standardVerbs = new Set(
  "get delete list create update patch watch proxy deletecollection use bind escalate impersonate *".split(" "),
);

const accounts = ["users", "serviceaccounts", "groups"].map((resource) => ({ resource, group: "" }));
const roles = ["roles", "clusterroles"].map((resource) => ({ resource, group: rbacGroup }));

/** Verbs that only some resources have, even ones that no server lists (create_role.go specialVerbs, 1.33). */
const specialVerbs: Readonly<Record<string, readonly { readonly resource: string; readonly group: string }[]>> = {
  use: ["policy", "extensions"].map((group) => ({ resource: "podsecuritypolicies", group })),
  bind: roles,
  escalate: roles,
  impersonate: [...accounts, { resource: "userextras", group: "authentication.k8s.io" }],
};

/** The verbs of --verb, each once; `*` stands for all. */
export function verbsOf(given: readonly string[]): readonly string[] {
  return given.includes("*") ? ["*"] : [...new Set(given)];
}

/** The names of --resource-name, each once. */
export function resourceNamesOf(given: readonly string[]): readonly string[] {
  return [...new Set(given)].filter((name) => name !== "");
}

/** The resources of --resource as they were written. */
export function wantedResources(given: readonly string[]): readonly Wanted[] {
  const wanted: Wanted[] = [];
  for (const text of given) {
    const slash = text.indexOf("/");
    const name = slash < 0 ? text : text.slice(0, slash);
    const dot = name.indexOf(".");
    const one = {
      resource: dot < 0 ? name : name.slice(0, dot),
      group: dot < 0 ? "" : name.slice(dot + 1),
      subresource: slash < 0 ? "" : text.slice(slash + 1),
    };
    if (text === "*") return [one];
    wanted.push(one);
  }
  return wanted;
}

/** What is said of a verb that Kubernetes' own resources do not have. */
export function warnOfVerbs(context: Context, verbs: readonly string[]): void {
  for (const verb of verbs)
    if (!standardVerbs.has(verb)) context.err.line(`Warning: '${verb}' is not a standard resource verb`);
}

/** The rules that a role's flags ask for: one for each API group, the groups in order. */
export function* policyRules(
  context: Context,
  verbs: readonly string[],
  resources: readonly Wanted[],
  names: readonly string[],
): Task<readonly JsonObject[]> {
  const byGroup = new Map<string, string[]>();
  const mapped: { readonly resource: string; readonly group: string; readonly subresource: string }[] = [];
  for (const one of resources) mapped.push(yield* mappedResource(context, verbs, one));
  for (const { resource, group, subresource } of mapped) {
    const list = byGroup.get(group) ?? [];
    const whole = subresource === "" ? resource : `${resource}/${subresource}`;
    if (!list.includes(whole)) list.push(whole);
    byGroup.set(group, list);
  }
  return [...byGroup]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([group, list]) => ({ verbs, apiGroups: [group], resources: list, resourceNames: names }));
}

function* mappedResource(context: Context, verbs: readonly string[], wanted: Wanted): Task<Wanted> {
  const { resource, group } = wanted;
  if (resource === "") throw new CommandFault("resource must be specified if apiGroup/subresource specified");
  if (resource === "*") return wanted;
  const mapper = yield* context.mapper();
  const found = mapper.find(group === "" ? resource : `${resource}.${group}`);
  const mapped = found ? { resource: found.plural, group: found.group } : { resource, group };
  let isKnown = found !== undefined;
  for (const verb of verbs) {
    const special = specialVerbs[verb];
    if (!special) continue;
    if (!special.some((one) => one.resource === mapped.resource && one.group === mapped.group))
      throw new CommandFault(`can not perform '${verb}' on '${mapped.resource}' in group '${mapped.group}'`);
    isKnown = true;
  }
  const inGroup = group === "" ? "" : ` in group ${JSON.stringify(group)}`;
  if (!isKnown) throw new PlainFault(`the server doesn't have a resource type ${JSON.stringify(resource)}${inGroup}`);
  return { ...wanted, ...mapped };
}
