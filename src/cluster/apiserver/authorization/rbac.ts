import { goQuote } from "../../../base/go-text.ts";
import type { PolicyRule, Role, RoleBinding } from "../../../kinds/types/core.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Store } from "../../store/define.ts";
import type { UserInfo } from "../define.ts";
import type { Attributes, Authorizer, Decision } from "./authorizer.ts";
import { rulesAllow } from "./rules.ts";

const group = "rbac.authorization.k8s.io";
const ROLES = `roles.${group}`;
const CLUSTER_ROLES = `clusterroles.${group}`;
const bindings = [`clusterrolebindings.${group}`, `rolebindings.${group}`];
const watched = [ROLES, CLUSTER_ROLES, ...bindings];

interface Bound {
  readonly binding: RoleBinding;
  readonly subject: { readonly kind: string; readonly name: string; readonly namespace?: string };
}

/** Role bindings by who they are for: "User jane", "Group devs". Of the cluster under "", else by namespace. */
type Index = Map<string, Map<string, Bound[]>>;

/**
 * Role-based access control: whoever is bound to a role that has a rule for it may do it. The bindings are indexed by
 * their subjects, anew when one of the four kinds changes.
 */
export class Rbac implements Authorizer {
  revision = 0;
  private readonly store: Store;
  private index: Index | undefined;
  /** The bindings for those who asked since the index was made, by namespace. */
  private bound = new WeakMap<UserInfo, Map<string, readonly Bound[]>>();

  constructor(store: Store) {
    this.store = store;
    for (const resource of watched) {
      store.watch(resource, undefined, () => {
        this.revision++;
        this.index = undefined;
      });
    }
  }

  decide(user: UserInfo, attributes: Attributes): Decision {
    if (user.groups.includes("system:masters")) return { allowed: true, reason: "" };
    const errors: string[] = [];
    for (const bound of this.bindingsOf(user, "namespace" in attributes ? attributes.namespace : undefined)) {
      const rules = this.rulesOf(bound.binding, errors);
      if (rulesAllow(rules, attributes)) return { allowed: true, reason: `RBAC: allowed by ${described(bound)}` };
    }
    if (errors.length === 0) return { allowed: false, reason: "" };
    const unique = [...new Set(errors)];
    return { allowed: false, reason: `RBAC: ${unique.length === 1 ? unique[0] : `[${unique.join(", ")}]`}` };
  }

  /** All rules that hold for someone in a namespace. */
  rules(user: UserInfo, namespace: string | undefined): PolicyRule[] {
    return this.bindingsOf(user, namespace).flatMap(({ binding }) => this.rulesOf(binding, []) ?? []);
  }

  /** The rules of the role that a binding names. */
  rulesOf({ roleRef, metadata }: RoleBinding, errors: string[]): readonly PolicyRule[] | undefined {
    const namespace = roleRef.kind === "Role" ? metadata.namespace : undefined;
    const resource = roleRef.kind === "Role" ? ROLES : CLUSTER_ROLES;
    const role = this.store.get(resource, namespace, roleRef.name) as Role | undefined;
    if (!role) errors.push(`${roleRef.kind.toLowerCase()}.${group} ${goQuote(roleRef.name)} not found`);
    return role?.rules;
  }

  private bindingsOf(user: UserInfo, namespace = ""): readonly Bound[] {
    if (!this.index) {
      this.index = this.indexed();
      this.bound = new WeakMap();
    }
    const known = this.bound.get(user) ?? new Map<string, readonly Bound[]>();
    this.bound.set(user, known);
    let bound = known.get(namespace);
    if (!bound) {
      bound = this.boundIn(this.index, user, namespace);
      known.set(namespace, bound);
    }
    return bound;
  }

  private boundIn(all: Index, user: UserInfo, namespace: string): readonly Bound[] {
    const found: Bound[] = [];
    for (const scope of namespace ? ["", namespace] : [""]) {
      const bySubject = all.get(scope);
      if (!bySubject) continue;
      const forUser = bySubject.get(`User ${user.name}`);
      if (forUser) found.push(...forUser);
      for (const group of user.groups) {
        const forGroup = bySubject.get(`Group ${group}`);
        if (forGroup) found.push(...forGroup);
      }
    }
    return found;
  }

  private indexed(): Index {
    const index: Index = new Map();
    for (const resource of bindings) for (const binding of this.store.list(resource)) addTo(index, binding);
    return index;
  }
}

function addTo(index: Index, object: KubeObject): void {
  const binding = object as RoleBinding;
  const scope = binding.metadata.namespace ?? "";
  let bySubject = index.get(scope);
  if (!bySubject) {
    bySubject = new Map();
    index.set(scope, bySubject);
  }
  for (const subject of binding.subjects ?? []) {
    // An account without a namespace is the one in the binding's own (appliesToUser, 1.35).
    const namespace = subject.namespace || scope;
    const key =
      subject.kind === "ServiceAccount"
        ? `User system:serviceaccount:${namespace}:${subject.name}`
        : `${subject.kind} ${subject.name}`;
    const list = bySubject.get(key);
    if (list) list.push({ binding, subject });
    else bySubject.set(key, [{ binding, subject }]);
  }
}

/** RoleBinding "view/default" of ClusterRole "view" to User "jane" (plugin/pkg/auth/authorizer/rbac, 1.35). */
function described({ binding, subject }: Bound): string {
  const { name, namespace } = binding.metadata;
  const kind = namespace ? "RoleBinding" : "ClusterRoleBinding";
  const of = `${binding.roleRef.kind} ${goQuote(binding.roleRef.name)}`;
  const to = subject.kind === "ServiceAccount" ? `${subject.name}/${subject.namespace ?? ""}` : subject.name;
  return `${kind} ${goQuote(namespace ? `${name}/${namespace}` : name)} of ${of} to ${subject.kind} ${goQuote(to)}`;
}
