import { rfc1123z } from "../../../base/time.ts";
import { readCertificate } from "../../../base/x509/certificate.ts";
import type { PemSource } from "../../../cluster/kubeadm/pki.ts";
import type { Task } from "../../../machine/define.ts";
import type { Listener } from "../../../machine/define-network.ts";
import type { Process } from "../../../machine/process.ts";
import {
  type CertificateFault,
  certificateFaults,
  isPair,
  pemFile,
  SYSTEM_AUTHORITIES,
  serverNameOf,
} from "../certificates.ts";
import type { Url } from "../url.ts";
import { CurlFault, remark, type Talk } from "./define.ts";
import { agreedVersion, finished, offered, serverHello } from "./tls-version.ts";

/** OpenSSL's words for what is wrong with a certificate, and its number (crypto/x509/x509_txt.c, 3.0). */
const verifyWords: Readonly<Record<CertificateFault, readonly [words: string, code: number]>> = {
  "unknown issuer": ["unable to get local issuer certificate", 20],
  "self-signed": ["self-signed certificate", 18],
  "self-signed in chain": ["self-signed certificate in certificate chain", 19],
  expired: ["certificate has expired", 10],
  "not yet valid": ["certificate is not yet valid", 9],
  "wrong use": ["unsuitable certificate purpose", 26],
  "wrong name": ["", 0],
};

const moreDetails = `
More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the web page mentioned above.`;

/** What the client shows of itself on a TLS connection (--cert, --key). Throws CurlFault. */
function clientCertificate(proc: Process, talk: Talk): PemSource | undefined {
  const file = talk.settings.value("cert");
  if (file === undefined) return undefined;
  const name = /^[^:]*/.exec(file)?.[0] ?? file;
  const certificate = pemFile(proc, name);
  if (certificate === undefined)
    throw new CurlFault(
      58,
      `could not load PEM client certificate from ${name}, OpenSSL error error:80000002:system library::No such file or directory, (no key found, wrong pass phrase, or wrong file format?)`,
    );
  const keyName = talk.settings.value("key") ?? name;
  const key = pemFile(proc, keyName);
  if (key === undefined || !isPair(proc, certificate, key))
    throw new CurlFault(58, `unable to set private key file: '${keyName}' type PEM`);
  return certificate;
}

