import { FormatError } from "../../../../base/format-error.ts";
import { goQuote } from "../../../../base/go-text.ts";
import { type JsonObject, parseJson, toJson } from "../../../../base/json.ts";
import { isList, isObject } from "../../../../base/json-object.ts";
import type { Kind } from "../../../../kinds/define.ts";
import { statusOf } from "../../../../kinds/status-of-answer.ts";
import type { Webhook } from "../../../../kinds/types/admission.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import type { AdmissionRequest, AdmissionTools } from "../../define.ts";
import { kindIn, nameIn, namespaceIn } from "../requests.ts";

/** What a webhook said. */
export interface Review {
  readonly allowed: boolean;
  readonly status: JsonObject | undefined;
  readonly warnings: readonly string[];
  /** Its remarks for the audit log. */
  readonly remarks: JsonObject;
  /** Base64 of a JSON patch. */
  readonly patch: string | undefined;
}

/** Asks a webhook about a request, as one for `kind`. A text says what went wrong with the call. */
export function callWebhook(
  hook: Webhook,
  request: AdmissionRequest,
  kind: Kind,
  mutating: boolean,
  server: AdmissionTools,
): Review | string {
  const version = (hook.admissionReviewVersions ?? []).find((one) => one === "v1" || one === "v1beta1");
  if (!version)
    return "could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)";
  const uid = server.random.uuid();
  const apiVersion = `admission.k8s.io/${version}`;
  const review = { kind: "AdmissionReview", apiVersion, request: asked(request, kind, uid, server) };
  const path = `${pathOf(hook)}?timeout=${hook.timeoutSeconds ?? 10}s`;
  const answer = server.ask(hook.clientConfig, { path, body: toJson(review as unknown as JsonObject) });
  if (typeof answer === "string") {
    if (answer.startsWith("unable to load root certificates")) return `could not get REST client: ${answer}`;
    return `failed to call webhook: Post ${goQuote(hostOf(hook) + path)}: ${answer}`;
  }
  const body = typeof answer.body === "string" ? readJson(answer.body) : (answer.body as JsonObject | undefined);
  if (answer.status < 200 || answer.status > 206)
    return `failed to call webhook: ${statusOf(body, answer, { method: "POST", path: "" }).message}`;
  if (!isObject(body) || body.kind !== "AdmissionReview")
    return `failed to call webhook: ${undecodable(body, answer.body)}`;
  return verified(body, uid, apiVersion, mutating);
}

function undecodable(body: JsonObject | undefined, text: unknown): string {
  if (body) return `Object 'Kind' is missing in ${goQuote(toJson(body))}`;
  const [first = ""] = typeof text === "string" ? text.trim() : "";
  const said =
    first === ""
      ? "unexpected end of JSON input"
      : `invalid character ${first === "'" ? "'\\''" : `'${first}'`} looking for beginning of value`;
  return `couldn't get version/kind; json parse error: ${said}`;
}

/** apiserver webhook/request/admissionreview.go VerifyAdmissionResponse, 1.35. */
function verified(body: JsonObject, uid: string, apiVersion: string, mutating: boolean): Review | string {
  const fault = (what: string) => `received invalid webhook response: ${what}`;
  const { response } = body;
  if (!isObject(response)) return fault("webhook response was absent");
  const { patch, patchType, allowed, status, warnings, auditAnnotations } = response;
  if (apiVersion.endsWith("/v1")) {
    if (response.uid !== uid) return fault(`expected response.uid="${uid}", got "${response.uid ?? ""}"`);
    if (body.apiVersion !== apiVersion)
      return fault(
        `expected webhook response of ${apiVersion}, Kind=AdmissionReview, got ${body.apiVersion}, Kind=AdmissionReview`,
      );
    if (!mutating && patch) return fault("validating webhook may not return response.patch");
    if (!mutating && patchType !== undefined) return fault("validating webhook may not return response.patchType");
    if (mutating && patch && patchType === undefined)
      return fault("webhook returned response.patch but not response.patchType");
    if (mutating && !patch && patchType !== undefined)
      return fault("webhook returned response.patchType but not response.patch");
  }
  return {
    allowed: allowed === true,
    status: isObject(status) ? status : undefined,
    warnings: isList(warnings) ? warnings.map(String) : [],
    remarks: isObject(auditAnnotations) ? auditAnnotations : {},
    patch: mutating && typeof patch === "string" && patch !== "" ? patch : undefined,
  };
}

function readJson(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** What Go's client names as the server: the Service's name, or what the URL says. */
function hostOf({ clientConfig: { service, url = "" } }: Webhook): string {
  if (service) return `https://${service.name}.${service.namespace}.svc:${service.port ?? 443}`;
  return /^https:\/\/[^/]*/.exec(url)?.[0] ?? url;
}

function pathOf({ clientConfig: { service, url = "" } }: Webhook): string {
  const path = service ? (service.path ?? "") : url.replace(/^https:\/\/[^/]*/, "");
  return path === "" ? "/" : path;
}

function asked(request: AdmissionRequest, kind: Kind, uid: string, server: AdmissionTools) {
  const { operation, subresource, user, dryRun } = request;
  const own = kindIn(request);
  const { group, version, plural } = request.kind;
  const name = nameIn(request);
  const namespace = namespaceIn(request);
  const shown = (object: KubeObject | undefined) => {
    const isWhole = subresource === undefined || subresource === "status";
    return object === undefined ? null : isWhole ? server.shown(kind, object) : object;
  };
  return {
    uid,
    kind: kind === request.kind ? own : kindIn({ kind, subresource }),
    resource: { group: kind.group, version: kind.version, resource: kind.plural },
    ...(subresource ? { subResource: subresource } : {}),
    requestKind: own,
    requestResource: { group, version, resource: plural },
    ...(subresource ? { requestSubResource: subresource } : {}),
    ...(name === "Unknown" ? {} : { name }),
    ...(namespace ? { namespace } : {}),
    operation,
    userInfo: { username: user.name, ...(user.uid ? { uid: user.uid } : {}), groups: user.groups, ...extraOf(user) },
    object: shown(request.object),
    oldObject: shown(request.old),
    dryRun,
    options: null,
  };
}

function extraOf({ extra }: AdmissionRequest["user"]) {
  return extra ? { extra } : {};
}
