import type { JsonObject } from "../../../base/json.ts";
import type { Kind } from "../../../kinds/define.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import { answerToken } from "../authentication/authenticate.ts";
import { audiences } from "../authentication/issuer.ts";
import type { Attributes, Decision } from "../authorization/authorizer.ts";
import { Modes } from "../authorization/modes.ts";
import type { Context } from "../context.ts";
import { decodeBody } from "../decoding.ts";
import type { ApiRequest, UserInfo } from "../define.ts";
import { badRequest, invalid } from "../errors.ts";
import type { Outcome } from "../verbs/outcome.ts";
import { reviewKinds } from "./kinds.ts";

interface Review extends KubeObject {
  spec: {
    user?: string;
    uid?: string;
    groups?: string[];
    extra?: Record<string, string[]>;
    namespace?: string;
    token?: string;
    audiences?: string[];
    resourceAttributes?: {
      namespace?: string;
      verb?: string;
      group?: string;
      resource?: string;
      subresource?: string;
      version?: string;
      name?: string;
      fieldSelector?: { requirements?: { key?: string; operator?: string; values?: string[] }[] };
    };
    nonResourceAttributes?: { path?: string; verb?: string };
  };
}

type Answer = (context: Context, request: ApiRequest, review: Review) => JsonObject;

const answers: Readonly<Record<string, Answer>> = {
  SelfSubjectReview: (_, { user }) => ({ userInfo: userText(user) }),
  TokenReview: reviewToken,
  LocalSubjectAccessReview: (context, request, review) => {
    const { namespace } = review.spec.resourceAttributes ?? {};
    if (namespace !== request.namespace) {
      const detail = `must match metadata.namespace: ${request.namespace ?? ""}`;
      throw badRequest(
        `spec.resourceAttributes.namespace: Invalid value: ${JSON.stringify(namespace ?? "")}: ${detail}`,
      );
    }
    return reviewAccess(context, other(review), review);
  },
  SelfSubjectAccessReview: (context, { user }, review) => reviewAccess(context, user, review),
  SelfSubjectRulesReview: reviewRules,
  SubjectAccessReview: (context, _, review) => reviewAccess(context, other(review), review),
};

export function isReview(kind: Kind): boolean {
  return reviewKinds.includes(kind);
}

/** Answers a question that is asked by creating it. */
export function answerReview(context: Context, request: ApiRequest, text: string | undefined): Outcome {
  const { kind, body } = request;
  const strictness = {
    fieldValidation: request.options.fieldValidation ?? "Warn",
    warn: (text: string) => context.warn(text),
  };
  const review = decodeBody(kind, body as JsonObject, text, strictness) as Review;
  if (kind.kind !== "SelfSubjectReview") review.spec ??= {};
  const status = answers[kind.kind]?.(context, request, review) ?? {};
  return { what: "object", status: 201, kind, object: { ...review, status } };
}

function reviewAccess(context: Context, user: UserInfo, { kind, spec }: Review): JsonObject {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  if (!resource === !path) {
    const detail = resource
      ? "cannot be specified in combination with resourceAttributes"
      : "exactly one of nonResourceAttributes or resourceAttributes must be specified";
    const problem = {
      type: "Invalid" as const,
      path: resource ? "spec.nonResourceAttributes" : "spec.resourceAttributes",
      detail,
    };
    throw invalid({ kind, group: "authorization.k8s.io" }, "", [{ ...problem, value: null }]);
  }
  const attributes: Attributes = resource
    ? {
        verb: resource.verb ?? "",
        group: resource.group ?? "",
        resource: resource.resource ?? "",
        subresource: resource.subresource || undefined,
        name: resource.name || undefined,
        namespace: resource.namespace || undefined,
        version: resource.version || undefined,
        selected: selectedBy(resource.fieldSelector?.requirements),
      }
    : { verb: path?.verb ?? "", path: path?.path ?? "" };
  return decisionText(context.authorizer.decide(user, attributes));
}

function selectedBy(
  requirements: readonly { key?: string; operator?: string; values?: string[] }[] | undefined,
): Record<string, string> | undefined {
  const single = requirements?.filter(({ operator, values }) => operator === "In" && values?.length === 1);
  return single && Object.fromEntries(single.map(({ key = "", values }) => [key, values?.[0] ?? ""]));
}

function decisionText({ allowed, reason }: Decision): JsonObject {
  return { allowed, ...(reason ? { reason } : {}) };
}

/** The user that is asked about (kubernetes pkg/apis/authorization/validation, 1.35). */
function other({ kind, spec }: Review): UserInfo {
  const { user = "", groups = [], uid, extra } = spec;
  if (user === "" && groups.length === 0) {
    const problem = {
      type: "Invalid" as const,
      path: "spec.user",
      value: "",
      detail: "at least one of user or group must be specified",
    };
    throw invalid({ kind, group: "authorization.k8s.io" }, "", [problem]);
  }
  return { name: user, groups, ...(uid ? { uid } : {}), ...(extra ? { extra } : {}) };
}

/** Whom a token speaks for (kubernetes pkg/registry/authentication/tokenreview/storage.go, 1.35). */
function reviewToken(context: Context, _: ApiRequest, { spec }: Review): JsonObject {
  if (!spec.token) throw badRequest("token is required for TokenReview in authentication");
  const wanted = spec.audiences?.length ? spec.audiences : audiences(context);
  const answer = answerToken(context, spec.token, wanted);
  if ("error" in answer) return { user: {}, error: answer.error };
  return { authenticated: true, user: userText(answer.user), audiences: [...answer.audiences] };
}

/** All rules that hold for the user in a namespace, as `kubectl auth can-i --list` shows them. */
function reviewRules(context: Context, { user }: ApiRequest, { spec }: Review): JsonObject {
  if (!spec.namespace) throw badRequest("no namespace on request");
  const { authorizer } = context;
  const { rules, fault } = authorizer instanceof Modes ? authorizer.rules(user, spec.namespace) : { rules: [] };
  const resourceRules: JsonObject[] = [];
  const nonResourceRules: JsonObject[] = [];
  for (const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } of rules) {
    if (resources?.length) {
      resourceRules.push({
        verbs,
        ...(apiGroups?.length ? { apiGroups } : {}),
        resources,
        ...(resourceNames?.length ? { resourceNames } : {}),
      });
    }
    if (nonResourceURLs?.length) nonResourceRules.push({ verbs, nonResourceURLs });
  }
  const known = { resourceRules, nonResourceRules, incomplete: fault !== undefined };
  return fault === undefined ? known : { ...known, evaluationError: fault };
}

function userText({ name, uid, groups, extra = {} }: UserInfo): JsonObject {
  return {
    username: name,
    ...(uid ? { uid } : {}),
    ...(groups.length > 0 ? { groups: [...groups] } : {}),
    ...(Object.keys(extra).length > 0 ? { extra: extra as JsonObject } : {}),
  };
}