/** Shakes hands: looks at the server's certificate and shows an own one. Throws CurlFault; gives back what was shown. */
export function* handshake(talk: Talk, url: Url, listener: Listener, http2: boolean): Task<PemSource | undefined> {
  const { proc, settings } = talk;
  const shown = clientCertificate(proc, talk);
  yield* remark(talk, `* ALPN: offers ${http2 ? "h2,http/1.1" : "http/1.1"}`);
  const insecure = settings.has("insecure");
  const file = settings.value("cacert");
  const authority = insecure ? undefined : authorityText(proc, file);
  const [, most] = offered(settings);
  yield* remark(talk, `* TLSv${most} (OUT), TLS handshake, Client hello (1):`);
  if (!insecure) yield* remark(talk, `*  CAfile: ${file ?? SYSTEM_AUTHORITIES}\n*  CApath: /etc/ssl/certs`);
  const { tls } = listener;
  if (!tls) {
    const why =
      listener.banner === undefined && listener.http === undefined ? "unexpected eof while reading" : undefined;
    throw new CurlFault(
      35,
      `OpenSSL/3.0.19: error:${why ? "0A000126" : "0A00010B"}:SSL routines::${why ?? "wrong version number"}`,
    );
  }
  if (tls.refusesName?.(serverNameOf(url.host))) {
    yield* remark(talk, "* TLSv1.3 (IN), TLS alert, unrecognized name (624):");
    throw new CurlFault(35, "OpenSSL/3.0.19: error:0A000458:SSL routines::tlsv1 unrecognized name");
  }
  const version = agreedVersion(settings, tls);
  const { asksCertificate: asks = true } = tls;
  yield* remark(talk, serverHello(version, asks));
  const certificate = tls.certificate(serverNameOf(url.host));
  const faults = certificateFaults(certificate, authority, url.host, proc.machine.kernel.clock.now);
  const chain = faults.find((fault) => fault !== "wrong name");
  if (!insecure && chain) {
    const [words] = verifyWords[chain];
    yield* remark(talk, `* TLSv${version} (OUT), TLS alert, ${alerts[chain] ?? "unknown CA (560)"}:`);
    yield* remark(talk, `* SSL certificate problem: ${words}`);
    throw new CurlFault(60, `SSL certificate problem: ${words}${moreDetails}`);
  }
  yield* remark(talk, finished(version, asks, shown !== undefined));
  yield* remark(talk, `* ALPN: server accepted ${http2 ? "h2" : "http/1.1"}\n* Server certificate:`);
  const read = readCertificate(certificate);
  if (read) yield* remark(talk, about(read));
  if (!insecure && faults.includes("wrong name")) {
    const words = `SSL: no alternative certificate subject name matches target host name '${url.host}'`;
    yield* remark(talk, `*  subjectAltName does not match ${url.host}\n* ${words}`);
    throw new CurlFault(60, `${words}${moreDetails}`);
  }
  if (!insecure)
    yield* remark(talk, `*  subjectAltName: host "${url.host}" matched cert's ${JSON.stringify(url.host)}`);
  if (read) yield* remark(talk, `*  issuer: ${subjectText(read.issuer)}`);
  const verdict = chain ? verifyWords[chain] : undefined;
  yield* remark(
    talk,
    verdict
      ? `*  SSL certificate verify result: ${verdict[0]} (${verdict[1]}), continuing anyway.`
      : "*  SSL certificate verify ok.",
  );
  const refused = tls.refuses?.(shown);
  if (refused !== undefined) throw refusal(refused, http2);
  return shown;
}

const alerts: Partial<Record<CertificateFault, string>> = { expired: "certificate expired (557)" };

interface Shown {
  readonly subject: { readonly commonName: string; readonly organizations?: readonly string[] };
  readonly notBefore: number;
  readonly notAfter: number;
}

function about({ subject, notBefore, notAfter }: Shown): string {
  return `*  subject: ${subjectText(subject)}\n*  start date: ${dateText(notBefore)}\n*  expire date: ${dateText(notAfter)}`;
}

function subjectText({ commonName, organizations = [] }: Shown["subject"]): string {
  return [...organizations.map((name) => `O=${name}`), `CN=${commonName}`].join("; ");
}

/** Nov 21 19:04:14 2026 GMT */
function dateText(at: number): string {
  const [, day = "", month = "", year = "", time = ""] = rfc1123z(at).split(" ");
  return `${month} ${day.replace(/^0/, " ")} ${time} ${year} GMT`;
}

function authorityText(proc: Process, file: string | undefined): string | undefined {
  const source = pemFile(proc, file ?? SYSTEM_AUTHORITIES);
  if (
    file !== undefined &&
    (source === undefined || (typeof source === "string" && !source.includes("BEGIN CERTIFICATE")))
  )
    throw new CurlFault(77, `error setting certificate file: ${file}`);
  return typeof source === "function" ? source() : source;
}

/** What curl says when the server refuses the client's certificate with an alert. */
function refusal(alert: string, http2: boolean): CurlFault {
  const codes: Readonly<Record<string, string>> = {
    "certificate required": "0A00045C:SSL routines::tlsv13 alert certificate required",
    "bad certificate": "0A000412:SSL routines::sslv3 alert bad certificate",
    "unknown certificate authority": "0A000418:SSL routines::tlsv1 alert unknown ca",
  };
  if (http2 && !codes[alert]) return new CurlFault(56, `OpenSSL SSL_read: ${alert}, errno 0`);
  return new CurlFault(56, `OpenSSL SSL_read: OpenSSL/3.0.19: error:${codes[alert] ?? alert}, errno 0`);
}
