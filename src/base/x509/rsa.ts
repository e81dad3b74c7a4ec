import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import type { Random } from "../random.ts";
import * as der from "./der.ts";

/** An RSA key with its primes; the exponent is 65537 in those made here. */
export interface RsaKey {
  readonly modulus: bigint;
  readonly exponent: bigint;
  readonly secret: bigint;
  readonly primes: readonly [larger: bigint, smaller: bigint];
}

/** The hashes that signatures are made with. */
export type HashName = "sha256" | "sha384" | "sha512";

const hashes: Readonly<Record<HashName, { oid: string; of: (message: Uint8Array) => Uint8Array }>> = {
  sha256: { oid: "2.16.840.1.101.3.4.2.1", of: (message) => sha256(message) },
  sha384: { oid: "2.16.840.1.101.3.4.2.2", of: (message) => sha384(message) },
  sha512: { oid: "2.16.840.1.101.3.4.2.3", of: (message) => sha512(message) },
};

/** Whether a number is prime: Miller-Rabin with the first twelve primes as bases. */
let isPrime = (candidate: bigint): boolean => {
  let [odd, twos] = [candidate - 1n, 0];
  for (; (odd & 1n) === 0n; odd >>= 1n) twos++;
  return [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n].every((base) => {
    let power = powerOf(base, odd, candidate);
    if (power === 1n || power === candidate - 1n) return true;
    for (let i = 1; i < twos; i++) {
      power = (power * power) % candidate;
      if (power === candidate - 1n) return true;
    }
    return false;
  });
};

/** Takes a native test from the host that the lab runs on: the same answers, sooner. */
export function lendPrimality(test: (candidate: bigint) => boolean): void {
  isPrime = test;
}

/** A key of `bits` bits whose primes follow from `random`. */
export function newRsaKey(bits: number, random: Random): RsaKey {
  const exponent = 65537n;
  for (;;) {
    const [one, other] = [primeOf(bits - (bits >> 1), random), primeOf(bits >> 1, random)];
    const primes: [bigint, bigint] = one > other ? [one, other] : [other, one];
    const [p, q] = [primes[0] - 1n, primes[1] - 1n];
    const modulus = one * other;
    if (one === other || modulus.toString(2).length !== bits) continue;
    return { modulus, exponent, secret: inverse(exponent, (p / commonDivisor(p, q)) * q), primes };
  }
}

const smallPrimes: number[] = [];

/** The odd primes below a limit, reckoned when they are first wanted. */
function primesBelow(limit: number): readonly number[] {
  const primes = smallPrimes;
  if (primes.length > 0) return primes;
  for (let n = 3; n < limit; n += 2) if (primes.every((prime) => prime * prime > n || n % prime !== 0)) primes.push(n);
  return primes;
}

/** The first prime after a random start that has its two highest bits set. */
function primeOf(bits: number, random: Random): bigint {
  const sieve = primesBelow(8000);
  for (;;) {
    const drawn = BigInt(`0x${random.hex(Math.ceil(bits / 4))}`) & ((1n << BigInt(bits)) - 1n);
    const start = drawn | (3n << BigInt(bits - 2)) | 1n;
    const rests = sieve.map((prime) => Number(start % BigInt(prime)));
    for (let step = 0; step < 20_000; step += 2) {
      if (sieve.some((prime, i) => ((rests[i] ?? 0) + step) % prime === 0)) continue;
      const candidate = start + BigInt(step);
      if (candidate % 65537n !== 1n && candidate.toString(2).length === bits && isPrime(candidate)) return candidate;
    }
  }
}

function commonDivisor(a: bigint, b: bigint): bigint {
  while (b > 0n) [a, b] = [b, a % b];
  return a;
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [rest, next, x, y] = [modulus, value % modulus, 0n, 1n];
  while (next > 0n) {
    const times = rest / next;
    [rest, next, x, y] = [next, rest - times * next, y, x - times * y];
  }
  return x < 0n ? x + modulus : x;
}

