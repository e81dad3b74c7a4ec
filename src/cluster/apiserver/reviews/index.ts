import type { JsonObject } from "../../../base/json.ts";
import type { Kind } from "../../../kinds/define.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import { authenticate } from "../authentication.ts";
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
    namespace?: string;
    token?: string;
    resourceAttributes?: {
      namespace?: string;
      verb?: string;
      group?: string;
      resource?: string;
      subresource?: string;
      name?: string;
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
  review.spec ??= {};
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
      }
    : { verb: path?.verb ?? "", path: path?.path ?? "" };
  return decisionText(context.authorizer.decide(user, attributes));
}

function decisionText({ allowed, reason }: Decision): JsonObject {
  return { allowed, ...(reason ? { reason } : {}) };
}

function other({ spec }: Review): UserInfo {
  return { name: spec.user ?? "", groups: spec.groups ?? [], ...(spec.uid ? { uid: spec.uid } : {}) };
}

function reviewToken(context: Context, _: ApiRequest, { spec }: Review): JsonObject {
  try {
    const user = authenticate(context, { headers: { authorization: `Bearer ${spec.token ?? ""}` } });
    return { authenticated: true, user: userText(user) };
  } catch {
    return { user: {}, error: "invalid bearer token" };
  }
}

/** All rules that hold for the user in a namespace, as `kubectl auth can-i --list` shows them. */
function reviewRules(context: Context, { user }: ApiRequest, { spec }: Review): JsonObject {
  if (!spec.namespace) throw badRequest("no namespace on request");
  const { authorizer } = context;
  const all = user.groups.includes("system:masters") || context.flags["authorization-mode"] === undefined;
  const rules = authorizer instanceof Modes ? authorizer.rbac.rules(user, spec.namespace) : [];
  const resourceRules: JsonObject[] = all ? [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }] : [];
  const nonResourceRules: JsonObject[] = all ? [{ verbs: ["*"], nonResourceURLs: ["*"] }] : [];
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
  return { resourceRules, nonResourceRules, incomplete: false };
}

function userText({ name, uid, groups, extra }: UserInfo): JsonObject {
  return {
    username: name,
    ...(uid ? { uid } : {}),
    ...(groups.length > 0 ? { groups: [...groups] } : {}),
    ...(extra ? { extra: extra as JsonObject } : {}),
  };
}
