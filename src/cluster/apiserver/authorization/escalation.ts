import { compareText, goQuote } from "../../../base/go-text.ts";
import type { Kind } from "../../../kinds/define.ts";
import type { PolicyRule, Role, RoleBinding } from "../../../kinds/types/core.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Context } from "../context.ts";
import { forbidden, notFound } from "../errors.ts";
import type { Writing } from "../registry/writing.ts";
import { Modes } from "./modes.ts";
import { isHeld, singles } from "./rules.ts";

const group = "rbac.authorization.k8s.io";
const everything: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

/**
 * Nobody may grant by a role or a binding what they do not have, unless they may "escalate" or "bind"
 * (kubernetes pkg/registry/rbac policybased storage, 1.35). Throws Forbidden.
 */
export function checkEscalation(
  context: Context,
  { attributes }: Writing,
  kind: Kind,
  object: KubeObject,
  old: KubeObject | undefined,
): void {
  if (kind.group !== group || attributes.user.groups.includes("system:masters")) return;
  const { name, namespace } = object.metadata;
  const { authorizer } = context;
  const may = (verb: string, resource: string, what: string) =>
    authorizer.decide(attributes.user, { verb, group, resource, name: what, namespace }).allowed;
  if (kind.plural === "roles" || kind.plural === "clusterroles") {
    const { rules, aggregationRule } = object as Role;
    if (old && old.rules === rules && old.aggregationRule === aggregationRule) return;
    if (may("escalate", kind.plural, name)) return;
    if (aggregationRule && !covers(context, attributes.user, undefined, everything)) {
      throw forbidden(kind, name, "must have cluster-admin privileges to use the aggregationRule");
    }
    confirm(context, attributes.user, kind, name, namespace, rules ?? []);
  }
  if (kind.plural === "rolebindings" || kind.plural === "clusterrolebindings") {
    const { roleRef } = object as RoleBinding;
    if (old && old.roleRef === roleRef && old.subjects === object.subjects) return;
    const resource = roleRef.kind === "Role" ? "roles" : "clusterroles";
    if (may("bind", resource, roleRef.name)) return;
    const role = context.storage.store.get(
      `${resource}.${group}`,
      resource === "roles" ? namespace : undefined,
      roleRef.name,
    );
    if (!role) throw notFound({ group, plural: resource }, roleRef.name);
    confirm(context, attributes.user, kind, name, namespace, (role as Role).rules ?? []);
  }
}

type User = Writing["attributes"]["user"];

function confirm(
  context: Context,
  user: User,
  kind: Kind,
  name: string,
  namespace: string | undefined,
  wanted: readonly PolicyRule[],
): void {
  const missing = missingOf(context, user, namespace, wanted);
  if (missing.length === 0) return;
  const list = [...new Set(compacted(missing).map(ruleText))].sort(compareText);
  const who = `user ${goQuote(user.name)} (groups=${quoted(user.groups)})`;
  throw forbidden(kind, name, `${who} is attempting to grant RBAC permissions not currently held:\n${list.join("\n")}`);
}

function covers(context: Context, user: User, namespace: string | undefined, wanted: readonly PolicyRule[]): boolean {
  return missingOf(context, user, namespace, wanted).length === 0;
}

/** The single permissions among `wanted` that the user does not have. */
function missingOf(
  { authorizer }: Context,
  user: User,
  namespace: string | undefined,
  wanted: readonly PolicyRule[],
): PolicyRule[] {
  const held = authorizer instanceof Modes ? authorizer.rbac.rules(user, namespace) : [];
  return wanted.flatMap(singles).filter((single) => !isHeld(held, single));
}

/** Single permissions on the same thing as one rule with all the verbs. */
function compacted(missing: readonly PolicyRule[]): PolicyRule[] {
  const byThing = new Map<string, PolicyRule>();
  for (const { verbs, ...thing } of missing) {
    const key = JSON.stringify(thing);
    const known = byThing.get(key);
    if (known) known.verbs.push(...verbs);
    else byThing.set(key, { ...thing, verbs: [...verbs] });
  }
  return [...byThing.values()];
}

function ruleText({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const parts: string[] = [];
  const add = (name: string, list: readonly string[] | undefined) => {
    if (list?.length) parts.push(`${name}:${quoted(list)}`);
  };
  add("APIGroups", apiGroups);
  add("Resources", resources);
  add("NonResourceURLs", nonResourceURLs);
  add("ResourceNames", resourceNames);
  add("Verbs", verbs);
  return `{${parts.join(", ")}}`;
}

function quoted(list: readonly string[]): string {
  return `[${list.map(goQuote).join(" ")}]`;
}
