import { sha1 } from "@noble/hashes/legacy.js";
import * as der from "../../../base/x509/der.ts";
import { keyInfoOf, privateKeyFromPem } from "../../../base/x509/private-key.ts";
import { bytesOfNumber } from "../../../base/x509/rsa.ts";
import { signatureFits } from "../../../base/x509/signature.ts";
import type { Task } from "../../../machine/define.ts";
import { extensionsFrom, parseConfig, valueIn } from "./config.ts";
import { type Call, errorLine, Fault } from "./define.ts";
import { type Extension, extensionsIn } from "./extensions.ts";
import { certificate, givenSerial, hashOf, newSerial } from "./issue.ts";
import { nameText } from "./names.ts";
import { type CertificateParts, certificatesIn, keyBits, type RequestParts, requestIn, sameBytes } from "./parts.ts";

/** `x509 -req`: makes a certificate of a request. Throws Fault. */
export function* signRequest(call: Call): Task<CertificateParts> {
  const asked = yield* requestFor(call);
  const ownKey = call.value("signkey") ?? call.value("key");
  if (ownKey === undefined && call.value("CA") === undefined)
    throw new Fault("We need a private key to sign with, use -key or -CA with private key");
  const issuerFile = call.value("CA") ?? "";
  const issuer =
    ownKey === undefined
      ? yield* call.loaded(
          issuerFile,
          "CA certificate",
          (text) => certificatesIn(text)[0],
          "Unable to load CA certificate",
        )
      : undefined;
  const keyFile = ownKey ?? call.value("CAkey") ?? issuerFile;
  const key = yield* call.loaded(keyFile, ownKey === undefined ? "CA private key" : "private key", privateKeyFromPem);
  const info = keyInfoOf(key);
  if (issuer && !sameBytes(info, issuer.keyInfo.whole)) {
    const words =
      "05800074:x509 certificate routines:X509_check_private_key:key values mismatch:../crypto/x509/x509_cmp.c:403:";
    throw new Fault(`CA certificate and CA private key do not match\n${errorLine(call.proc, words)}`);
  }
  const { kernel } = call.proc.machine;
  const serial = givenSerial(call) ?? (issuer ? yield* nextSerial(call, issuerFile) : newSerial(kernel.random));
  const text = certificate(
    key,
    {
      serial,
      issuer: (issuer?.subject ?? asked.subject).whole,
      subject: asked.subject.whole,
      keyInfo: asked.keyInfo.whole,
      now: kernel.clock.now,
      days: call.number("days") ?? 30,
      extensions: yield* extensionsFor(call, asked, keyBits(der.parse(info))),
    },
    hashOf(call),
  );
  const [made] = certificatesIn(text);
  if (!made) throw new Error("a certificate that was just made cannot be read");
  return made;
}

function* requestFor(call: Call): Task<RequestParts> {
  const unable = "Unable to load certificate request input";
  const asked = requestIn(yield* call.input(call.value("in"), unable));
  if (!asked) {
    const words =
      "0480006C:PEM routines:get_name:no start line:../crypto/pem/pem_lib.c:760:Expecting: CERTIFICATE REQUEST";
    throw new Fault(`${unable}\n${errorLine(call.proc, words)}`);
  }
  if (!signatureFits(keyBits(asked.keyInfo), asked.algorithm, asked.body.whole, asked.signature))
    throw new Fault("Certificate request self-signature did not match the contents");
  yield* call.say(`Certificate request self-signature ok\nsubject=${nameText(asked.subject)}`);
  return asked;
}

/** The number for the next certificate of an authority, kept in a file beside it. */
function* nextSerial(call: Call, issuerFile: string): Task<Uint8Array> {
  const file = call.value("CAserial") ?? `${issuerFile.replace(/\.[^./]*$/, "")}.srl`;
  const { random } = call.proc.machine.kernel;
  const kept = yield* call.text(file);
  // Without a file and without -CAcreateserial OpenSSL takes a random number and writes nothing.
  if (typeof kept !== "string" && !call.has("CAcreateserial") && !call.has("CAserial")) return newSerial(random);
  if (typeof kept !== "string" && !call.has("CAcreateserial")) yield* call.input(file);
  const next = typeof kept === "string" ? bytesOfNumber(BigInt(`0x${kept.trim() || "0"}`) + 1n) : newSerial(random);
  const hex = [...next].map((byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join("");
  yield* call.output(`${hex}\n`, file);
  return next;
}

const KEY_ID = "2.5.29.14";
const AUTHORITY_ID = "2.5.29.35";

function* extensionsFor(call: Call, asked: RequestParts, issuerKey: Uint8Array): Task<readonly Extension[]> {
  const keys = { own: keyBits(asked.keyInfo), issuer: issuerKey };
  const copies = /^copy(all)?$/.test(call.value("copy_extensions") ?? "");
  const list: Extension[] = copies ? [...extensionsIn(asked.extensions)] : [];
  const file = call.value("extfile");
  if (file !== undefined) {
    const config = parseConfig(yield* call.input(file));
    const section = call.value("extensions") ?? valueIn(config, "default", "extensions") ?? "default";
    list.push(...extensionsFrom(section, config, keys));
  }
  if (list.length === 0) return list;
  // OpenSSL adds the identifiers of both keys where a certificate has any extensions (apps/lib/apps.c do_X509_sign, 3.0).
  if (!list.some(({ oid }) => oid === KEY_ID))
    list.push({ oid: KEY_ID, critical: false, value: der.octets(sha1(keys.own)) });
  if (!sameBytes(keys.own, keys.issuer) && !list.some(({ oid }) => oid === AUTHORITY_ID)) {
    const value = der.sequence(der.contextPrimitive(0, sha1(keys.issuer)));
    list.push({ oid: AUTHORITY_ID, critical: false, value });
  }
  return list;
}
