import { SECOND } from "../../base/clock.ts";
import { Status } from "../../kinds/status.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Process } from "../../machine/process.ts";
import { PKI_PART } from "../api-target.ts";
import { type Api, Unreachable } from "../apiserver/define.ts";
import type { Pki } from "../kubeadm/pki.ts";
import { boundToken } from "../service-account-tokens.ts";

/**
 * Makes a pod's bound token when it is first read; until then its maker tells whom it speaks for. The API server issues
 * it; while that is away, the cluster's own key does.
 */
export function tokenMaker(
  proc: Process,
  api: Api,
  pod: Pod,
  audience: string | undefined,
  seconds: number,
): () => string {
  const pki = proc.machine.parts.get(PKI_PART) as Pki | undefined;
  const { namespace = "", name, uid = "" } = pod.metadata;
  const account = pod.spec.serviceAccountName ?? "default";
  const make = () => {
    const boundObjectRef = { apiVersion: "v1", kind: "Pod", name, uid };
    const spec = { audiences: audience === undefined ? [] : [audience], expirationSeconds: seconds, boundObjectRef };
    try {
      const issued = api.createAt("serviceaccounts", namespace, account, "token", { spec });
      return (issued.status as { token: string }).token;
    } catch (error) {
      if (!(error instanceof Status || error instanceof Unreachable)) throw error;
      return pki ? ownToken(proc, pki, pod, audience) : "";
    }
  };
  pki?.speaksFor(make, {
    commonName: `system:serviceaccount:${namespace}:${account}`,
    organizations: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`],
  });
  return make;
}

function ownToken({ machine }: Process, pki: Pki, pod: Pod, audience: string | undefined): string {
  const { namespace = "", name, uid = "" } = pod.metadata;
  const account = { name: pod.spec.serviceAccountName ?? "default", namespace };
  const issuer = "https://kubernetes.default.svc.cluster.local";
  const now = Math.floor(machine.kernel.clock.now / SECOND);
  const says = { audiences: [audience ?? issuer], issuer, id: uid, now, seconds: 3607, pod: { name, uid } };
  return boundToken({ apiVersion: "v1", kind: "ServiceAccount", metadata: account }, says, {
    type: "ec",
    ec: pki.key("sa"),
  });
}
