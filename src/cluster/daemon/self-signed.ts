import { SECOND } from "../../base/clock.ts";
import { Random } from "../../base/random.ts";
import { issueCertificate } from "../../base/x509/certificate.ts";
import { keyToPem, newKey } from "../../base/x509/key.ts";
import type { Process } from "../../machine/process.ts";

const HOUR = 3600 * SECOND;
const YEAR = 365 * 24 * HOUR;

/**
 * The certificate that a component without one makes for itself when it starts: for a year from an hour ago, signed by
 * an authority of its own that nobody else knows (client-go util/cert, 1.35). Both are made when first looked at.
 */
export function selfSigned(
  proc: Process,
  host: string,
  more: { readonly dnsNames?: readonly string[]; readonly addresses?: readonly string[] } = {},
): { readonly certificate: () => string; readonly key: () => string } {
  const { now } = proc.machine.kernel.clock;
  const seed = `${(proc.machine.host ?? proc.machine).name}/${proc.argv[0]}/${host}/${now}`;
  let made: { certificate: string; key: string } | undefined;
  const make = () => {
    made ??= issue(seed, host, now, more);
    return made;
  };
  return { certificate: () => make().certificate, key: () => make().key };
}

function issue(
  seed: string,
  host: string,
  now: number,
  more: { readonly dnsNames?: readonly string[]; readonly addresses?: readonly string[] },
): { certificate: string; key: string } {
  const random = new Random(seed);
  const seconds = Math.floor(now / SECOND);
  const authority = { subject: { commonName: `${host}-ca@${seconds}` }, key: newKey(random) };
  const validity = { notBefore: now - HOUR, notAfter: now - HOUR + YEAR };
  const key = newKey(random);
  const leaf = issueCertificate(
    {
      ...validity,
      subject: { commonName: `${host}@${seconds}` },
      publicKey: key.publicKey,
      issuer: authority,
      usages: ["server"],
      dnsNames: [host, ...(more.dnsNames ?? [])],
      addresses: (more.addresses ?? []).map((address) => Uint8Array.from(address.split(".").map(Number))),
    },
    random,
  );
  const { subject } = authority;
  const own = { subject, publicKey: authority.key.publicKey, issuer: authority, authority: true };
  const root = issueCertificate({ ...validity, ...own, dnsNames: [subject.commonName] }, random);
  return { certificate: leaf + root, key: keyToPem(key) };
}
