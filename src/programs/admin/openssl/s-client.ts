import { micros } from "../../../base/x509/certificate-time.ts";
import { pemOf } from "../../../base/x509/pem.ts";
import { type Errno, errnoWords, type Task } from "../../../machine/define.ts";
import type { Listener } from "../../../machine/define-network.ts";
import { type Chain, chainOf } from "./chain.ts";
import { type Call, type Command, errorLine, Fault } from "./define.ts";
import { nameText } from "./names.ts";
import { type CertificateParts, certificatesIn } from "./parts.ts";
import { bitsOf, dateText, methodName, rsaIn } from "./text.ts";
import { authorities } from "./verify.ts";

const CONNECT_TIMEOUT = 131;

/** Connects to a TLS server and shows its certificates. */
export const sClient: Command = {
  name: "s_client",
  options:
    "connect= servername= showcerts CAfile= cert= key= brief quiet verify= verify_return_error tls1_2 tls1_3 noservername ign_eof",
  operands: 1,
  *run(call) {
    const target = call.value("connect") ?? call.operands[0] ?? "localhost:4433";
    const [, host = "", port = "4433"] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(target) ?? [];
    const trusted = yield* authorities(call);
    const listener = yield* dial(call, host, Number(port));
    yield* call.proc.write(1, "CONNECTED(00000003)\n");
    if (!listener.tls) return yield* noTls(call, listener);
    const named = call.value("servername") ?? (/^[\d.]+$|:/.test(host) ? undefined : host);
    const asked = call.has("noservername") ? undefined : named;
    if (listener.tls.refusesName?.(asked)) return yield* withoutCertificate(call, UNRECOGNIZED_NAME);
    const shown = certificatesIn(listener.tls.certificate(asked));
    const [leaf] = shown;
    if (!leaf) throw new Fault("openssl: the server shows no certificate that can be read");
    const chain = chainOf(leaf, trusted, shown.slice(1), call.proc.machine.kernel.clock.now);
    if (/^[\d.]+$|:/.test(host) && !call.has("servername")) yield* call.say("Can't use SSL_get_servername");
    const code = yield* verification(call, chain);
    if (code !== undefined && call.has("verify_return_error")) return 1;
    yield* call.proc.write(1, session(call, listener, shown, code));
    // What is typed goes to the server, until the end of the input or a line that begins with Q.
    for (let text = yield* call.proc.read(); text !== undefined; text = yield* call.proc.read())
      if (/^Q/m.test(text)) break;
    yield* call.say("DONE");
    return 0;
  },
};

function* dial(call: Call, host: string, port: number): Task<Listener> {
  const { proc } = call;
  const { machine } = proc;
  const found = machine.network.resolve(machine, host);
  if ("failed" in found) {
    yield* proc.sleep(found.after);
    const line = `10080002:BIO routines:BIO_lookup_ex:system lib:../crypto/bio/bio_addr.c:746:${found.words}`;
    throw new Fault(`${errorLine(proc, line)}\nconnect:errno=0`);
  }
  const dialled = machine.network.dial(machine, found.addresses[0] ?? host, port);
  if ("listener" in dialled) return dialled.listener;
  if (dialled.failed === "timeout") yield* proc.sleep(CONNECT_TIMEOUT);
  const errors: Record<typeof dialled.failed, [Errno["code"], number]> = {
    refused: ["ECONNREFUSED", 111],
    timeout: ["ETIMEDOUT", 110],
    unreachable: ["EHOSTUNREACH", 113],
  };
  const [name, number] = errors[dialled.failed];
  const code = (0x80000000 + number).toString(16).toUpperCase();
  throw new Fault(
    `${errorLine(proc, `${code}:system library:BIO_connect:${errnoWords[name]}:../crypto/bio/bio_sock2.c:117:calling connect()`)}\n` +
      `${errorLine(proc, "10000067:BIO routines:BIO_connect:connect error:../crypto/bio/bio_sock2.c:119:")}\nconnect:errno=${number}`,
  );
}

function* noTls(call: Call, listener: Listener): Task<number> {
  const why =
    listener.http || listener.banner
      ? "0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl/record/ssl3_record.c:354:"
      : "0A000126:SSL routines:ssl3_read_n:unexpected eof while reading:../ssl/record/rec_layer_s3.c:320:";
  return yield* withoutCertificate(call, why);
}

