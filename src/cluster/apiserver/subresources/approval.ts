import type { Json, JsonObject } from "../../../base/json.ts";
import type { Condition, KubeObject } from "../../../kinds/types/meta.ts";
import type { Context } from "../context.ts";
import { decodeBody } from "../decoding.ts";
import { badRequest, notFound } from "../errors.ts";
import { updateObject } from "../registry/update.ts";
import { timeText } from "../time-text.ts";
import { shown, strictnessOf, writingOf } from "../verbs/index.ts";
import type { Outcome } from "../verbs/outcome.ts";
import { type PlainPatch, patched } from "../verbs/patch.ts";
import type { SubresourceRequest } from "./define.ts";

/** The conditions of a certificate signing request: approved or denied. */
export function answerApproval(context: Context, { request, text }: SubresourceRequest): Outcome {
  const { kind, verb, name = "", namespace, body, patchType } = request;
  if (verb === "get") {
    const object = context.storage.get(kind, namespace, name);
    if (!object) throw notFound(kind, name);
    return shown(context, kind, object, 200);
  }
  if (patchType === "apply") throw badRequest("server-side apply of approval is not simulated");
  const strictness = strictnessOf(context, request);
  const object = updateObject(context, writingOf(request), name, (old) => {
    const asked =
      verb === "patch"
        ? patched(kind, old, patchType as PlainPatch, body as Json, strictness)
        : decodeBody(kind, body as JsonObject, text, strictness);
    const status = asked.status as { conditions?: Condition[] } | undefined;
    const conditions = timed(status?.conditions ?? [], conditionsOf(old), timeText(context.clock.now));
    return withStatus(old, asked, { ...(old.status as object | undefined), conditions });
  });
  return shown(context, kind, object, 200);
}

function conditionsOf({ status }: KubeObject): readonly Condition[] {
  return (status as { conditions?: Condition[] } | undefined)?.conditions ?? [];
}

/** Conditions with the times that were left out (registry/certificates strategy populateConditionTimestamps, 1.35). */
function timed(conditions: readonly Condition[], old: readonly Condition[], now: string): Condition[] {
  return conditions.map((condition) => {
    const before = old.find(({ type }) => type === condition.type);
    const since = before?.status === condition.status ? before.lastTransitionTime : undefined;
    return {
      ...condition,
      lastUpdateTime: condition.lastUpdateTime ?? now,
      lastTransitionTime: condition.lastTransitionTime ?? since ?? now,
    };
  });
}

function withStatus(old: KubeObject, asked: KubeObject, status: object): KubeObject {
  const { resourceVersion, uid } = asked.metadata ?? {};
  const metadata = { ...old.metadata };
  if (resourceVersion) metadata.resourceVersion = resourceVersion;
  if (uid) metadata.uid = uid;
  return { ...old, metadata, status };
}
