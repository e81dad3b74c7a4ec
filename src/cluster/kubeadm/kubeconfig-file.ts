import { base64Of } from "../../base/base64.ts";
import { bytesOf } from "../../base/text-bytes.ts";
import type { Pki } from "./pki.ts";

const encoded = (text: string) => base64Of(bytesOf(text));

/** A kubeconfig as kubeadm writes it: one cluster, one user with the certificate `name` inside. */
export function kubeconfigFile(
  pki: Pki,
  name: string,
  user: string,
  server: string,
  cluster = "kubernetes",
): () => string {
  return () => `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${encoded(pki.authority("ca"))}
    server: ${server}
  name: ${cluster}
contexts:
- context:
    cluster: ${cluster}
    user: ${user}
  name: ${user}@${cluster}
current-context: ${user}@${cluster}
kind: Config
users:
- name: ${user}
  user:
    client-certificate-data: ${encoded(pki.certificate(name))}
    client-key-data: ${encoded(pki.keyFile(name)())}
`;
}
