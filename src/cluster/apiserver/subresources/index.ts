import type { JsonObject } from "../../../base/json.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Context } from "../context.ts";
import { unknownPath } from "../errors.ts";
import type { Writing } from "../registry/writing.ts";
import { bindPod } from "./binding.ts";
import { evictPod } from "./eviction.ts";

/** Creates something at a subresource, and gives what the server answers: a Status object, or the thing itself. */
export type CreateAt = (context: Context, writing: Writing, name: string, body: JsonObject) => KubeObject | JsonObject;

const creators: Readonly<Record<string, CreateAt>> = {
  "pods/binding": bindPod,
  "pods/eviction": evictPod,
};

export function createAtSubresource(
  context: Context,
  writing: Writing,
  name: string,
  body: JsonObject,
): KubeObject | JsonObject {
  const creator = creators[`${writing.kind.plural}/${writing.attributes.subresource}`];
  if (!creator) throw unknownPath();
  return creator(context, writing, name, body);
}
