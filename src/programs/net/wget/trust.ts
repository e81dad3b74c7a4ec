import type { HttpRequest } from "../../../base/http.ts";
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

/** What wget asks of its options here. */
interface Wanted {
  readonly proc: Process;
  has(key: string): boolean;
  value(key: string): string | undefined;
  say(text: string): Task;
}

/** GnuTLS' words for what is wrong with a certificate (src/gnutls.c, 1.21). */
const words: Partial<Record<CertificateFault, (host: string) => string>> = {
  "unknown issuer": (host) => `The certificate of ‘${host}’ doesn't have a known issuer.`,
  "self-signed": (host) => `The certificate of ‘${host}’ doesn't have a known issuer.`,
  "self-signed in chain": (host) => `The certificate of ‘${host}’ doesn't have a known issuer.`,
};

/** Whether the connection may go on, and what the client shows of itself. */
export function* trusted(
  wanted: Wanted,
  host: string,
  listener: Listener,
): Task<{ ok: boolean; status?: number; certificate?: HttpRequest["clientCertificate"] }> {
  const { proc } = wanted;
  const { tls } = listener;
  const shown = wanted.value("certificate");
  const certificate = shown === undefined ? undefined : pemFile(proc, shown);
  const key = shown === undefined ? undefined : pemFile(proc, wanted.value("private-key") ?? shown);
  if (
    !tls ||
    tls.refusesName?.(serverNameOf(host)) ||
    (shown !== undefined && !(certificate && key && isPair(proc, certificate, key)))
  ) {
    yield* wanted.say("Unable to establish SSL connection.\n");
    return { ok: false, status: 4 };
  }
  const lax = wanted.has("no-check-certificate");
  const source = pemFile(proc, wanted.value("ca-certificate") ?? SYSTEM_AUTHORITIES);
  const authority = typeof source === "function" ? source() : source;
  const faults = certificateFaults(tls.certificate(serverNameOf(host)), authority, host, proc.machine.kernel.clock.now);
  const level = lax ? "WARNING" : "ERROR";
  const chain = faults.filter((fault) => fault !== "wrong name");
  if (chain.length > 0) yield* wanted.say(`${level}: The certificate of ‘${host}’ is not trusted.\n`);
  for (const fault of chain) {
    const said = words[fault]?.(host);
    if (said) yield* wanted.say(`${level}: ${said}\n`);
    if (fault === "expired") yield* wanted.say("The certificate has expired\n");
    if (fault === "not yet valid") yield* wanted.say("The certificate has not yet been activated\n");
  }
  if (faults.includes("wrong name")) yield* wanted.say(`The certificate's owner does not match hostname ‘${host}’\n`);
  if (!lax && faults.length > 0) return { ok: false, status: 5 };
  if (tls.refuses?.(certificate) !== undefined) {
    yield* wanted.say(
      "HTTP request sent, awaiting response... Read error (A TLS fatal alert has been received.) in headers.\n",
    );
    return { ok: false, status: 4 };
  }
  return { ok: true, ...(certificate === undefined ? {} : { certificate }) };
}
