import type { JsonObject } from "../../base/json.ts";
import { isObject } from "../../base/json-object.ts";
import type { Task } from "../../machine/define.ts";
import type { Query } from "./client.ts";
import type { Context } from "./context.ts";
import { boolFlag } from "./flag-types.ts";
import type { Found } from "./selection.ts";

/** The old flag that keeps the command line in an annotation, which rollout history shows. */
export const recordFlag = boolFlag("Keep the command line in an annotation.", {
  hidden: true,
  deprecated: "--record will be removed in the future",
});

/** The annotation that --record writes. */
export const changeCauseAnnotation = "kubernetes.io/change-cause";

/** An object with the command line in its annotation, where --record was given (genericclioptions.RecordFlags, 1.33). */
export function recorded(context: Context, wanted: boolean | undefined, object: JsonObject): JsonObject {
  if (!wanted) return object;
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const annotations = isObject(metadata.annotations) ? metadata.annotations : {};
  return {
    ...object,
    metadata: { ...metadata, annotations: { ...annotations, [changeCauseAnnotation]: context.line } },
  };
}

/** Writes the annotation of an object that was just changed, in a request of its own. */
export function* recordAfter(context: Context, wanted: boolean, found: Found, query: Query): Task {
  if (!wanted) return;
  const patch = { metadata: { annotations: { [changeCauseAnnotation]: context.line } } };
  yield* context.client.patch(found, "merge", patch, query);
}
