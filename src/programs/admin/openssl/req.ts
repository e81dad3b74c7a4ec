import * as der from "../../../base/x509/der.ts";
import { pemOf } from "../../../base/x509/pem.ts";
import { keyInfoOf, type PrivateKey, privateKeyFromPem, privateKeyToPem } from "../../../base/x509/private-key.ts";
import { signatureFits } from "../../../base/x509/signature.ts";
import type { Task } from "../../../machine/define.ts";
import { askSubject } from "./ask-subject.ts";
import { type Config, extensionFrom, extensionsFrom, type Keys, parseConfig, valueIn } from "./config.ts";
import { type Call, type Command, errorLine, Fault, notSimulated } from "./define.ts";
import type { Extension } from "./extensions.ts";
import { certificate, givenSerial, hashOf, newSerial, request } from "./issue.ts";
import { makeEcKey, makeRsaKey, showProgress } from "./make-key.ts";
import { attribute, nameStyle, nameText, subjectOf } from "./names.ts";
import { keyBits, type RequestParts, requestIn } from "./parts.ts";
import { requestText, rsaIn } from "./text.ts";

/** Makes and shows requests for certificates, and certificates that sign themselves. */
export const req: Command = {
  name: "req",
  options:
    "new x509 key= newkey= nodes noenc keyout= out= in= subj= days= set_serial= addext= config= extensions= reqexts= text noout subject verify pubkey modulus batch nameopt= pkeyopt= inform= outform= utf8 verbose keyform= passin= passout=",
  others: "known digest",
  *run(call) {
    for (const form of ["inform", "outform"])
      if (!/^(pem)?$/i.test(call.value(form) ?? "")) throw notSimulated(`-${form} ${call.value(form)}`);
    if (call.has("new") || call.has("x509") || call.has("newkey")) return yield* make(call);
    return yield* show(call);
  },
};

function* make(call: Call): Task<number> {
  const config = yield* configOf(call);
  const key = yield* keyFor(call);
  const subject = yield* subjectFor(call, config);
  const hash = hashOf(call);
  const own = keyBits(der.parse(keyInfoOf(key)));
  const keys: Keys = { own, issuer: own };
  const added = call.all("addext").map((text) => {
    const equals = text.indexOf("=");
    return extensionFrom(text.slice(0, equals).trim(), text.slice(equals + 1), config, keys);
  });
  const { kernel } = call.proc.machine;
  if (!call.has("x509")) {
    const section = call.value("reqexts") ?? call.value("extensions") ?? valueIn(config, "req", "req_extensions");
    const asked = section === undefined ? [] : extensionsFrom(section, config, keys);
    const text = request(key, subject, [...asked, ...added], hash);
    return yield* put(call, text);
  }
  const section = call.value("extensions") ?? valueIn(config, "req", "x509_extensions");
  const base: readonly Extension[] =
    section !== undefined
      ? extensionsFrom(section, config, keys)
      : call.has("config")
        ? []
        : extensionsFrom("v3_ca", standard, keys);
  // -addext takes the place of an extension of the section.
  const extensions = [...base.filter(({ oid }) => !added.some((one) => one.oid === oid)), ...added];
  const text = certificate(
    key,
    {
      serial: givenSerial(call) ?? newSerial(kernel.random),
      issuer: subject,
      subject,
      keyInfo: keyInfoOf(key),
      now: kernel.clock.now,
      days: call.number("days") ?? 30,
      extensions,
    },
    hash,
  );
  yield* call.output(text);
  return 0;
}

function* put(call: Call, text: string): Task<number> {
  const parts = requestIn(text);
  const shown = parts && call.has("text") ? requestText(parts, nameStyle(call.value("nameopt"))) : "";
  yield* call.output(shown + (call.has("noout") ? "" : text));
  return 0;
}

/** What Debian's openssl.cnf says for certificates that sign themselves. */
const standard: Config = new Map([
  [
    "v3_ca",
    [
      ["subjectKeyIdentifier", "hash"],
      ["authorityKeyIdentifier", "keyid:always,issuer"],
      ["basicConstraints", "critical,CA:true"],
    ],
  ],
]);

