import type { Listener } from "../../../machine/define-network.ts";
import { CurlFault, type Settings } from "./define.ts";

const versions = ["1.0", "1.1", "1.2", "1.3"] as const;
type TlsVersion = (typeof versions)[number];

/** What servers speak that say nothing else: Go's and OpenSSL 3's usual ones. */
const usual: readonly TlsVersion[] = ["1.2", "1.3"];

/** The version of TLS that both sides speak, the newest one. Throws CurlFault, in the words of OpenSSL 3.0. */
export function agreedVersion(settings: Settings, tls: NonNullable<Listener["tls"]>): "1.2" | "1.3" {
  const [least, most] = offered(settings);
  // Debian's OpenSSL has a security level at which nothing older than 1.2 is left.
  if (versions.indexOf(most) < versions.indexOf("1.2"))
    throw new CurlFault(35, "OpenSSL/3.0.19: error:0A0000BF:SSL routines::no protocols available");
  const spoken = tls.versions ?? usual;
  for (const version of ["1.3", "1.2"] as const) {
    const at = versions.indexOf(version);
    if (at >= versions.indexOf(least) && at <= versions.indexOf(most) && spoken.includes(version)) return version;
  }
  throw new CurlFault(35, "OpenSSL/3.0.19: error:0A00042E:SSL routines::tlsv1 alert protocol version");
}

/** The oldest and the newest version that curl offers: --tlsv1.2 is a lower bound, --tls-max an upper one. */
export function offered(settings: Settings): readonly [least: TlsVersion, most: TlsVersion] {
  const least = versions.findLast((version) => settings.has(`tlsv${version}`)) ?? "1.2";
  const asked = settings.value("tls-max");
  if (asked === undefined || asked === "default") return [least, "1.3"];
  const most = versions.find((version) => version === asked);
  if (!most) throw new CurlFault(2, "option --tls-max: is badly used here");
  return [least, most];
}

/** What -v tells of the server's part of a handshake, up to its certificate. */
export function serverHello(version: "1.2" | "1.3", asks: boolean): string {
  return version === "1.3"
    ? `* TLSv1.3 (IN), TLS handshake, Server hello (2):
* TLSv1.3 (IN), TLS handshake, Encrypted Extensions (8):
${asks ? "* TLSv1.3 (IN), TLS handshake, Request CERT (13):\n" : ""}* TLSv1.3 (IN), TLS handshake, Certificate (11):`
    : `* TLSv1.2 (IN), TLS handshake, Server hello (2):
* TLSv1.2 (IN), TLS handshake, Certificate (11):`;
}

/** What -v tells of the rest of a handshake. */
export function finished(version: "1.2" | "1.3", asks: boolean, withCertificate: boolean): string {
  if (version === "1.2")
    return `* TLSv1.2 (IN), TLS handshake, Server key exchange (12):
* TLSv1.2 (IN), TLS handshake, Server finished (14):
* TLSv1.2 (OUT), TLS handshake, Client key exchange (16):
* TLSv1.2 (OUT), TLS change cipher, Change cipher spec (1):
* TLSv1.2 (OUT), TLS handshake, Finished (20):
* TLSv1.2 (IN), TLS handshake, Finished (20):
* SSL connection using TLSv1.2 / ECDHE-ECDSA-AES256-GCM-SHA384`;
  return `* TLSv1.3 (IN), TLS handshake, CERT verify (15):
* TLSv1.3 (IN), TLS handshake, Finished (20):
* TLSv1.3 (OUT), TLS change cipher, Change cipher spec (1):
${asks ? "* TLSv1.3 (OUT), TLS handshake, Certificate (11):\n" : ""}${asks && withCertificate ? "* TLSv1.3 (OUT), TLS handshake, CERT verify (15):\n" : ""}* TLSv1.3 (OUT), TLS handshake, Finished (20):
* SSL connection using TLSv1.3 / TLS_AES_128_GCM_SHA256`;
}
