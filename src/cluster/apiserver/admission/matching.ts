import type { Kind } from "../../../kinds/define.ts";
import { matchesSelector } from "../../../kinds/label-selector.ts";
import type { OperationRule } from "../../../kinds/types/admission.ts";
import type { Namespace } from "../../../kinds/types/core.ts";
import type { KubeObject, LabelSelector } from "../../../kinds/types/meta.ts";
import type { AdmissionRequest, AdmissionTools } from "../define.ts";
import { notFound } from "../errors.ts";
import { isNamespace, namespaceIn } from "./requests.ts";

// apiserver pkg/admission/plugin/webhook/predicates, 1.35.

/** Nobody is asked about the webhooks and policies themselves: else one could lock oneself out. */
export function isExempt({ kind }: AdmissionRequest): boolean {
  return kind.group === "admissionregistration.k8s.io";
}

/** Whether a rule is about a request, taken as one for this kind. */
function ruleMatches(rule: OperationRule, request: AdmissionRequest, kind: Kind): boolean {
  const { operations = [], apiGroups = [], apiVersions = [], resources = [] } = rule;
  return (
    isIn(apiGroups, kind.group) &&
    isIn(operations, request.operation) &&
    isIn(apiVersions, kind.version) &&
    resources.some((one) => isResource(one, kind.plural, request.subresource ?? "")) &&
    isInScope(rule.scope, request)
  );
}

function isIn(list: readonly string[], wanted: string): boolean {
  return list.includes("*") || list.includes(wanted);
}

function isResource(text: string, plural: string, subresource: string): boolean {
  const slash = text.indexOf("/");
  const [resource, sub] = slash < 0 ? [text, ""] : [text.slice(0, slash), text.slice(slash + 1)];
  return (resource === "*" || resource === plural) && (sub === "*" || sub === subresource);
}

function isInScope(scope: OperationRule["scope"], request: AdmissionRequest): boolean {
  if (scope === undefined || scope === "*") return true;
  const isNamespaced = !isNamespace(request.kind) && Boolean(request.namespace);
  return isNamespaced === (scope === "Namespaced");
}

/** Whether a selector fits the object of a request, as it is or as it was. */
export function objectMatches(selector: LabelSelector | undefined, { object, old }: AdmissionRequest): boolean {
  if (!selector || isEmpty(selector)) return true;
  const fits = (one: KubeObject | undefined) =>
    one?.metadata !== undefined && matchesSelector(selector, one.metadata.labels ?? {});
  return fits(object) || fits(old);
}

/** Whether a selector fits the namespace of a request; what is in none is never left out. Throws where there is no such namespace. */
export function namespaceMatches(
  selector: LabelSelector | undefined,
  request: AdmissionRequest,
  server: AdmissionTools,
): boolean {
  if (!selector || isEmpty(selector)) return true;
  const { kind, operation, subresource, object } = request;
  const name = namespaceIn(request);
  if (isNamespace(kind) && !subresource && (operation === "CREATE" || operation === "UPDATE"))
    return matchesSelector(selector, object?.metadata.labels ?? {});
  if (name === "" && !isNamespace(kind)) return true;
  const found = server.get<Namespace>("namespaces", undefined, name);
  if (!found) throw notFound({ group: "", plural: "namespaces" }, name);
  return matchesSelector(selector, found.metadata.labels ?? {});
}

function isEmpty({ matchLabels, matchExpressions }: LabelSelector): boolean {
  return Object.keys(matchLabels ?? {}).length === 0 && (matchExpressions ?? []).length === 0;
}

/** The kind that some of the rules match a request as: the request's own, or where these are as good, another version of it. */
export function matchedKind(
  rules: readonly OperationRule[],
  matchPolicy: "Exact" | "Equivalent" | undefined,
  request: AdmissionRequest,
  server: AdmissionTools,
  fits: (rule: OperationRule) => boolean = () => true,
): Kind | undefined {
  const matchesAs = (kind: Kind) => rules.some((rule) => ruleMatches(rule, request, kind) && fits(rule));
  if (matchesAs(request.kind)) return request.kind;
  return matchPolicy === "Exact" ? undefined : server.equivalents(request.kind).find(matchesAs);
}
