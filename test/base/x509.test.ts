import { createECDH, createPrivateKey, createSign, createVerify, X509Certificate } from "node:crypto";
import { p256 } from "@noble/curves/nist.js";
import { expect, test } from "vitest";
import { SECOND } from "../../src/base/clock.ts";
import { readToken, signToken } from "../../src/base/jwt.ts";
import { Random } from "../../src/base/random.ts";
import { issueCertificate, readCertificate } from "../../src/base/x509/certificate.ts";
import { keyFromPem, keyToPem, lendCurve, newKey, publicKeyToPem, sign } from "../../src/base/x509/key.ts";

const start = Date.UTC(2026, 0, 2) * 1000;

function chain(seed: string) {
  const random = new Random(seed);
  const key = newKey(random);
  const authority = { subject: { commonName: "kubernetes" }, key };
  const ca = issueCertificate(
    {
      subject: authority.subject,
      publicKey: key.publicKey,
      issuer: authority,
      notBefore: start,
      notAfter: start + 3650 * 86400 * SECOND,
      authority: true,
    },
    random,
  );
  const admin = newKey(random);
  const leaf = issueCertificate(
    {
      subject: { commonName: "kubernetes-admin", organizations: ["kubeadm:cluster-admins"] },
      publicKey: admin.publicKey,
      issuer: authority,
      notBefore: start,
      notAfter: start + 365 * 86400 * SECOND,
      usages: ["client"],
      dnsNames: ["cp", "kubernetes.default.svc"],
      addresses: [Uint8Array.of(10, 96, 0, 1)],
    },
    random,
  );
  return { key, ca, admin, leaf };
}

test("certificates are X.509 that OpenSSL accepts", () => {
  const { ca, leaf, admin } = chain("a");
  const parsedCa = new X509Certificate(ca);
  const parsed = new X509Certificate(leaf);
  expect(parsedCa.ca).toBe(true);
  expect(parsed.ca).toBe(false);
  expect(parsed.verify(parsedCa.publicKey)).toBe(true);
  expect(parsed.checkIssued(parsedCa)).toBe(true);
  expect(parsed.subject).toBe("O=kubeadm:cluster-admins\nCN=kubernetes-admin");
  expect(parsed.subjectAltName).toBe("DNS:cp, DNS:kubernetes.default.svc, IP Address:10.96.0.1");
  expect(parsed.validTo).toBe("Jan  2 00:00:00 2027 GMT");
  expect(parsed.checkPrivateKey(createPrivateKey(keyToPem(admin)))).toBe(true);
});

test("our reader sees what OpenSSL sees, and rejects a foreign signer", () => {
  const { key, ca, leaf } = chain("a");
  const other = chain("b");
  const read = readCertificate(leaf);
  expect(read?.subject).toEqual({ commonName: "kubernetes-admin", organizations: ["kubeadm:cluster-admins"] });
  expect(read?.issuer.commonName).toBe("kubernetes");
  expect(read?.notBefore).toBe(start);
  expect(read?.dnsNames).toEqual(["cp", "kubernetes.default.svc"]);
  expect(read?.authority).toBe(false);
  expect(readCertificate(ca)?.authority).toBe(true);
  expect(read?.signedBy(key.publicKey)).toBe(true);
  expect(read?.signedBy(other.key.publicKey)).toBe(false);
  expect(readCertificate("no certificate")).toBeUndefined();
});

test("the same seed gives the same certificates, another seed others", () => {
  expect(chain("a").leaf).toBe(chain("a").leaf);
  expect(chain("a").leaf).not.toBe(chain("b").leaf);
});

test("keys go through PEM, and signatures agree with OpenSSL's both ways", () => {
  const key = newKey(new Random("k"));
  expect(keyFromPem(keyToPem(key))?.secret).toEqual(key.secret);
  expect(keyFromPem("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n")).toBeUndefined();
  const token = signToken({ sub: "system:serviceaccount:default:default" }, key, "id");
  const [head, body, signature] = token.split(".");
  const check = createVerify("sha256").update(`${head}.${body}`);
  expect(check.verify({ key: publicKeyToPem(key), dsaEncoding: "ieee-p1363" }, signature ?? "", "base64url")).toBe(
    true,
  );
  const foreign = createSign("sha256")
    .update(`${head}.${body}`)
    .sign({ key: keyToPem(key), dsaEncoding: "ieee-p1363" });
  expect(readToken(`${head}.${body}.${foreign.toString("base64url")}`, key.publicKey)).toEqual({
    sub: "system:serviceaccount:default:default",
  });
  expect(readToken(`${token.slice(0, -4)}AAAA`, key.publicKey)).toBeUndefined();
  expect(readToken(token, newKey(new Random("other")).publicKey)).toBeUndefined();
});

test("signatures are those of RFC 6979, whoever multiplies", () => {
  const signed = () =>
    Array.from({ length: 12 }, (_, i) => {
      const key = newKey(new Random(`key ${i}`));
      const message = new TextEncoder().encode(`message ${i}`);
      return { key, message, der: sign(key, message, "der"), compact: sign(key, message, "compact") };
    });
  const own = signed();
  for (const { key, message, der, compact } of own) {
    expect(der).toEqual(p256.sign(message, key.secret, { format: "der", lowS: false }));
    expect(compact).toEqual(p256.sign(message, key.secret, { format: "compact", lowS: false }));
  }
  lendCurve((secret) => {
    const ecdh = createECDH("prime256v1");
    ecdh.setPrivateKey(secret);
    return new Uint8Array(ecdh.getPublicKey());
  });
  expect(signed()).toEqual(own);
});
