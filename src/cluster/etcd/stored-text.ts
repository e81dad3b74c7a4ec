import { sha256 } from "@noble/hashes/sha2.js";
import { base64Of } from "../../base/base64.ts";
import { bytesOf } from "../../base/text-bytes.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import { sealOf } from "../store/seal.ts";

/**
 * The value of an object in etcd as one would see it: JSON (a real server writes protobuf), or where it is encrypted the
 * prefix of its provider and key and then base64 of bytes. Those are masked by hashes of the key, not by the provider's cipher.
 */
export function storedText(object: KubeObject): string {
  const plain = JSON.stringify(object, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
  const by = sealOf(object);
  if (!by) return plain;
  const bytes = bytesOf(plain);
  const start = `${by.provider}:${by.secret}:${object.metadata.uid}:${object.metadata.resourceVersion}`;
  for (let at = 0; at < bytes.length; at += 32) {
    const mask = sha256(bytesOf(`${start}:${at}`));
    for (let i = 0; i < 32 && at + i < bytes.length; i++) bytes[at + i] = (bytes[at + i] ?? 0) ^ (mask[i] ?? 0);
  }
  return `k8s:enc:${by.provider}:v1:${by.key}:${base64Of(bytes)}`;
}
