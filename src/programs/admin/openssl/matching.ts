import { parseIp } from "../../../base/cidr.ts";
import * as der from "../../../base/x509/der.ts";
import { numberOf } from "../../../base/x509/rsa.ts";
import { extensionsIn } from "./extensions.ts";
import { nameText } from "./names.ts";
import type { CertificateParts } from "./parts.ts";

const SUBJECT_ALT_NAME = "2.5.29.17";

function altNames({ extensions }: CertificateParts, tag: number): readonly der.Node[] {
  const names = extensionsIn(extensions).find(({ oid }) => oid === SUBJECT_ALT_NAME);
  return names ? der.parse(names.value).parts.filter((name) => name.tag === tag) : [];
}

/** Whether a certificate is not for a host: its DNS names count, its common name only where it has none. */
export function hostProblem(certificate: CertificateParts, host: string): boolean {
  const names = altNames(certificate, 0x82).map(der.textIn);
  const common = /(?:^|, )CN = ([^,]*)/.exec(nameText(certificate.subject))?.[1];
  const wanted = host.toLowerCase();
  return !(names.length > 0 ? names : [common ?? ""]).some((name) => {
    const pattern = name.toLowerCase();
    if (!pattern.startsWith("*.")) return pattern === wanted;
    const dot = wanted.indexOf(".");
    return dot > 0 && wanted.slice(dot) === pattern.slice(1);
  });
}

/** Whether a certificate is not for an address. */
export function addressProblem(certificate: CertificateParts, address: string): boolean {
  const ip = parseIp(address);
  const length = ip?.version === 4 ? 4 : 16;
  return !altNames(certificate, 0x87).some(
    ({ content }) => content.length === length && numberOf(content) === ip?.bits,
  );
}