/** Modular exponentiation, four bits of the exponent at a time. */
function powerOf(base: bigint, exponent: bigint, modulus: bigint): bigint {
  const table = [1n, base % modulus];
  for (let i = 2; i < 16; i++) table.push(((table[i - 1] ?? 0n) * (table[1] ?? 0n)) % modulus);
  let result = 1n;
  for (const digit of exponent.toString(16)) {
    for (let i = 0; i < 4; i++) result = (result * result) % modulus;
    const factor = table[Number.parseInt(digit, 16)];
    if (digit !== "0" && factor !== undefined) result = (result * factor) % modulus;
  }
  return result;
}

/** The bytes of a number, most significant first. */
export function bytesOfNumber(value: bigint, length = 0): Uint8Array {
  const digits = value.toString(16);
  const hex = digits.padStart(Math.max(2 * length, digits.length + (digits.length % 2)), "0");
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

/** The number that bytes stand for. */
export function numberOf(bytes: Uint8Array): bigint {
  let hex = "0x0";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return BigInt(hex);
}

const number = (value: bigint): der.Der => der.integer(bytesOfNumber(value));

/** The numbers of a key in the order of PKCS #1 (RFC 8017, A.1.2), the version left out. */
export function rsaNumbers({ modulus, exponent, secret, primes: [p, q] }: RsaKey): readonly bigint[] {
  return [modulus, exponent, secret, p, q, secret % (p - 1n), secret % (q - 1n), inverse(q, p)];
}

/** RSAPrivateKey of PKCS #1. */
export function rsaKeyDer(key: RsaKey): der.Der {
  return der.sequence(number(0n), ...rsaNumbers(key).map(number));
}

/** Reads an RSAPrivateKey; undefined where it is none. */
export function readRsaKey(bytes: Uint8Array): RsaKey | undefined {
  try {
    const [, modulus, exponent, secret, p, q] = der.parse(bytes).parts.map(({ content }) => numberOf(content));
    if (!modulus || !exponent || !secret || !p || !q) return undefined;
    return { modulus, exponent, secret, primes: [p, q] };
  } catch {
    return undefined;
  }
}

/** RSAPublicKey of PKCS #1: what a certificate holds. */
export function rsaPublicKey({ modulus, exponent }: Pick<RsaKey, "modulus" | "exponent">): der.Der {
  return der.sequence(number(modulus), number(exponent));
}

/** Whether all parts of a key belong together. */
export function rsaKeyFits({ modulus, exponent, secret, primes: [p, q] }: RsaKey): boolean {
  return (
    p * q === modulus &&
    (exponent * secret) % (((p - 1n) / commonDivisor(p - 1n, q - 1n)) * (q - 1n)) === 1n &&
    isPrime(p) &&
    isPrime(q)
  );
}

/** What is signed: padding of ones, a zero, the name of the hash and the hash (RFC 8017, 9.2). */
function padded(message: Uint8Array, hash: HashName, length: number): bigint {
  const { oid, of } = hashes[hash];
  const info = der.sequence(der.sequence(der.oid(oid), der.tagged(0x05)), der.octets(of(message)));
  const bytes = new Uint8Array(length).fill(0xff);
  bytes.set([0, 1]);
  bytes.set([0], length - info.length - 1);
  bytes.set(info, length - info.length);
  return numberOf(bytes);
}

const lengthOf = (modulus: bigint): number => Math.ceil(modulus.toString(2).length / 8);

/** Signs (PKCS #1, version 1.5), with the Chinese remainder theorem. */
export function rsaSign(key: RsaKey, message: Uint8Array, hash: HashName): Uint8Array {
  const {
    modulus,
    secret,
    primes: [p, q],
  } = key;
  const length = lengthOf(modulus);
  const value = padded(message, hash, length);
  const [first, second] = [powerOf(value, secret % (p - 1n), p), powerOf(value, secret % (q - 1n), q)];
  const difference = (((first - second) % p) + p) % p;
  return bytesOfNumber(second + q * ((difference * inverse(q, p)) % p), length);
}

/** Whether the holder of this key (RSAPublicKey) signed a message. */
export function rsaVerify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array, hash: HashName): boolean {
  const [modulus = 0n, exponent = 0n] = der.parse(publicKey).parts.map(({ content }) => numberOf(content));
  if (modulus === 0n || lengthOf(modulus) < 64) return false;
  return powerOf(numberOf(signature), exponent, modulus) === padded(message, hash, lengthOf(modulus));
}
