import type { Micros } from "../../../base/clock.ts";
import { SECOND } from "../../../base/clock.ts";
import type { Random } from "../../../base/random.ts";
import { certificateTime } from "../../../base/x509/certificate-time.ts";
import * as der from "../../../base/x509/der.ts";
import { pemOf } from "../../../base/x509/pem.ts";
import { keyInfoOf, type PrivateKey, signed } from "../../../base/x509/private-key.ts";
import { bytesOfNumber, type HashName } from "../../../base/x509/rsa.ts";
import { type Call, Fault } from "./define.ts";
import { type Extension, extensionDer } from "./extensions.ts";

const DAY = 86_400 * SECOND;

/** What a certificate shall say. */
export interface Issue {
  readonly serial: Uint8Array;
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly keyInfo: Uint8Array;
  readonly now: Micros;
  readonly days: number;
  readonly extensions: readonly Extension[];
}

/** Signs a certificate; PEM. Version 1 where it has no extensions, as OpenSSL does. */
export function certificate(key: PrivateKey, issue: Issue, hash: HashName): string {
  const { extensions, now } = issue;
  const list = extensions.length > 0 ? [der.context(3, der.sequence(...extensions.map(extensionDer)))] : [];
  const whole = signed(
    key,
    (algorithm) =>
      der.sequence(
        ...(extensions.length > 0 ? [der.context(0, der.integer(Uint8Array.of(2)))] : []),
        der.integer(issue.serial),
        algorithm,
        issue.issuer,
        der.sequence(certificateTime(now), certificateTime(now + issue.days * DAY)),
        issue.subject,
        issue.keyInfo,
        ...list,
      ),
    hash,
  );
  return pemOf("CERTIFICATE", whole);
}

/** Signs a request (PKCS #10); PEM. */
export function request(
  key: PrivateKey,
  subject: Uint8Array,
  extensions: readonly Extension[],
  hash: HashName,
): string {
  const asked =
    extensions.length > 0
      ? [der.sequence(der.oid("1.2.840.113549.1.9.14"), der.set(der.sequence(...extensions.map(extensionDer))))]
      : [];
  const version = der.integer(Uint8Array.of(0));
  const whole = signed(key, () => der.sequence(version, subject, keyInfoOf(key), der.context(0, ...asked)), hash);
  return pemOf("CERTIFICATE REQUEST", whole);
}

/** Twenty random bytes that are no negative number. */
export function newSerial(random: Random): Uint8Array {
  const bytes = Uint8Array.from({ length: 20 }, () => random.below(256));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

/** The number that -set_serial gives. Throws Fault. */
export function givenSerial(call: Call): Uint8Array | undefined {
  const text = call.value("set_serial");
  if (text === undefined) return undefined;
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(text)) throw new Fault(`${call.name}: Unable to parse serial number "${text}"`);
  return bytesOfNumber(BigInt(text));
}

/** What to sign with: SHA-256 where nothing is said. */
export function hashOf(call: Call): HashName {
  const digest = (call.value("digest") ?? "sha256").toLowerCase();
  if (digest === "sha256" || digest === "sha384" || digest === "sha512") return digest;
  throw new Fault(`openssl: signing with ${digest} is not simulated (sha256, sha384 and sha512 are)`);
}
