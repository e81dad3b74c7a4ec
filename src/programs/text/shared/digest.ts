type Words = readonly number[];

function rotl(x: number, n: number): number {
  return (x << n) | (x >>> (32 - n));
}

/** The message with its padding, in blocks of 16 words. */
function* blocks(bytes: Uint8Array, littleEndian: boolean): Generator<Words> {
  const size = Math.ceil((bytes.length + 9) / 64) * 64;
  const padded = new Uint8Array(size);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  const bits = BigInt(bytes.length) * 8n;
  view.setBigUint64(size - 8, bits, littleEndian);
  for (let at = 0; at < size; at += 64)
    yield Array.from({ length: 16 }, (_, i) => view.getUint32(at + 4 * i, littleEndian));
}

function hex(words: Words, littleEndian: boolean): string {
  return words
    .map((word) => {
      const text = (word >>> 0).toString(16).padStart(8, "0");
      return littleEndian ? (text.match(/../g) ?? []).reverse().join("") : text;
    })
    .join("");
}

const md5Table = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);
const md5Shifts = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];

/** MD5 (RFC 1321). */
export function md5(bytes: Uint8Array): string {
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (const block of blocks(bytes, true)) {
    let [a = 0, b = 0, c = 0, d = 0] = state;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const mixed =
        round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d);
      const word =
        block[round === 0 ? i : round === 1 ? (5 * i + 1) & 15 : round === 2 ? (3 * i + 5) & 15 : (7 * i) & 15] ?? 0;
      const sum = (a + mixed + (md5Table[i] ?? 0) + word) | 0;
      [a, d, c, b] = [d, c, b, (b + rotl(sum, md5Shifts[round]?.[i & 3] ?? 0)) | 0];
    }
    state = [a, b, c, d].map((word, i) => (word + (state[i] ?? 0)) | 0);
  }
  return hex(state, true);
}

/** SHA-1 (FIPS 180-4). */
export function sha1(bytes: Uint8Array): string {
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (const block of blocks(bytes, false)) {
    const words = [...block];
    for (let i = 16; i < 80; i++)
      words[i] = rotl((words[i - 3] ?? 0) ^ (words[i - 8] ?? 0) ^ (words[i - 14] ?? 0) ^ (words[i - 16] ?? 0), 1);
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
    for (let i = 0; i < 80; i++) {
      const [mixed, constant] =
        i < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : i < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : i < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6];
      const sum = (rotl(a, 5) + mixed + e + constant + (words[i] ?? 0)) | 0;
      [e, d, c, b, a] = [d, c, rotl(b, 30), a, sum];
    }
    state = [a, b, c, d, e].map((word, i) => (word + (state[i] ?? 0)) | 0);
  }
  return hex(state, false);
}

/** The first fraction bits of roots of the first primes. */
function fractions(count: number, root: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (prime) found.push(((n ** (1 / root) % 1) * 2 ** 32) | 0);
  }
  return found;
}
const sha256Table = fractions(64, 3);
const sha256Start = fractions(8, 2);

/** SHA-256 (FIPS 180-4). */
export function sha256(bytes: Uint8Array): string {
  let state = sha256Start;
  for (const block of blocks(bytes, false)) {
    const words = [...block];
    for (let i = 16; i < 64; i++) {
      const [x = 0, y = 0] = [words[i - 15], words[i - 2]];
      const s0 = rotl(x, 25) ^ rotl(x, 14) ^ (x >>> 3);
      const s1 = rotl(y, 15) ^ rotl(y, 13) ^ (y >>> 10);
      words[i] = ((words[i - 16] ?? 0) + s0 + (words[i - 7] ?? 0) + s1) | 0;
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    for (let i = 0; i < 64; i++) {
      const s1 = rotl(e, 26) ^ rotl(e, 21) ^ rotl(e, 7);
      const first = (h + s1 + ((e & f) ^ (~e & g)) + (sha256Table[i] ?? 0) + (words[i] ?? 0)) | 0;
      const s0 = rotl(a, 30) ^ rotl(a, 19) ^ rotl(a, 10);
      const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    state = [a, b, c, d, e, f, g, h].map((word, i) => (word + (state[i] ?? 0)) | 0);
  }
  return hex(state, false);
}
