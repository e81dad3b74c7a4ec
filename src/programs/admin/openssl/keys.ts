import * as der from "../../../base/x509/der.ts";
import { pemBlocks, pemOf } from "../../../base/x509/pem.ts";
import {
  keyInfoOf,
  type PrivateKey,
  privateKeyFromPem,
  privateKeyToPem,
  traditionalKeyToPem,
} from "../../../base/x509/private-key.ts";
import { bytesOfNumber, rsaKeyFits, rsaNumbers } from "../../../base/x509/rsa.ts";
import type { Task } from "../../../machine/define.ts";
import { type Call, type Command, Fault, notSimulated } from "./define.ts";
import { modulusLine } from "./req.ts";
import { bitsOf, hexLines, longNumber, publicKeyText, rsaIn } from "./text.ts";

const options =
  "in= out= noout text pubout pubin check pubcheck modulus traditional inform= outform= passin= passout= text_pub";

function publicKeyIn(text: string): der.Node | undefined {
  const block = pemBlocks(text, "PUBLIC KEY")[0];
  try {
    return block && der.parse(block);
  } catch {
    return undefined;
  }
}

/** What the three programs for keys differ in. */
interface Dialect {
  readonly what: string;
  readonly valid: string;
  readonly wants?: { readonly type: PrivateKey["type"]; readonly refusal: string };
  readonly reading?: string;
  readonly writing?: string;
  /** Which form a private key is written in. */
  readonly write: (key: PrivateKey, traditional: boolean) => string;
}

function* work(call: Call, dialect: Dialect): Task<number> {
  for (const form of ["inform", "outform"])
    if (!/^(pem)?$/i.test(call.value(form) ?? "")) throw notSimulated(`-${form} ${call.value(form)}`);
  if (call.has("passout")) throw notSimulated("a key with a pass phrase");
  if (dialect.reading !== undefined) yield* call.say(dialect.reading);
  return call.has("pubin") ? yield* workPublic(call, dialect) : yield* workPrivate(call, dialect);
}

function* workPublic(call: Call, { what, writing }: Dialect): Task<number> {
  const info = yield* call.loaded(call.value("in"), what.replace("private ", "public "), publicKeyIn);
  let shown = call.has("text") || call.has("text_pub") ? publicKeyText(info, "") : "";
  if (call.has("modulus")) shown += modulusLine(info);
  if (call.has("noout")) yield* call.output(shown);
  else {
    if (writing !== undefined) yield* call.say(writing);
    yield* call.output(shown + pemOf("PUBLIC KEY", info.whole));
  }
  return 0;
}

function* workPrivate(call: Call, dialect: Dialect): Task<number> {
  const key = yield* call.loaded(call.value("in"), dialect.what, privateKeyFromPem);
  if (dialect.wants && key.type !== dialect.wants.type) throw new Fault(dialect.wants.refusal);
  const info = der.parse(keyInfoOf(key));
  let shown = call.has("text") ? privateKeyText(key, info) : "";
  if (call.has("text_pub")) shown += publicKeyText(info, "");
  if (call.has("modulus")) shown += modulusLine(info);
  if (call.has("check") || call.has("pubcheck")) {
    if (key.type === "rsa" && !rsaKeyFits(key.rsa)) throw new Fault(`${shown}RSA key not ok`);
    shown += `${dialect.valid}\n`;
  }
  const pem = call.has("pubout") ? pemOf("PUBLIC KEY", info.whole) : dialect.write(key, call.has("traditional"));
  // pkey shows the key first and what it says after it.
  const text = call.has("noout") ? shown : dialect.writing === undefined ? pem + shown : shown + pem;
  if (!call.has("noout") && dialect.writing !== undefined) yield* call.say(dialect.writing);
  yield* call.output(text, undefined, !call.has("noout") && !call.has("pubout"));
  return 0;
}

const numberNames = [
  "modulus",
  "publicExponent",
  "privateExponent",
  "prime1",
  "prime2",
  "exponent1",
  "exponent2",
  "coefficient",
];

function privateKeyText(key: PrivateKey, info: der.Node): string {
  if (key.type === "ec")
    return (
      `Private-Key: (256 bit)\npriv:\n${hexLines(key.ec.secret, "    ", 15)}` +
      publicKeyText(info, "").replace(/^Public-Key.*\n/, "")
    );
  const numbers = rsaNumbers(key.rsa).map((value, i) => {
    const name = numberNames[i] ?? "";
    if (name === "publicExponent") return `${name}: ${value} (0x${value.toString(16)})\n`;
    return `${name}:\n${hexLines(longNumber(bytesOfNumber(value)), "    ", 15)}`;
  });
  return `Private-Key: (${bitsOf(info)} bit, ${rsaIn(info) ? 2 : 0} primes)\n${numbers.join("")}`;
}

const modern = (key: PrivateKey, traditional: boolean) =>
  traditional ? traditionalKeyToPem(key) : privateKeyToPem(key);

/** Shows and converts RSA keys. */
export const rsa: Command = {
  name: "rsa",
  options,
  others: "cipher",
  run: (call) =>
    work(call, {
      what: "private key",
      valid: "RSA key ok",
      wants: { type: "rsa", refusal: "Not an RSA key" },
      writing: "writing RSA key",
      write: modern,
    }),
};

/** Shows and converts keys of any make. */
export const pkey: Command = {
  name: "pkey",
  options,
  others: "cipher",
  complaint: ["help", "queue"],
  run: (call) => work(call, { what: "key", valid: "Key is valid", write: modern }),
};

/** Shows and converts keys on curves. */
export const ec: Command = {
  name: "ec",
  options,
  others: "cipher",
  complaint: ["help", "queue"],
  run: (call) =>
    work(call, {
      what: "private key",
      valid: "EC Key valid.",
      wants: { type: "ec", refusal: "Not an EC key" },
      reading: "read EC key",
      writing: "writing EC key",
      write: traditionalKeyToPem,
    }),
};
