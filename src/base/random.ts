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
    let text = "";
    while (text.length < length) text += this.next32().toString(16).padStart(8, "0");
    return text.slice(0, length);
  }

  /** A random (version 4) UUID, as the API server gives to every object. */
  uuid(): string {
    const h = this.hex(32);
    const variant = "89ab"[Number.parseInt(h[16] ?? "0", 16) & 3];
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20)}`;
  }
}
