import { fromBase64 } from "../../../base/base64.ts";
import { FormatError } from "../../../base/format-error.ts";
import { goQuote } from "../../../base/go-text.ts";
import { type Json, type JsonObject, parseJson } from "../../../base/json.ts";
import { sameJson } from "../../../base/json-object.ts";
import { applyJsonPatch } from "../../../base/patch/json-patch.ts";
import { PatchError } from "../../../base/patch/patch-error.ts";
import { textOf } from "../../../base/text-bytes.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { AdmissionPlugin, AdmissionRequest } from "../define.ts";
import { internalError } from "../errors.ts";
import { askedHook, type Hook, hooksOf, matchedBy } from "./webhooks/hooks.ts";

const CONFIGURATIONS = "mutatingwebhookconfigurations.admissionregistration.k8s.io";

/** What is known of a request when the plugins see it for the second time (webhook/mutating/reinvocationcontext.go, 1.35). */
interface Rounds {
  /** Those that want to be asked again if others changed the object after them. */
  waiting: Set<string>;
  /** Those that are to be asked again. */
  due: Set<string>;
  left: Json;
}

const rounds = new WeakMap<AdmissionRequest, Rounds>();

/** Lets other servers change what is requested (apiserver pkg/admission/plugin/webhook/mutating, 1.35). */
export const mutatingAdmissionWebhook: AdmissionPlugin = {
  name: "MutatingAdmissionWebhook",
  mutate(request, server) {
    const hooks = hooksOf(CONFIGURATIONS, request, server);
    if (hooks.length === 0) return;
    const before = rounds.get(request);
    const now: Rounds = before ?? { waiting: new Set(), due: new Set(), left: null };
    if (before && !sameJson(before.left, copyOf(request.object))) allDue(now);
    for (const hook of hooks) {
      const kind = matchedBy(hook, request, server);
      if (!kind || (before && !now.due.has(hook.key))) continue;
      const review = askedHook(hook, request, kind, true, server);
      if (review?.patch && patched(hook, request, review.patch)) {
        allDue(now);
        if (!before) server.again();
      }
      if (hook.webhook.reinvocationPolicy === "IfNeeded") now.waiting.add(hook.key);
    }
    now.left = copyOf(request.object);
    rounds.set(request, now);
  },
};

function allDue(now: Rounds): void {
  for (const key of now.waiting) now.due.add(key);
  now.waiting.clear();
}

function copyOf(object: KubeObject | undefined): Json {
  return object === undefined ? null : (JSON.parse(JSON.stringify(object)) as Json);
}

/** Applies a webhook's patch; says whether anything is new. */
function patched({ webhook }: Hook, request: AdmissionRequest, base64: string): boolean {
  const patch = patchIn(webhook.name, base64);
  if (patch.length === 0) return false;
  const { object, kind } = request;
  if (!object) {
    const why = "attempted to modify the object, which is not supported for this operation";
    throw internalError(`admission webhook ${goQuote(webhook.name)} ${why}`);
  }
  try {
    const old = copyOf(object);
    const next = applyJsonPatch(old as JsonObject, patch as unknown as Json) as unknown as KubeObject;
    if (sameJson(old, next as unknown as Json)) return false;
    kind.defaults?.(next);
    request.object = next;
    return true;
  } catch (error) {
    if (error instanceof PatchError) throw internalError(error.message);
    throw error;
  }
}

function patchIn(webhook: string, base64: string): readonly Json[] {
  const failed = (why: string) =>
    internalError(`failed calling webhook ${goQuote(webhook)}: received undecodable patch in webhook response: ${why}`);
  try {
    const patch = parseJson(textOf(fromBase64(base64) ?? new Uint8Array()));
    if (Array.isArray(patch)) return patch;
    throw failed("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
  } catch (error) {
    if (error instanceof FormatError) throw failed(error.message);
    throw error;
  }
}
