import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { base64Of, fromBase64 } from "../../../src/base/base64.ts";
import { SECOND } from "../../../src/base/clock.ts";
import { Random } from "../../../src/base/random.ts";
import { bytesOf, textOf } from "../../../src/base/text-bytes.ts";
import { issueCertificate, readCertificate } from "../../../src/base/x509/certificate.ts";
import { certificateProblem } from "../../../src/base/x509/certificate-problem.ts";
import { keyToPem, newKey, publicPartOf } from "../../../src/base/x509/key.ts";
import { pemBlocks } from "../../../src/base/x509/pem.ts";
import { keyInfoOf, newPrivateRsaKey, privateKeyToPem } from "../../../src/base/x509/private-key.ts";
import type { CertificateSigningRequest } from "../../../src/kinds/types/certificates.ts";
import type { Condition, KubeObject } from "../../../src/kinds/types/meta.ts";
import { refusal } from "../apiserver/setup.ts";
import { start, type World, world } from "./setup.ts";

// Requests and keys that openssl 3 made; words of kubernetes pkg/controller/certificates, 1.35.

const corpus = (name: string) => readFileSync(new URL(`../../corpus/x509/${name}`, import.meta.url), "utf8");
const only = ["signing", "approving", "cleaner"].map((what) => `certificatesigningrequest-${what}-controller`);
const DAY = 86_400;
let authority: { certificate: string; key: string };

beforeAll(() => {
  const random = new Random("authority");
  const key = newKey(random);
  const subject = { commonName: "kubernetes" };
  const certificate = issueCertificate(
    {
      subject,
      issuer: { subject, key },
      publicKey: key.publicKey,
      authority: true,
      notBefore: start,
      notAfter: start + 3650 * DAY * SECOND,
    },
    random,
  );
  authority = { certificate, key: keyToPem(key) };
});

function asked(name: string, more: object = {}): KubeObject {
  return {
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { name },
    spec: {
      request: base64Of(bytesOf(corpus(`${name}.csr`))),
      signerName: "kubernetes.io/kube-apiserver-client",
      usages: ["client auth"],
      ...more,
    },
  };
}
const get = (w: World, name: string) =>
  w.api.get<CertificateSigningRequest>(
    "certificatesigningrequests.certificates.k8s.io",
    undefined,
    name,
  ) as CertificateSigningRequest;

function decide(w: World, name: string, type = "Approved"): void {
  const condition = {
    type,
    status: "True",
    reason: "x",
    message: "y",
    lastUpdateTime: "2026-01-02T03:04:05Z",
  } as Condition;
  w.api.modify<CertificateSigningRequest>(
    get(w, name),
    (csr) => ({ ...csr, status: { ...csr.status, conditions: [...(csr.status?.conditions ?? []), condition] } }),
    "approval",
  );
  w.settle();
}

function certificateOf(w: World, name: string): string {
  return textOf(fromBase64(get(w, name).status?.certificate ?? "") ?? new Uint8Array());
}