function* configOf(call: Call): Task<Config> {
  const file = call.value("config");
  return file === undefined ? new Map() : parseConfig(yield* call.input(file));
}

function* keyFor(call: Call): Task<PrivateKey> {
  const file = call.value("key");
  if (file !== undefined && !call.has("newkey")) return yield* call.loaded(file, "private key", privateKeyFromPem);
  if (!call.has("nodes") && !call.has("noenc"))
    throw notSimulated("a key with a pass phrase (give -nodes, or an existing key with -key)");
  const wanted = call.value("newkey") ?? "rsa:2048";
  const options = new Map(call.all("pkeyopt").map((one) => one.split(/:(.*)/s, 2) as [string, string]));
  const [, bits] = /^rsa(?::(\d+))?$/i.exec(wanted) ?? [];
  if (!/^(rsa(:\d+)?|ec)$/i.test(wanted)) throw notSimulated(`-newkey ${wanted}`);
  const rsa = /^rsa/i.test(wanted);
  const key = rsa
    ? yield* makeRsaKey(call, Number(bits ?? 2048))
    : makeEcKey(call.proc, options.get("ec_paramgen_curve") ?? "none");
  if (rsa) yield* showProgress(call);
  yield* call.say("-----");
  yield* call.output(privateKeyToPem(key), call.value("keyout") ?? "privkey.pem", true);
  return key;
}

function* subjectFor(call: Call, config: Config): Task<der.Der> {
  const given = call.value("subj");
  if (given !== undefined) {
    const { name, warnings } = subjectOf(given, call.name);
    for (const warning of warnings) yield* call.say(warning);
    return name;
  }
  const section = valueIn(config, "req", "distinguished_name");
  if (!call.has("config")) return yield* askSubject(call);
  if (section === undefined || valueIn(config, "req", "prompt") !== "no")
    throw notSimulated("asking what a -config says (give -subj, or prompt = no there)");
  const parts = (config.get(section) ?? []).map(([type, value]) => {
    const part = attribute(type.replace(/^\d+\./, ""), value);
    if (!part) throw new Fault(`openssl: the subject's part ${type} is not known`);
    return der.set(part);
  });
  return der.sequence(...parts);
}

function* show(call: Call): Task<number> {
  const file = call.value("in");
  const unable = "Unable to load X509 request";
  const text = yield* call.input(file, unable);
  const parts = requestIn(text);
  if (!parts) {
    const words =
      "0480006C:PEM routines:get_name:no start line:../crypto/pem/pem_lib.c:760:Expecting: CERTIFICATE REQUEST";
    throw new Fault(`${unable}\n${errorLine(call.proc, words)}`);
  }
  if (call.has("verify")) {
    const good = signatureFits(keyBits(parts.keyInfo), parts.algorithm, parts.body.whole, parts.signature);
    yield* call.say(`Certificate request self-signature verify ${good ? "OK" : "failure"}`);
    if (!good) return 1;
  }
  yield* call.output(shownParts(call, parts) + (call.has("noout") ? "" : pemOf("CERTIFICATE REQUEST", parts.whole)));
  return 0;
}

function shownParts(call: Call, parts: RequestParts): string {
  const style = nameStyle(call.value("nameopt"));
  let shown = "";
  if (call.has("pubkey")) shown += pemOf("PUBLIC KEY", parts.keyInfo.whole);
  if (call.has("text")) shown += requestText(parts, style);
  if (call.has("subject")) shown += `subject=${nameText(parts.subject, style)}\n`;
  if (call.has("modulus")) shown += modulusLine(parts.keyInfo);
  return shown;
}

/** `-modulus`. */
export function modulusLine(keyInfo: der.Node): string {
  const rsa = rsaIn(keyInfo);
  if (!rsa) return "Modulus=Wrong Algorithm type\n";
  const hex = [...rsa.modulus].map((byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join("");
  return `Modulus=${hex.replace(/^(00)+/, "")}\n`;
}
