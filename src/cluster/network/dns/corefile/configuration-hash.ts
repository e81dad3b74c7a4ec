import { sha512 } from "@noble/hashes/sha2.js";
import { bytesOf } from "../../../../base/text-bytes.ts";
import type { ServerBlock } from "./parse-corefile.ts";

/** What the reload plugin logs of a Corefile: the SHA-512 of its blocks and words, as Go writes them in JSON. */
export function configurationHash(blocks: readonly ServerBlock[]): string {
  const made = known.get(blocks) ?? hashOf(blocks);
  known.set(blocks, made);
  return made;
}

const known = new WeakMap<readonly ServerBlock[], string>();

function hashOf(blocks: readonly ServerBlock[]): string {
  const plain = blocks.map(({ keys, tokens }) => ({
    Keys: keys,
    Tokens: Object.fromEntries(
      [...tokens]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, words]) => [
          name,
          words.map(({ file = "", line, text }) => ({ File: file, Line: line, Text: text })),
        ]),
    ),
  }));
  const text = JSON.stringify(plain).replace(/[<>&\u2028\u2029]/g, (ch) => {
    return `\\u${ch.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return [...sha512(bytesOf(text))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
