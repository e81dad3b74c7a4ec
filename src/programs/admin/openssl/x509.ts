import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { SECOND } from "../../../base/clock.ts";
import { micros } from "../../../base/x509/certificate-time.ts";
import { pemOf } from "../../../base/x509/pem.ts";
import type { Task } from "../../../machine/define.ts";
import { type Call, type Command, Fault, notSimulated, unknownAlgorithm } from "./define.ts";
import { colons, extensionNames, extensionsIn, extensionText } from "./extensions.ts";
import { addressProblem, hostProblem } from "./matching.ts";
import { nameStyle, nameText } from "./names.ts";
import { type CertificateParts, certificatesIn } from "./parts.ts";
import { modulusLine } from "./req.ts";
import { certificateText, dateText } from "./text.ts";
import { signRequest } from "./x509-sign.ts";

/** The hash functions by their names on the command line. */
const digests: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  md5: (bytes) => md5(bytes),
  sha1: (bytes) => sha1(bytes),
  sha256: (bytes) => sha256(bytes),
  sha384: (bytes) => sha384(bytes),
  sha512: (bytes) => sha512(bytes),
};

export function digestNamed(call: Call, name: string): (bytes: Uint8Array) => Uint8Array {
  const digest = digests[name.toLowerCase()];
  if (!digest) throw new Fault(`Unknown digest\n${unknownAlgorithm(call.proc, name)}`);
  return digest;
}

/** Shows certificates, and signs requests. */
export const x509: Command = {
  name: "x509",
  options:
    "in= out= noout text subject issuer dates startdate enddate serial fingerprint ext= checkend= pubkey modulus checkhost= checkip= nameopt= req CA= CAkey= CAcreateserial CAserial= set_serial= days= extfile= extensions= signkey= key= copy_extensions= inform= outform= email ocsp_uri subject_hash hash purpose certopt= passin= clrext",
  others: "digest",
  *run(call) {
    for (const form of ["inform", "outform"])
      if (!/^(pem)?$/i.test(call.value(form) ?? "")) throw notSimulated(`-${form} ${call.value(form)}`);
    for (const option of ["ocsp_uri", "subject_hash", "hash", "purpose", "certopt"])
      if (call.has(option)) throw notSimulated(`x509 -${option}`);
    const certificate = call.has("req")
      ? yield* signRequest(call)
      : yield* call.loaded(
          call.value("in"),
          "certificate",
          (text) => certificatesIn(text)[0],
          "Unable to load certificate",
        );
    return yield* show(call, certificate);
  },
};

function* show(call: Call, certificate: CertificateParts): Task<number> {
  let shown = "";
  for (const [name, value] of call.given) {
    const part = partText(call, certificate, name, value);
    if (part instanceof Fault) yield* call.say(part.message);
    else shown += part;
  }
  const seconds = call.number("checkend");
  if (seconds !== undefined) {
    const ends = micros(certificate.validity.parts[1]);
    const expires = call.proc.machine.kernel.clock.now + seconds * SECOND > ends;
    yield* call.output(`${shown}Certificate will ${expires ? "" : "not "}expire\n`);
    return expires ? 1 : 0;
  }
  const [host, address] = [call.value("checkhost"), call.value("checkip")];
  if (host !== undefined)
    shown += `Hostname ${host} does${hostProblem(certificate, host) ? " NOT" : ""} match certificate\n`;
  if (address !== undefined)
    shown += `IP ${address} does${addressProblem(certificate, address) ? " NOT" : ""} match certificate\n`;
  yield* call.output(shown + (call.has("noout") ? "" : pemOf("CERTIFICATE", certificate.whole)));
  return 0;
}

/** What one option shows; a Fault for what belongs on stderr. They come in the order in which they are given. */
function partText(call: Call, certificate: CertificateParts, name: string, value: string): string | Fault {
  const style = nameStyle(call.value("nameopt"));
  const [from, to] = certificate.validity.parts;
  const start = () => `notBefore=${dateText(micros(from))}\n`;
  const end = () => `notAfter=${dateText(micros(to))}\n`;
  if (name === "text") return certificateText(certificate, style);
  if (name === "subject") return `subject=${nameText(certificate.subject, style)}\n`;
  if (name === "issuer") return `issuer=${nameText(certificate.issuer, style)}\n`;
  if (name === "startdate") return start();
  if (name === "enddate") return end();
  if (name === "dates") return start() + end();
  if (name === "serial")
    return `serial=${colons(certificate.serial)
      .replaceAll(":", "")
      .replace(/^00(?=.)/, "")}\n`;
  if (name === "fingerprint") return fingerprint(call, certificate);
  if (name === "pubkey") return pemOf("PUBLIC KEY", certificate.keyInfo.whole);
  if (name === "modulus")
    return modulusLine(certificate.keyInfo).replace("Wrong Algorithm type", "No modulus for this public key type");
  if (name === "ext") return namedExtensions(certificate, value);
  return name === "email" ? emails(certificate) : "";
}

function fingerprint(call: Call, { whole }: CertificateParts): string {
  const name = call.value("digest");
  return `${name ?? "SHA1"} Fingerprint=${colons(digestNamed(call, name ?? "sha1")(whole))}\n`;
}

function emails({ extensions }: CertificateParts): string {
  const text = extensionsIn(extensions)
    .map((one) => extensionText(one, ""))
    .join("");
  return [...text.matchAll(/email:([^,\n]+)/g)].map(([, address]) => `${address}\n`).join("");
}

function namedExtensions({ extensions }: CertificateParts, value: string): string | Fault {
  const all = extensionsIn(extensions);
  if (all.length === 0) return new Fault("No extensions in certificate");
  const oids = value.split(",").map((word) => extensionNames.find(([option]) => option === word)?.[2] ?? word);
  const found = all.filter(({ oid }) => oids.includes(oid));
  if (found.length === 0) return new Fault("No extensions in certificate");
  return found.map((one) => extensionText(one, "")).join("");
}
