import { base64Of } from "../../../../base/base64.ts";
import { bytesOf } from "../../../../base/text-bytes.ts";
import { Status } from "../../../../kinds/status.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Machine } from "../../../../machine/machine.ts";
import { API_SERVICE_PART, SERVICE_ACCOUNT_FOLDER } from "../../../api-target.ts";
import { Unreachable } from "../../../apiserver/define.ts";
import { Connection } from "../../../connection.ts";

const NAMESPACE = "kube-system";
const ACCOUNT = "calico-cni-plugin";
/** How long the plugin's token is good for, in seconds (cni-plugin/pkg/install, 3.30). */
const TOKEN_SECONDS = 86_400;

/** Why the credentials could not be written; `isAway` when nobody answered, who may answer later. */
export interface CredentialsFault {
  readonly why: string;
  readonly isAway: boolean;
}

/** Writes the credentials of Calico's CNI plugin, as one of Calico's own containers: a token of the plugin's account. */
export function writeCalicoKubeconfig(machine: Machine, path: string): CredentialsFault | undefined {
  const { files } = machine;
  const service = machine.parts.get(API_SERVICE_PART) as { address: string; port: number } | undefined;
  if (!service) return { why: "KUBERNETES_SERVICE_HOST not set.", isAway: false };
  const api = new Connection({ machine, agent: "calico-node" });
  try {
    const spec = { audiences: [], expirationSeconds: TOKEN_SECONDS };
    const issued = api.createAt("serviceaccounts", NAMESPACE, ACCOUNT, "token", { spec });
    const { token } = issued.status as { token: string };
    const authority = files.read(`${SERVICE_ACCOUNT_FOLDER}/ca.crt`, root);
    if (files.find(path, root)) files.unlink(path, root);
    files.write(path, kubeconfigText(service, authority, token), root, { mode: 0o600 });
    return undefined;
  } catch (error) {
    const asked = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/${ACCOUNT}/token`;
    const isAway = error instanceof Unreachable;
    if (!(isAway || error instanceof Status)) throw error;
    const words = isAway ? api.words(asked, error, "Post") : error.message;
    return { why: `Unable to create token for CNI kubeconfig error=${words}`, isAway };
  } finally {
    api.close();
  }
}

function kubeconfigText(
  { address, port }: { address: string; port: number },
  authority: string,
  token: string,
): string {
  return `# Kubeconfig file for Calico CNI plugin. Installed by calico/node.
apiVersion: v1
kind: Config
clusters:
- name: local
  cluster:
    server: https://${address}:${port}
    certificate-authority-data: "${base64Of(bytesOf(authority))}"
users:
- name: calico
  user:
    token: ${token}
contexts:
- name: calico-context
  context:
    cluster: local
    user: calico
current-context: calico-context`;
}
