import { base64Of } from "../../base/base64.ts";
import type { JsonObject } from "../../base/json.ts";
import { bytesOf } from "../../base/text-bytes.ts";
import { contentHash } from "./content-hash.ts";
import type { Context } from "./context.ts";
import { boolFlag } from "./flag-types.ts";
import { type Generated, generatedMetadata } from "./generator.ts";

export const appendHashFlag = boolFlag("Put a hash of the content behind the name.");

/** A Secret of texts, as the generators of secrets make it. */
export function generatedSecret(
  context: Context,
  name: string,
  texts: ReadonlyMap<string, string>,
  options: { readonly type: string; readonly appendHash: boolean },
): Generated {
  const data = Object.fromEntries([...texts].map(([key, text]) => [key, base64Of(bytesOf(text))]));
  const { type, appendHash } = options;
  const hashed: JsonObject = { kind: "Secret", type, name, data: texts.size > 0 ? data : "" };
  const metadata = generatedMetadata(context, appendHash ? `${name}-${contentHash(hashed)}` : name);
  const object = { apiVersion: "v1", kind: "Secret", metadata, data, type };
  return { object, plural: "secrets", failed: "failed to create secret " };
}