describe("a certificate for a user", () => {
  test.each(["rsa", "ecdsa"])("%s: approved, issued, and it fits its key", (name) => {
    const w = world({ only, signer: authority });
    w.api.create(asked(name, { expirationSeconds: DAY }));
    w.settle();
    expect(get(w, name).status).toEqual({});
    decide(w, name);
    const pem = certificateOf(w, name);
    const read = readCertificate(pem);
    expect(read?.subject).toEqual({ commonName: "jane", organizations: ["dev"] });
    expect(read?.usages).toEqual(["client"]);
    expect([read?.notBefore, read?.notAfter]).toEqual([start - 300 * SECOND, start + (DAY - 300) * SECOND]);
    expect(certificateProblem(pem, authority.certificate, undefined, start, "client")).toBeUndefined();
    expect(certificateProblem(pem, authority.certificate, undefined, start, "server")).toMatch(
      /incompatible key usage/,
    );
    expect(publicPartOf(corpus(`${name}.key`))).toEqual(read?.publicKey);
  });

  test("the whole name and all alternative names of the request are in it", () => {
    const w = world({ only, signer: authority });
    w.api.create(asked("long"));
    decide(w, "long");
    const der = pemBlocks(certificateOf(w, "long"), "CERTIFICATE")[0] ?? new Uint8Array();
    const texts = textOf(der).match(/DE|Berlin|Mitte|ops|qa|lab|eve|[ab]\.example/g);
    expect(texts).toEqual(["DE", "ops", "qa", "lab", "Mitte", "Berlin", "eve", "a.example", "b.example"]);
  });

  test("short lives are not shortened, long ones end with --cluster-signing-duration", () => {
    const w = world({ only, signer: authority, flags: { "cluster-signing-duration": "48h0m0s" } });
    w.api.create(asked("rsa", { expirationSeconds: 3600 }));
    w.api.create(asked("ecdsa", { expirationSeconds: 30 * DAY }));
    for (const name of ["rsa", "ecdsa"]) decide(w, name);
    expect(readCertificate(certificateOf(w, "rsa"))?.notAfter).toBe(start + 3600 * SECOND);
    expect(readCertificate(certificateOf(w, "ecdsa"))?.notAfter).toBe(start + (2 * DAY - 300) * SECOND);
  });

  test.each([
    ["kubernetes.io/kube-apiserver-client", ["server auth"], "invalid usage for client certificate: server auth"],
    [
      "kubernetes.io/kube-apiserver-client",
      ["digital signature"],
      "missing required usage for client certificate: client auth",
    ],
    ["kubernetes.io/kubelet-serving", ["server auth"], "subject organization is not system:nodes"],
  ])("%s does not give %o", (signerName, usages, message) => {
    const w = world({ only, signer: authority });
    w.api.create(asked("rsa", { signerName, usages }));
    decide(w, "rsa");
    expect(get(w, "rsa").status?.certificate).toBeUndefined();
    expect(get(w, "rsa").status?.conditions?.[1]).toMatchObject({
      type: "Failed",
      status: "True",
      reason: "SignerValidationFailure",
      message,
    });
  });

  test("nobody signs for other signers, for what is denied, or without a key", () => {
    const w = world({ only, signer: authority });
    w.api.create(asked("rsa", { signerName: "example.com/mine" }));
    w.api.create(asked("ecdsa"));
    decide(w, "rsa");
    decide(w, "ecdsa", "Denied");
    expect([get(w, "rsa"), get(w, "ecdsa")].map(({ status }) => status?.certificate)).toEqual([undefined, undefined]);
    expect(refusal(() => decide(w, "ecdsa")).message).toBe(
      'CertificateSigningRequest.certificates.k8s.io "ecdsa" is invalid: status.conditions[1].type: Invalid value: "Approved": Approved and Denied conditions are mutually exclusive',
    );
    const keyless = world({ only });
    keyless.api.create(asked("rsa"));
    decide(keyless, "rsa");
    expect(get(keyless, "rsa").status?.certificate).toBeUndefined();
  });
});

test("old requests go: decided ones after an hour, others after a day", () => {
  const w = world({ only, signer: authority });
  for (const name of ["rsa", "ecdsa"]) w.api.create(asked(name));
  decide(w, "rsa");
  w.pass(3000);
  expect(get(w, "rsa")).toBeDefined();
  w.pass(5000);
  expect(get(w, "rsa")).toBeUndefined();
  w.pass(DAY - 9000);
  expect(get(w, "ecdsa")).toBeDefined();
  w.pass(7300);
  expect(get(w, "ecdsa")).toBeUndefined();
});

describe("what a kubelet asks for itself", () => {
  const bind = (w: World, name: string) =>
    w.api.create({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "auto" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:masters" }],
    });

  test("is approved where RBAC lets it ask, and signed", () => {
    const w = world({ only, signer: authority });
    bind(w, "system:certificates.k8s.io:certificatesigningrequests:nodeclient");
    w.api.create(
      asked("node", {
        signerName: "kubernetes.io/kube-apiserver-client-kubelet",
        usages: ["digital signature", "client auth"],
      }),
    );
    w.settle();
    const { status } = get(w, "node");
    expect(status?.conditions).toMatchObject([
      {
        type: "Approved",
        reason: "AutoApproved",
        message: "Auto approving kubelet client certificate after SubjectAccessReview.",
      },
    ]);
    expect(readCertificate(certificateOf(w, "node"))?.subject).toEqual({
      commonName: "system:node:node-1",
      organizations: ["system:nodes"],
    });
  });
});

test("an authority with an RSA key signs, too", () => {
  const random = new Random("rsa authority");
  const key = newPrivateRsaKey(1024, random);
  const subject = { commonName: "kubernetes" };
  const certificate = issueCertificate(
    {
      subject,
      issuer: { subject, key },
      publicKey: new Uint8Array(),
      keyInfo: keyInfoOf(key),
      authority: true,
      notBefore: start,
      notAfter: start + 3650 * DAY * SECOND,
    },
    random,
  );
  const w = world({ only, signer: { certificate, key: privateKeyToPem(key) } });
  w.api.create(asked("ecdsa"));
  w.settle();
  const approved: Condition = { type: "Approved", status: "True", reason: "r", message: "" };
  w.api.modify(get(w, "ecdsa"), (now) => ({ ...now, status: { conditions: [approved] } }), "approval");
  w.settle();
  const issued = textOf(fromBase64(get(w, "ecdsa").status?.certificate ?? "") ?? new Uint8Array());
  expect(certificateProblem(issued, certificate, undefined, start, "client")).toBeUndefined();
});