const UNRECOGNIZED_NAME =
  "0A000458:SSL routines:ssl3_read_bytes:tlsv1 unrecognized name:../ssl/record/rec_layer_s3.c:1605:SSL alert number 112";

function* withoutCertificate(call: Call, why: string): Task<number> {
  yield* call.say(errorLine(call.proc, why));
  yield* call.proc.write(1, "---\nno peer certificate available\n---\nNo client certificate CA names sent\n---\n");
  return 1;
}

/** Says on stderr what the check of the chain finds, and gives back the last thing that is wrong. */
function* verification(call: Call, { certificates, fault }: Chain): Task<readonly [number, string] | undefined> {
  const name = (depth: number) => `depth=${depth} ${nameText((certificates[depth] as CertificateParts).subject)}`;
  let code: readonly [number, string] | undefined = fault && [fault.code, fault.words];
  if (fault) {
    yield* call.say(`${name(fault.depth)}\nverify error:num=${fault.code}:${fault.words}`);
    const { validity } = certificates[fault.depth] as CertificateParts;
    if (fault.code === 10) yield* call.say(`notAfter=${dateText(micros(validity.parts[1]))}`);
    if (fault.code === 9) yield* call.say(`notBefore=${dateText(micros(validity.parts[0]))}`);
    yield* call.say("verify return:1");
    if (fault.code === 20 && fault.depth === 0) {
      code = [21, "unable to verify the first certificate"];
      yield* call.say(`${name(0)}\nverify error:num=21:${code[1]}\nverify return:1`);
    }
  }
  for (let depth = certificates.length - 1; depth >= 0; depth--) yield* call.say(`${name(depth)}\nverify return:1`);
  return code;
}

function entry(certificate: CertificateParts, i: number, showAll: boolean): string {
  const { keyInfo, algorithm, validity } = certificate;
  const key = rsaIn(keyInfo) ? "rsaEncryption" : "id-ecPublicKey";
  const method = methodName(algorithm)
    .replace(/^(sha\d+)WithRSAEncryption$/, (_, hash: string) => `RSA-${hash.toUpperCase()}`)
    .replace(/^ecdsa-with-/, "ecdsa-with-");
  return (
    ` ${i} s:${nameText(certificate.subject)}\n   i:${nameText(certificate.issuer)}\n` +
    `   a:PKEY: ${key}, ${bitsOf(keyInfo)} (bit); sigalg: ${method}\n` +
    `   v:NotBefore: ${dateText(micros(validity.parts[0]))}; NotAfter: ${dateText(micros(validity.parts[1]))}\n` +
    (showAll ? pemOf("CERTIFICATE", certificate.whole) : "")
  );
}

function session(
  call: Call,
  listener: Listener,
  shown: readonly CertificateParts[],
  fault: readonly [number, string] | undefined,
): string {
  const leaf = shown[0] as CertificateParts;
  const all = call.has("showcerts");
  const rsa = rsaIn(leaf.keyInfo) !== undefined;
  const read = 760 + shown.reduce((sum, { whole }) => sum + whole.length, 0);
  return (
    `---\nCertificate chain\n${shown.map((one, i) => entry(one, i, all)).join("")}---\nServer certificate\n` +
    (all ? "" : pemOf("CERTIFICATE", leaf.whole)) +
    `subject=${nameText(leaf.subject)}\nissuer=${nameText(leaf.issuer)}\n---\n` +
    `${listener.tls?.refuses ? "" : "No client certificate CA names sent\n"}Peer signing digest: SHA256\nPeer signature type: ${rsa ? "RSA-PSS" : "ECDSA"}\n` +
    `Server Temp Key: X25519, 253 bits\n---\nSSL handshake has read ${read} bytes and written 377 bytes\n` +
    `Verification${fault ? ` error: ${fault[1]}` : ": OK"}\n---\nNew, TLSv1.3, Cipher is TLS_AES_128_GCM_SHA256\n` +
    `Server public key is ${bitsOf(leaf.keyInfo)} bit\nSecure Renegotiation IS NOT supported\nCompression: NONE\nExpansion: NONE\n` +
    `No ALPN negotiated\nEarly data was not sent\nVerify return code: ${fault ? `${fault[0]} (${fault[1]})` : "0 (ok)"}\n---\n`
  );
}
