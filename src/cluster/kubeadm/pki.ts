import { type Micros, SECOND } from "../../base/clock.ts";
import { Random } from "../../base/random.ts";
import { issueCertificate, type Subject } from "../../base/x509/certificate.ts";
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

/** A certificate (or authority, or key) as a file holds it: its text, or what would make it where nobody has looked at it. */
export type PemSource = string | (() => string);

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
  /** The names of our certificates and keys, by what makes their file (or a kubeconfig with it inside) and by their text. */
  private readonly named = new WeakMap<() => string, string>();
  private readonly texts = new Map<string, string>();

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
    const make = this.maker(`${name}.key`, () => keyToPem(this.key(name)));
    this.named.set(make, name);
    return make;
  }

  publicKeyFile(name: string): () => string {
    const make = this.maker(`${name}.pub`, () => publicKeyToPem(this.key(name)));
    this.named.set(make, name);
    return make;
  }

  /** Says what NAME.crt certifies; nothing is computed yet. Makes its text. */
  certificateFile(name: string, leaf: Leaf): () => string {
    this.leaves.set(name, leaf);
    const make = this.maker(`${name}.crt`, () => this.certificate(name));
    this.subjects.set(make, leaf.subject);
    this.named.set(make, name);
    return make;
  }

  authorityFile(name: AuthorityName): () => string {
    const make = this.maker(`${name}.crt`, () => this.authority(name));
    this.named.set(make, name);
    return make;
  }

  /** The subject that a certificate or kubeconfig made by `maker` speaks for, where it is one of ours. */
  subjectOf(maker: () => string): Subject | undefined {
    return this.subjects.get(maker);
  }

  /** Says whom a file speaks for that holds a token of ours or, in a kubeconfig, a `certificate`, and to which server. */
  speaksFor(
    maker: () => string,
    subject: Subject,
    server?: { address: string; port: number },
    certificate?: string,
  ): void {
    this.subjects.set(maker, subject);
    if (certificate !== undefined) this.named.set(maker, certificate);
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
    this.texts.set(text, name);
    return text;
  }

  private nameOf(source: PemSource): string | undefined {
    return typeof source === "string" ? this.texts.get(source) : this.named.get(source);
  }

  /**
   * What a certificate says that was made here, by this authority, and is valid at `now`: nothing has to be computed
   * to know that. Undefined says nothing: somebody else may have made it.
   */
  vouched(certificate: PemSource, authority: PemSource, now: Micros): Leaf | undefined {
    const leaf = this.leaves.get(this.nameOf(certificate) ?? "");
    if (!leaf || leaf.authority !== this.nameOf(authority)) return undefined;
    return this.made <= now && now <= this.made + YEAR ? leaf : undefined;
  }

  /** Whether a file holds the key that a certificate's file belongs to, both as they were made here. */
  belongsTo(key: PemSource, certificate: PemSource): boolean {
    const name = typeof key === "string" ? undefined : this.named.get(key);
    return name !== undefined && name === this.nameOf(certificate);
  }

  /** The text of a certificate, which may be inside the kubeconfig that a maker would make. */
  textOf(source: PemSource): string {
    const name = this.nameOf(source);
    if (name !== undefined && this.leaves.has(name)) return this.certificate(name);
    return typeof source === "string" ? source : source();
  }

  /** Whether this is the key that service account tokens are signed with, or its public half. */
  isTokenKey(source: PemSource): boolean {
    if (typeof source === "function") return this.named.get(source) === "sa";
    return source === publicKeyToPem(this.key("sa")) || source === keyToPem(this.key("sa"));
  }

  /** Whether what this makes is a token and no certificate. */
  isToken(maker: () => string): boolean {
    return this.subjects.has(maker) && !this.named.has(maker);
  }
}
