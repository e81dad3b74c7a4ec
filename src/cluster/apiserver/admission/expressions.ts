import { CelFault, type CelProgram } from "../../../base/cel.ts";
import { type CelDecide, type CelQuestion, celAuthorizer } from "../../../base/cel-authorizer.ts";
import type { Json } from "../../../base/json.ts";
import { admissionVariables, compiledAs } from "../../../kinds/admission-expressions.ts";
import type { Kind } from "../../../kinds/define.ts";
import type { MatchCondition } from "../../../kinds/types/admission.ts";
import type { Namespace } from "../../../kinds/types/core.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import { celValue } from "../../../schema/structural/cel-value.ts";
import type { AdmissionRequest, AdmissionTools, UserInfo } from "../define.ts";
import { isNamespace, kindIn, nameIn, namespaceIn } from "./requests.ts";

/** The variables of an expression, by name. */
export type Variables = Readonly<Record<string, unknown>>;

/** What an expression came to: a value, or what went wrong. */
type Evaluated = { readonly value: unknown } | { readonly fault: string };

/** A compiled expression, or why it does not compile. */
export interface Expression {
  readonly text: string;
  readonly program: CelProgram | string;
}

/** Runs an expression; faults are told as apiserver pkg/admission/plugin/cel/activation.go does (1.35). */
export function evaluate({ text, program }: Expression, variables: Variables): Evaluated {
  if (typeof program === "string") return { fault: `compilation error: ${program}` };
  try {
    return { value: program.run(variables) };
  } catch (error) {
    if (!(error instanceof CelFault)) throw error;
    return { fault: `expression '${text}' resulted in error: ${error.message}` };
  }
}

/** An object as expressions see it. */
export function seen(object: KubeObject | undefined): unknown {
  return object === undefined ? null : celValue(object as unknown as Json, undefined);
}

/** The variables of expressions about a request, which is seen as one for `kind`. */
export function requestVariables(
  request: AdmissionRequest,
  kind: Kind,
  server: AdmissionTools,
): Record<string, unknown> {
  const shown = (object: KubeObject | undefined) => {
    const isWhole = request.subresource === undefined || request.subresource === "status";
    return seen(object && isWhole ? server.shown(kind, object) : object);
  };
  return {
    object: shown(request.object),
    oldObject: shown(request.old),
    request: described(request, kind),
    namespaceObject: namespaceOf(request, server),
    authorizer: authorizerOf(request, server),
  };
}

function described(request: AdmissionRequest, kind: Kind): Record<string, unknown> {
  const { user, operation, subresource, dryRun } = request;
  const asked = kindIn(request);
  const { group, version, plural: resource } = request.kind;
  const namespace = namespaceIn(request);
  const name = nameIn(request);
  return {
    kind: kind === request.kind ? asked : kindIn({ kind, subresource }),
    resource: { group: kind.group, version: kind.version, resource: kind.plural },
    ...(subresource ? { subResource: subresource, requestSubResource: subresource } : {}),
    requestKind: asked,
    requestResource: { group, version, resource },
    ...(name === "Unknown" ? {} : { name }),
    ...(namespace ? { namespace } : {}),
    operation,
    userInfo: {
      username: user.name,
      ...(user.uid ? { uid: user.uid } : {}),
      groups: user.groups,
      ...(user.extra ? { extra: user.extra } : {}),
    },
    dryRun,
    options: options[operation] === undefined ? {} : { kind: options[operation], apiVersion: "meta.k8s.io/v1" },
  };
}

const options: Readonly<Record<string, string>> = {
  CREATE: "CreateOptions",
  UPDATE: "UpdateOptions",
  DELETE: "DeleteOptions",
};

function namespaceOf(request: AdmissionRequest, server: AdmissionTools): unknown {
  if (!request.namespace || isNamespace(request.kind)) return null;
  return seen(server.get<Namespace>("namespaces", undefined, request.namespace));
}

function authorizerOf(request: AdmissionRequest, server: AdmissionTools): unknown {
  const decide: CelDecide = (verb, question) =>
    server.decide(askerOf(question, request.user), attributesOf(verb, question));
  const { kind, namespace = "", name = "", subresource = "" } = request;
  return celAuthorizer(decide, { group: kind.group, resource: kind.plural, namespace, name, subresource });
}

function askerOf({ user }: CelQuestion, asker: UserInfo): UserInfo {
  if (!user) return asker;
  const { namespace, name } = user;
  const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"];
  return { name: `system:serviceaccount:${namespace}:${name}`, groups };
}

function attributesOf(verb: string, { path, group, resource, subresource, namespace, name }: CelQuestion) {
  if (path !== undefined) return { verb, path };
  return {
    verb,
    group,
    resource,
    subresource: subresource || undefined,
    namespace: namespace || undefined,
    name: name || undefined,
  };
}

/** The conditions of a webhook or policy, compiled. */
export interface Conditions {
  readonly conditions: readonly Expression[];
  readonly ignoresFaults: boolean;
}

export function compiledConditions(
  conditions: readonly MatchCondition[] | undefined,
  params: boolean,
  ignoresFaults: boolean,
): Conditions {
  const variables = admissionVariables({ params, authorizer: true });
  return {
    conditions: (conditions ?? []).map(({ expression }) => {
      const text = expression.trim();
      return { text, program: compiledAs(text, variables, ["bool"]) };
    }),
    ignoresFaults,
  };
}

/** Whether all conditions are met; a text where that cannot be told (webhook/matchconditions/matcher.go, 1.35). */
export function conditionsMet({ conditions, ignoresFaults }: Conditions, variables: Variables): boolean | string {
  const faults: string[] = [];
  for (const condition of conditions) {
    const result = evaluate(condition, variables);
    if ("fault" in result) faults.push(result.fault);
    else if (result.value === false) return false;
  }
  if (faults.length === 0) return true;
  if (ignoresFaults) return false;
  return faults.length === 1 ? (faults[0] ?? "") : `[${faults.join(", ")}]`;
}
