import { type Micros, SECOND } from "../../base/clock.ts";
import { Random } from "../../base/random.ts";
import { type Certificate, issueCertificate, readCertificate, type Subject } from "../../base/x509/certificate.ts";
import { type KeyPair, keyToPem, newKey, publicKeyToPem } from "../../base/x509/key.ts";

const YEAR = 365 * 86_400 * SECOND;

/** What a certificate that is no authority shall say. */
export interface Leaf {
  readonly authority: AuthorityName;
  readonly subject: Subject;
  readonly usages: readonly ("server" | "client")[];
  readonly dnsNames?: readonly string[];
  readonly addresses?: readonly Uint8Array[];
}

export type AuthorityName = "ca" | "etcd/ca" | "front-proxy-ca";

const authorities: Readonly<Record<AuthorityName, string>> = {
  ca: "kubernetes",
  "etcd/ca": "etcd-ca",
  "front-proxy-ca": "front-proxy-ca",
};

/**
 * The keys and certificates that kubeadm makes for a cluster (P-256 keys, kubeadm's ECDSA-P256; ten years for
 * authorities, one for the rest). Each is made when it is first looked at and is the same whenever that is; a
 * certificate that nobody has looked at is known by the function that would make it.
 */
export class Pki {
  private readonly seed: string;
  private readonly made: Micros;
  private readonly keys = new Map<string, KeyPair>();
  private readonly certificates = new Map<string, string>();
  private readonly leaves = new Map<string, Leaf>();
  private readonly makers = new Map<string, () => string>();
  private readonly subjects = new WeakMap<() => string, Subject>();
  private readonly servers = new WeakMap<() => string, { address: string; port: number }>();
  private readonly verified = new Map<string, Certificate>();

  constructor(seed: string, made: Micros) {
    this.seed = seed;
    this.made = made;
  }

  private random(name: string): Random {
    return new Random(`${this.seed}/${name}`);
  }

  key(name: string): KeyPair {
    const known = this.keys.get(name);
    if (known) return known;
    const key = newKey(this.random(`${name}.key`));
    this.keys.set(name, key);
    return key;
  }

  /** Makes the text of NAME.key; the same function each time. */
  keyFile(name: string): () => string {
    return this.maker(`${name}.key`, () => keyToPem(this.key(name)));
  }

  publicKeyFile(name: string): () => string {
    return this.maker(`${name}.pub`, () => publicKeyToPem(this.key(name)));
  }

  /** Says what NAME.crt certifies; nothing is computed yet. Makes its text. */
  certificateFile(name: string, leaf: Leaf): () => string {
    this.leaves.set(name, leaf);
    const make = this.maker(`${name}.crt`, () => this.certificate(name));
    this.subjects.set(make, leaf.subject);
    return make;
  }

  authorityFile(name: AuthorityName): () => string {
    return this.maker(`${name}.crt`, () => this.authority(name));
  }

  /** The subject that a certificate or kubeconfig made by `maker` speaks for, where it is one of ours. */
  subjectOf(maker: () => string): Subject | undefined {
    return this.subjects.get(maker);
  }

  /** Says whom a file speaks for that holds one of our certificates (a kubeconfig) or tokens, and to which server. */
  speaksFor(maker: () => string, subject: Subject, server?: { address: string; port: number }): void {
    this.subjects.set(maker, subject);
    if (server) this.servers.set(maker, server);
  }

  serverOf(maker: () => string): { address: string; port: number } | undefined {
    return this.servers.get(maker);
  }

  private maker(file: string, make: () => string): () => string {
    const known = this.makers.get(file);
    if (known) return known;
    this.makers.set(file, make);
    return make;
  }

  authority(name: AuthorityName): string {
    return this.remembered(name, () => {
      const subject = { commonName: authorities[name] };
      const key = this.key(name);
      return issueCertificate(
        {
          subject,
          publicKey: key.publicKey,
          issuer: { subject, key },
          notBefore: this.made,
          notAfter: this.made + 10 * YEAR,
          authority: true,
          dnsNames: [subject.commonName],
        },
        this.random(name),
      );
    });
  }

  certificate(name: string): string {
    return this.remembered(name, () => {
      const leaf = this.leaves.get(name);
      if (!leaf) throw new Error(`no certificate ${name} was planned`);
      return issueCertificate(
        {
          subject: leaf.subject,
          publicKey: this.key(name).publicKey,
          issuer: { subject: { commonName: authorities[leaf.authority] }, key: this.key(leaf.authority) },
          notBefore: this.made,
          notAfter: this.made + YEAR,
          usages: leaf.usages,
          ...(leaf.dnsNames ? { dnsNames: leaf.dnsNames } : {}),
          ...(leaf.addresses ? { addresses: leaf.addresses } : {}),
        },
        this.random(name),
      );
    });
  }

  private remembered(name: string, make: () => string): string {
    const known = this.certificates.get(name);
    if (known !== undefined) return known;
    const text = make();
    this.certificates.set(name, text);
    return text;
  }

  /** What a certificate says, if the cluster's authority signed it and it is valid at `now`; else undefined. */
  verify(pem: string, now: Micros): Certificate | undefined {
    let certificate = this.verified.get(pem);
    if (!certificate) {
      certificate = readCertificate(pem);
      if (!certificate?.signedBy(this.key("ca").publicKey)) return undefined;
      this.verified.set(pem, certificate);
    }
    return certificate.notBefore <= now && now <= certificate.notAfter ? certificate : undefined;
  }
}
