import { base64Of } from "../../base/base64.ts";
import type { Micros } from "../../base/clock.ts";
import { bytesOf } from "../../base/text-bytes.ts";
import { rfc3339 } from "../../base/time.ts";
import type { Pki } from "./pki.ts";

const encoded = (text: string) => base64Of(bytesOf(text));

/** The names in a kubeconfig. */
export interface KubeconfigNames {
  readonly cluster: string;
  readonly context: string;
  readonly user: string;
}

/** A kubelet's kubeconfig: its certificate and key lie in a file of their own, which it renews. */
export function kubeletKubeconfig(
  server: string,
  authority: string,
  pem: string,
  { cluster, context, user }: KubeconfigNames,
  namespace?: string,
): string {
  return `apiVersion: v1
clusters:
- cluster:
    ${authority}
    server: ${server}
  name: ${cluster}
contexts:
- context:
    cluster: ${cluster}
${namespace === undefined ? "" : `    namespace: ${namespace}\n`}    user: ${user}
  name: ${context}
current-context: ${context}
kind: Config
users:
- name: ${user}
  user:
    client-certificate: ${pem}
    client-key: ${pem}
`;
}

/** What the kubelet's TLS bootstrap calls the parts of the kubeconfig it writes (kubelet/certificate/bootstrap, 1.35). */
export const bootstrapNames: KubeconfigNames = {
  cluster: "default-cluster",
  context: "default-context",
  user: "default-auth",
};

/** Where the kubelet keeps its certificates, and the newest for its client (client-go util/certificate FileStore). */
export const KUBELET_PKI = "/var/lib/kubelet/pki";
export const KUBELET_CLIENT = `${KUBELET_PKI}/kubelet-client-current.pem`;

/** The name of a client's certificate by the time at which it came: kubelet-client-2026-11-02-08-58-00.pem. */
export function kubeletClientFile(at: Micros): string {
  return `${KUBELET_PKI}/kubelet-client-${rfc3339(at).slice(0, 19).replace(/[T:]/g, "-")}.pem`;
}

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
