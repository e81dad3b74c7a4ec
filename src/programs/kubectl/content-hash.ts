import { sha256 } from "@noble/hashes/sha2.js";
import { type JsonObject, toJson } from "../../base/json.ts";
import { bytesOf } from "../../base/text-bytes.ts";

const safe: Readonly<Record<string, string>> = { "0": "g", "1": "h", "3": "k", a: "m", e: "t" };

/** What --append-hash puts behind a name: ten characters of the SHA-256 of the content (kubectl/util/hash, 1.33). */
export function contentHash(content: JsonObject): string {
  const digest = sha256(bytesOf(toJson(content, { sortKeys: true })));
  const hex = [...digest.subarray(0, 5)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [...hex].map((character) => safe[character] ?? character).join("");
}
