import type { Environment } from "@marcbachmann/cel-js";

/** A question of an expression about rights: about a path, or about a resource. */
export interface CelQuestion {
  readonly user?: { readonly namespace: string; readonly name: string };
  readonly path?: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Answers whether somebody may do something, and why. */
export type CelDecide = (verb: string, question: CelQuestion) => { readonly allowed: boolean; readonly reason: string };

const nothing: CelQuestion = { group: "", resource: "", subresource: "", namespace: "", name: "" };

class Step {
  readonly decide: CelDecide;
  readonly question: CelQuestion;

  constructor(decide: CelDecide, question: CelQuestion) {
    this.decide = decide;
    this.question = question;
  }
}

class CelPathCheck extends Step {}
class CelGroupCheck extends Step {}
class CelResourceCheck extends Step {}

class CelAuthorizer extends Step {
  /** About the resource of the request at hand. */
  readonly requestResource: CelResourceCheck;

  constructor(decide: CelDecide, question: CelQuestion, asked: CelQuestion) {
    super(decide, question);
    this.requestResource = new CelResourceCheck(decide, asked);
  }
}

class CelDecision {
  readonly allowed: boolean;
  readonly reason: string;

  constructor({ allowed, reason }: ReturnType<CelDecide>) {
    this.allowed = allowed;
    this.reason = reason;
  }
}

/**
 * The variable `authorizer`: what the one who asks may do (apiserver pkg/cel/library/authz.go, 1.35). `asked`: the
 * resource of the request at hand.
 */
export function celAuthorizer(decide: CelDecide, asked: Partial<CelQuestion>): unknown {
  return new CelAuthorizer(decide, nothing, { ...nothing, ...asked });
}

/** Adds the functions about rights. */
export function authorizerFunctions(env: Environment): void {
  env.registerType("kubernetes.authorization.PathCheck", CelPathCheck);
  env.registerType("kubernetes.authorization.GroupCheck", CelGroupCheck);
  env.registerType("kubernetes.authorization.ResourceCheck", CelResourceCheck);
  env.registerType("kubernetes.authorization.Decision", CelDecision);
  env.registerType("kubernetes.authorization.Authorizer", {
    ctor: CelAuthorizer,
    fields: { requestResource: "kubernetes.authorization.ResourceCheck" },
  });
  const type = (name: string) => `kubernetes.authorization.${name}`;
  const check = (step: Step, verb: string) => new CelDecision(step.decide(verb, step.question));
  const narrowed = (field: keyof CelQuestion) => (step: CelResourceCheck, text: string) =>
    new CelResourceCheck(step.decide, { ...step.question, [field]: text });
  env
    .registerFunction(`${type("Authorizer")}.path(string): ${type("PathCheck")}`, (by: CelAuthorizer, path: string) =>
      path === "" ? new CelPathCheck(by.decide, by.question) : new CelPathCheck(by.decide, { ...by.question, path }),
    )
    .registerFunction(`${type("PathCheck")}.check(string): ${type("Decision")}`, check)
    .registerFunction(
      `${type("Authorizer")}.group(string): ${type("GroupCheck")}`,
      (by: CelAuthorizer, group: string) => new CelGroupCheck(by.decide, { ...by.question, group }),
    )
    .registerFunction(
      `${type("Authorizer")}.serviceAccount(string, string): ${type("Authorizer")}`,
      (by: CelAuthorizer, namespace: string, name: string) =>
        new CelAuthorizer(by.decide, { ...by.question, user: { namespace, name } }, by.requestResource.question),
    )
    .registerFunction(
      `${type("GroupCheck")}.resource(string): ${type("ResourceCheck")}`,
      (by: CelGroupCheck, resource: string) => new CelResourceCheck(by.decide, { ...by.question, resource }),
    )
    .registerFunction(`${type("ResourceCheck")}.subresource(string): ${type("ResourceCheck")}`, narrowed("subresource"))
    .registerFunction(`${type("ResourceCheck")}.namespace(string): ${type("ResourceCheck")}`, narrowed("namespace"))
    .registerFunction(`${type("ResourceCheck")}.name(string): ${type("ResourceCheck")}`, narrowed("name"))
    .registerFunction(`${type("ResourceCheck")}.check(string): ${type("Decision")}`, check)
    .registerFunction(`${type("Decision")}.allowed(): bool`, ({ allowed }: CelDecision) => allowed)
    .registerFunction(`${type("Decision")}.errored(): bool`, () => false)
    .registerFunction(`${type("Decision")}.error(): string`, () => "")
    .registerFunction(`${type("Decision")}.reason(): string`, ({ reason }: CelDecision) => reason);
}
