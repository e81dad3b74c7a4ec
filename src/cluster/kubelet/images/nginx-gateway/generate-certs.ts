import { base64Of } from "../../../../base/base64.ts";
import { SECOND } from "../../../../base/clock.ts";
import { bytesOf } from "../../../../base/text-bytes.ts";
import { issueCertificate } from "../../../../base/x509/certificate.ts";
import { keyToPem, newKey } from "../../../../base/x509/key.ts";
import type { Secret } from "../../../../kinds/types/core.ts";
import type { Process } from "../../../../machine/process.ts";
import type { Api } from "../../../apiserver/define.ts";
import type { Flags } from "../../../daemon/flags.ts";

const YEAR = 365 * 24 * 3600 * SECOND;

/** Makes the Secrets with which the control plane and its agents know each other (cmd/gateway/certs.go, 2.4): for three years. */
export function generateCerts({ machine }: Process, api: Api, flags: Flags, namespace: string): void {
  const { random, clock } = machine.kernel;
  const validity = { notBefore: clock.now, notAfter: clock.now + 3 * YEAR };
  const subject = { commonName: "nginx-gateway" };
  const authorityKey = newKey(random);
  const issuer = { subject, key: authorityKey };
  const authority = issueCertificate(
    { ...validity, subject, publicKey: authorityKey.publicKey, issuer, authority: true },
    random,
  );
  const { service = "nginx-gateway", "cluster-domain": domain = "cluster.local" } = flags;
  const write = (name: string, dnsNames: readonly string[], usages: readonly ("server" | "client")[]) => {
    const key = newKey(random);
    const plan = { ...validity, subject, publicKey: key.publicKey, issuer, usages: [...usages], dnsNames };
    const encoded = (text: string) => base64Of(bytesOf(text));
    const data = {
      "ca.crt": encoded(authority),
      "tls.crt": encoded(issueCertificate(plan, random)),
      "tls.key": encoded(keyToPem(key)),
    };
    const metadata = { name, namespace };
    const there = api.get<Secret>("secrets", namespace, name);
    if (!there) api.create<Secret>({ apiVersion: "v1", kind: "Secret", metadata, type: "kubernetes.io/tls", data });
    else if (flags.overwrite === "true") api.update<Secret>({ ...there, data });
  };
  write(flags["server-tls-secret"] ?? "server-tls", [`${service}.${namespace}.svc`], ["server"]);
  write(flags["agent-tls-secret"] ?? "agent-tls", [`*.${domain}`], ["client"]);
}
