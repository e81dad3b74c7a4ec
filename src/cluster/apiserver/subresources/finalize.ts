import type { JsonObject } from "../../../base/json.ts";
import type { Context } from "../context.ts";
import { decodeBody } from "../decoding.ts";
import { updateObject } from "../registry/update.ts";
import { shown, strictnessOf, writingOf } from "../verbs/index.ts";
import type { Outcome } from "../verbs/outcome.ts";
import type { SubresourceRequest } from "./define.ts";

/** Takes finalizers out of a namespace's spec; the namespace goes when none is left and it is being deleted. */
export function answerFinalize(context: Context, { request, text }: SubresourceRequest): Outcome {
  const { kind, name = "", body } = request;
  const asked = decodeBody(kind, body as JsonObject, text, strictnessOf(context, request));
  const { resourceVersion, uid } = asked.metadata ?? {};
  const finalizers = (asked.spec as { finalizers?: string[] } | undefined)?.finalizers;
  const object = updateObject(context, writingOf(request), name, (old) => {
    const metadata = { ...old.metadata };
    if (resourceVersion) metadata.resourceVersion = resourceVersion;
    if (uid) metadata.uid = uid;
    return { ...old, metadata, spec: { ...(old.spec as object), finalizers: finalizers ?? [] } };
  });
  return shown(context, kind, object, 200);
}
