import { goQuote } from "../../../../base/go-text.ts";
import type { JsonObject } from "../../../../base/json.ts";
import type { Kind } from "../../../../kinds/define.ts";
import { Status, type StatusDetails, type StatusReason } from "../../../../kinds/status.ts";
import type { Webhook, WebhookConfiguration } from "../../../../kinds/types/admission.ts";
import type { AdmissionRequest, AdmissionTools } from "../../define.ts";
import { badRequest, forbidden, internalError } from "../../errors.ts";
import { type Conditions, compiledConditions, conditionsMet, requestVariables } from "../expressions.ts";
import { isExempt, matchedKind, namespaceMatches, objectMatches } from "../matching.ts";
import { nameIn } from "../requests.ts";
import { callWebhook, type Review } from "./call.ts";

/** A webhook that is to be asked about a request. */
export interface Hook {
  readonly webhook: Webhook;
  /** Its configuration, its own name and its place. */
  readonly key: string;
}

const none: readonly Hook[] = [];

/** All webhooks of the configurations, in the order of their names. */
export function hooksOf(resource: string, request: AdmissionRequest, server: AdmissionTools): readonly Hook[] {
  const configurations = server.list<WebhookConfiguration>(resource);
  if (configurations.length === 0 || isExempt(request)) return none;
  return configurations.flatMap(({ metadata, webhooks = [] }) =>
    webhooks.map((webhook, i) => ({ webhook, key: `${metadata.name}/${webhook.name}/${i}` })),
  );
}

const compiled = new WeakMap<Webhook, Conditions>();

function conditionsOf(webhook: Webhook): Conditions {
  let known = compiled.get(webhook);
  if (!known) {
    known = compiledConditions(webhook.matchConditions, false, webhook.failurePolicy === "Ignore");
    compiled.set(webhook, known);
  }
  return known;
}

/** The kind that a webhook sees a request as; undefined where it is not asked (webhook/generic ShouldCallHook, 1.35). */
export function matchedBy({ webhook }: Hook, request: AdmissionRequest, server: AdmissionTools): Kind | undefined {
  if (!objectMatches(webhook.objectSelector, request)) return undefined;
  const kind = matchedKind(webhook.rules ?? [], webhook.matchPolicy, request, server);
  if (!kind || !namespaceMatches(webhook.namespaceSelector, request, server)) return undefined;
  if (!webhook.matchConditions?.length) return kind;
  const met = conditionsMet(conditionsOf(webhook), requestVariables(request, kind, server));
  if (typeof met === "string") throw forbidden(request.kind, nameIn(request), met);
  return met ? kind : undefined;
}

/** What a webhook says, where it lets the request pass; undefined where nobody answered and that does not matter. */
export function askedHook(
  { webhook }: Hook,
  request: AdmissionRequest,
  kind: Kind,
  mutating: boolean,
  server: AdmissionTools,
): Review | undefined {
  const { name, sideEffects, failurePolicy } = webhook;
  if (request.dryRun && sideEffects !== "None" && sideEffects !== "NoneOnDryRun")
    throw badRequest(`admission webhook ${goQuote(name)} does not support dry run`);
  const review = callWebhook(webhook, request, kind, mutating, server);
  if (typeof review === "string") {
    if (failurePolicy === "Ignore") return undefined;
    throw internalError(`failed calling webhook ${goQuote(name)}: ${review}`);
  }
  for (const key in review.remarks) server.annotate(`${name}/${key}`, String(review.remarks[key]));
  for (const text of review.warnings) server.warn(text);
  if (!review.allowed) throw denial(name, review.status ?? {});
  return review;
}

/** apiserver webhook/errors/statuserror.go ToStatusErr, 1.35. */
function denial(name: string, { message, reason, details, code }: JsonObject): Status {
  const by = `admission webhook ${goQuote(name)} denied the request`;
  const why = message || reason;
  return new Status(
    String(reason ?? "") as StatusReason,
    why ? `${by}: ${why}` : `${by} without explanation`,
    details as StatusDetails | undefined,
    Math.max(Number(code ?? 0), 400),
  );
}
