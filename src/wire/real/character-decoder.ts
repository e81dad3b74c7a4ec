import { concatBytes } from "@noble/hashes/utils.js";
import { textOf } from "../../base/text-bytes.ts";

/** Bytes that come in pieces as text: a character that a piece cuts in two is kept until the next. */
export class CharacterDecoder {
  private rest: Uint8Array = new Uint8Array();

  push(bytes: Uint8Array): string {
    const all = this.rest.length === 0 ? bytes : concatBytes(this.rest, bytes);
    const whole = all.length - unfinished(all);
    this.rest = all.slice(whole);
    return textOf(all.subarray(0, whole));
  }

  /** What is left when nothing more comes. */
  end(): string {
    const text = textOf(this.rest);
    this.rest = new Uint8Array();
    return text;
  }
}

/** How many bytes at the end begin a character of UTF-8 that is not there as a whole. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? back : 0;
  }
  return 0;
}
