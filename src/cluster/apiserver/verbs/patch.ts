import { goValue } from "../../../base/go-text.ts";
import type { Json, JsonObject } from "../../../base/json.ts";
import { toJson } from "../../../base/json.ts";
import { isObject } from "../../../base/json-object.ts";
import { applyJsonPatch } from "../../../base/patch/json-patch.ts";
import { applyMergePatch } from "../../../base/patch/merge-patch.ts";
import { PatchError } from "../../../base/patch/patch-error.ts";
import { applyStrategicMerge } from "../../../base/patch/strategic-merge.ts";
import type { Kind } from "../../../kinds/define.ts";
import { Status } from "../../../kinds/status.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import { DecodeError, decode } from "../../../schema/decode.ts";
import { mergeSchemaOf } from "../../../schema/merge-schema.ts";
import { type Strictness, typeOf } from "../decoding.ts";
import { badRequest, invalid } from "../errors.ts";
import { unsupportedMediaType } from "../http/body.ts";

export type PlainPatch = "json" | "merge" | "strategic";

/** The object with a patch applied, as a client would have sent it whole (apiserver endpoints/handlers/patch.go, 1.35). */
export function patched(kind: Kind, current: KubeObject, type: PlainPatch, patch: Json, how: Strictness): KubeObject {
  const document = current as unknown as JsonObject;
  const result = applied(kind, document, type, patch);
  if (!isObject(result)) throw refused("the patched object is no object");
  const info = typeOf(kind);
  if (!info) return result as unknown as KubeObject;
  const shown = () => (type === "strategic" ? goValue(patch) : toJson(result, { sortKeys: true }));
  const fault = (detail: string) =>
    invalid({ kind: "", group: "" }, "", [{ type: "Invalid", path: "patch", value: shown(), detail }]);
  try {
    const { object, strict } = kind.readBody?.(result) ?? decode(result, info);
    if (strict.length > 0 && how.fieldValidation === "Strict") {
      throw fault(`strict decoding error: ${strict.join(", ")}`);
    }
    if (how.fieldValidation === "Warn") for (const text of strict) how.warn(text);
    return object as unknown as KubeObject;
  } catch (error) {
    if (error instanceof DecodeError) throw fault(error.message);
    throw error;
  }
}

function applied(kind: Kind, document: JsonObject, type: PlainPatch, patch: Json): Json {
  try {
    if (type === "json") return applyJsonPatch(document, patch);
    if (type === "merge") return applyMergePatch(document, patch);
    const info = typeOf(kind);
    if (!info || kind.type) {
      throw unsupportedMediaType([
        "application/json-patch+json",
        "application/merge-patch+json",
        "application/apply-patch+yaml",
        "application/apply-patch+cbor",
      ]);
    }
    return applyStrategicMerge(document, patch, mergeSchemaOf(info));
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw error.stage === "decode" ? badRequest(error.message) : refused(error.message);
  }
}

/** 422 without a resource: the patch does not fit the object. */
function refused(message: string): Status {
  return new Status("Invalid", "the server rejected our request due to an error in our request", {
    causes: [{ reason: "UnexpectedServerResponse", message }],
  });
}
