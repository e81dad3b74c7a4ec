import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { base64UrlOf, fromBase64 } from "../../base/base64.ts";
import { bytesOf, textOf } from "../../base/text-bytes.ts";
import { parseRfc3339 } from "../../base/time.ts";
import type { ConfigMap, Secret } from "../../kinds/types/core.ts";
import type { Controller } from "./define.ts";

const NAMESPACE = "kube-public";
const NAME = "cluster-info";
const PREFIX = "jws-kubeconfig-";
const info = [{ namespace: NAMESPACE, name: NAME }];
const isToken = ({ metadata, type }: Secret) =>
  metadata.namespace === "kube-system" && type === "bootstrap.kubernetes.io/token";

/**
 * Signs the ConfigMap cluster-info with every bootstrap token that is for signing, so that who joins knows it is from
 * this cluster (kubernetes pkg/controller/bootstrap/bootstrapsigner.go, 1.35).
 */
export const bootstrapSigner: Controller<ConfigMap> = {
  name: "bootstrap-signer-controller",
  account: "bootstrap-signer",
  for: "configmaps",
  concerns: ({ metadata }) => metadata.namespace === NAMESPACE && metadata.name === NAME,
  watches: [{ resource: "secrets", keys: (object) => (isToken(object as Secret) ? info : []) }],
  reconcile(api, object, _key, { clock }) {
    const kubeconfig = object?.data?.kubeconfig;
    if (!object || kubeconfig === undefined) return undefined;
    const data: Record<string, string> = {};
    for (const key in object.data) if (!key.startsWith(PREFIX)) data[key] = object.data[key] ?? "";
    for (const secret of api.list<Secret>("secrets", "kube-system")) {
      if (!isToken(secret)) continue;
      const said = (key: string) => textOf(fromBase64(secret.data?.[key] ?? "") ?? new Uint8Array());
      const [id, key, expires] = [said("token-id"), said("token-secret"), said("expiration")];
      if (secret.metadata.name !== `bootstrap-token-${id}` || key === "") continue;
      if (said("usage-bootstrap-signing") !== "true") continue;
      if (expires !== "" && !((parseRfc3339(expires) ?? 0) > clock.now)) continue;
      data[`${PREFIX}${id}`] = detachedSignature(kubeconfig, id, key);
    }
    const old = object.data ?? {};
    const same =
      Object.keys(old).length === Object.keys(data).length && Object.keys(data).every((k) => old[k] === data[k]);
    if (!same) api.update<ConfigMap>({ ...object, data });
    return undefined;
  },
};

/** A JSON Web Signature (HS256) without the text that it signs (cluster-bootstrap/token/jws, 1.35). */
function detachedSignature(content: string, id: string, secret: string): string {
  const head = base64UrlOf(bytesOf(JSON.stringify({ alg: "HS256", kid: id })));
  const message = bytesOf(`${head}.${base64UrlOf(bytesOf(content))}`);
  return `${head}..${base64UrlOf(hmac(sha256, bytesOf(secret), message))}`;
}
