/** The world's only chance: a seeded generator (sfc32), so that the same seed gives the same names, addresses and jitter. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private d = 1;

  constructor(seed: string | number) {
    let h = 2166136261;
    for (const ch of String(seed)) h = Math.imul(h ^ (ch.codePointAt(0) ?? 0), 16777619);
    this.a = h | 0;
    this.b = Math.imul(h, 0x9e3779b9) | 0;
    this.c = Math.imul(h ^ 0x5bf03635, 0x85ebca6b) | 0;
    for (let i = 0; i < 12; i++) this.next32();
  }

  /** A whole number from 0 to 2³²-1. */
  next32(): number {
    const t = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + t) | 0;
    return t >>> 0;
  }

  /** From 0 to below 1. */
  fraction(): number {
    return this.next32() / 4294967296;
  }

  /** A whole number from 0 to below `bound`. */
  below(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }

  pick<T>(from: readonly [T, ...T[]] | readonly T[]): T {
    return from[this.below(from.length)] as T;
  }

  /** `length` characters of the alphabet Kubernetes uses for generated names (apimachinery util/rand, 1.35). */
  suffix(length = 5): string {
    let text = "";
    for (let i = 0; i < length; i++) text += "bcdfghjklmnpqrstvwxz2456789"[this.below(27)];
    return text;
  }

  hex(length: number): string {
    const codes: number[] = [];
    for (let bits = 0; codes.length < length; bits <<= 4) {
      if ((codes.length & 7) === 0) bits = this.next32();
      codes.push(digit(bits >>> 28));
    }
    return String.fromCharCode.apply(undefined, codes);
  }

  /** A random (version 4) UUID, as the API server gives to every object. Made in one piece, which takes a third of the memory. */
  uuid(): string {
    const codes: number[] = [];
    for (let word = 0; word < 4; word++) {
      const bits = this.next32();
      for (let at = 0; at < 8; at++) {
        const nibble = (bits >>> (28 - 4 * at)) & 15;
        const place = word * 8 + at;
        if (place === 8 || place === 12 || place === 16 || place === 20) codes.push(DASH);
        codes.push(place === 12 ? digit(4) : place === 16 ? digit(8 | (nibble & 3)) : digit(nibble));
      }
    }
    return String.fromCharCode.apply(undefined, codes);
  }
}

const DASH = 45;

/** The character code of a hexadecimal digit. */
function digit(value: number): number {
  return value < 10 ? 48 + value : 87 + value;
}
