import type { PolicyRule } from "../../../kinds/types/core.ts";
import type { Store } from "../../store/define.ts";
import type { UserInfo } from "../define.ts";
import { AttributeAuthorizer, type AttributePolicy } from "./attribute-policies.ts";
import type { Attributes, Authorizer, Decision } from "./authorizer.ts";
import { dependsOnPods, NodeAuthorizer } from "./node.ts";
import { Rbac } from "./rbac.ts";

const everything: Decision = { allowed: true, reason: "", holds: "any name" };
const denied: Authorizer = { revision: 0, decide: () => ({ allowed: false, reason: "Everything is forbidden." }) };
const all: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

/** The authorizers of --authorization-mode, asked in their order; who is in system:masters may do everything. */
export class Modes implements Authorizer {
  readonly rbac: Rbac;
  private readonly authorizers: readonly Authorizer[];
  private readonly decisions = new WeakMap<UserInfo, { revision: number; known: Map<string, Decision> }>();
  private always: boolean | undefined;

  constructor(store: Store, names: readonly string[], policies: readonly AttributePolicy[] = []) {
    this.rbac = new Rbac(store);
    if (names.includes("AlwaysAllow")) this.always = true;
    this.authorizers = names.flatMap((name): Authorizer[] => {
      if (name === "RBAC") return [this.rbac];
      if (name === "AlwaysDeny") return [denied];
      if (name === "ABAC") return [new AttributeAuthorizer(policies)];
      return name === "Node" ? [new NodeAuthorizer(store)] : [];
    });
  }

  get revision(): number {
    return this.rbac.revision;
  }

  /** All that the authorizers can tell of somebody's rights in a namespace; `fault`: why that is not all. */
  rules(user: UserInfo, namespace: string): { readonly rules: readonly PolicyRule[]; readonly fault?: string } {
    const rules: PolicyRule[] = this.always ? [...all] : [];
    let fault: string | undefined;
    for (const authorizer of this.authorizers) {
      if (authorizer instanceof Rbac) rules.push(...authorizer.rules(user, namespace));
      if (authorizer instanceof AttributeAuthorizer) rules.push(...authorizer.rules(user, namespace));
      if (authorizer instanceof NodeAuthorizer && authorizer.knows(user))
        fault = "node authorizer does not support user rule resolution";
    }
    return fault === undefined ? { rules } : { rules, fault };
  }

  decide(user: UserInfo, attributes: Attributes): Decision {
    if (this.always || user.groups.includes("system:masters")) return everything;
    if ("path" in attributes) return this.remembered(user, `${attributes.verb} ${attributes.path}`, attributes);
    const { verb, group, resource, subresource = "", namespace = "", name } = attributes;
    const key = `${verb} ${group}/${resource}/${subresource} ${namespace}`;
    // Kubelets' rights depend on the name, and some on their pods: those are not remembered.
    if (user.groups.includes("system:nodes"))
      return dependsOnPods(attributes)
        ? this.ask(user, attributes)
        : this.remembered(user, `${key} ${name ?? ""}`, attributes, "this name");
    // Who may do it to any name may do it to each; so names are only asked for where that is not so.
    const asked = name === undefined ? attributes : { verb, group, resource, subresource, namespace, name: undefined };
    const unnamed = this.remembered(user, key, asked, "any name");
    if (unnamed.allowed || name === undefined) return unnamed;
    const { allowed, reason } = this.ask(user, attributes);
    return { allowed, reason, holds: "this name" };
  }

  private remembered(user: UserInfo, key: string, attributes: Attributes, holds?: Decision["holds"]): Decision {
    let memory = this.decisions.get(user);
    if (memory?.revision !== this.revision) {
      memory = { revision: this.revision, known: new Map() };
      this.decisions.set(user, memory);
    }
    let decision = memory.known.get(key);
    if (!decision) {
      const { allowed, reason } = this.ask(user, attributes);
      decision = allowed && holds ? { allowed, holds, reason } : { allowed, reason };
      memory.known.set(key, decision);
    }
    return decision;
  }

  private ask(user: UserInfo, attributes: Attributes): Decision {
    const reasons: string[] = [];
    for (const authorizer of this.authorizers) {
      const decision = authorizer.decide(user, attributes);
      if (decision.allowed) return decision;
      if (decision.reason) reasons.push(decision.reason);
    }
    // The union authorizer puts every reason on a line of its own.
    return { allowed: false, reason: reasons.join("\n") };
  }
}
