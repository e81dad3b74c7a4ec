import { SECOND } from "../../../../base/clock.ts";
import { Random } from "../../../../base/random.ts";
import { issueCertificate, readCertificate } from "../../../../base/x509/certificate.ts";
import { newKey } from "../../../../base/x509/key.ts";
import type { Process } from "../../../../machine/process.ts";
import { byHost } from "../../../network/http/match.ts";
import type { ServedCertificate } from "../../../network/http/served-certificates.ts";

const YEAR = 365 * 24 * 3600 * SECOND;

/** The certificates that Traefik shows: the one that is for the name that a client asks for, else one of its own make. */
export class Certificates {
  private readonly proc: Process;
  private byName: ReadonlyMap<string, string> = new Map();
  private own: string | undefined;

  constructor(proc: Process) {
    this.proc = proc;
  }

  /** Takes these in the place of all that were there. */
  set(all: readonly ServedCertificate[]): void {
    const byName = new Map<string, string>();
    for (const { certificate } of all) {
      const read = readCertificate(certificate);
      for (const name of [...(read?.dnsNames ?? []), read?.subject.commonName ?? ""])
        if (name !== "") byName.set(name.toLowerCase(), certificate);
    }
    this.byName = byName;
  }

  shown(name: string | undefined): string {
    const found = name === undefined ? undefined : byHost(this.byName, name.toLowerCase());
    return found ?? this.usual();
  }

  private usual(): string {
    if (this.own === undefined) {
      const { started, machine } = this.proc;
      const random = new Random(`default certificate ${machine.name} ${started}`);
      const key = newKey(random);
      const subject = { commonName: "TRAEFIK DEFAULT CERT" };
      const issuer = { subject, key };
      const validity = { notBefore: started, notAfter: started + YEAR };
      const dnsNames = [`${random.hex(32)}.${random.hex(32)}.traefik.default`];
      this.own = issueCertificate(
        { ...validity, subject, publicKey: key.publicKey, issuer, usages: ["server"], dnsNames },
        random,
      );
    }
    return this.own;
  }
}
