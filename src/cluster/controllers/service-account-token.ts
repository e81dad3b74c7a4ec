import { base64Of } from "../../base/base64.ts";
import { bytesOf } from "../../base/text-bytes.ts";
import type { Secret, ServiceAccount } from "../../kinds/types/core.ts";
import type { Api } from "../apiserver/define.ts";
import { secretToken } from "../service-account-tokens.ts";
import type { Controller } from "./define.ts";

const TYPE = "kubernetes.io/service-account-token";
const ACCOUNT = "kubernetes.io/service-account.name";
const UID = "kubernetes.io/service-account.uid";
const encoded = (text: string) => base64Of(bytesOf(text));

/**
 * Fills secrets of type kubernetes.io/service-account-token, and deletes those whose account is gone
 * (kubernetes pkg/controller/serviceaccount/tokens_controller.go, 1.35).
 */
export const serviceAccountToken: Controller<Secret> = {
  name: "serviceaccount-token-controller",
  asManager: true,
  for: "secrets",
  concerns: ({ type }) => type === TYPE,
  watches: [
    {
      resource: "serviceaccounts",
      keys: ({ metadata }, api, _old, type) =>
        type === "MODIFIED"
          ? []
          : api
              .list<Secret>("secrets", metadata.namespace)
              .filter((secret) => secret.type === TYPE && secret.metadata.annotations?.[ACCOUNT] === metadata.name)
              .map((secret) => ({ namespace: metadata.namespace ?? "", name: secret.metadata.name })),
    },
  ],
  reconcile(api, secret, { namespace, name }, tools) {
    if (!secret) {
      forget(api, namespace, name);
      return undefined;
    }
    if (secret.type !== TYPE || secret.metadata.deletionTimestamp) return undefined;
    const { annotations = {}, uid } = secret.metadata;
    const account = api.get<ServiceAccount>("serviceaccounts", namespace, annotations[ACCOUNT] ?? "");
    const known = annotations[UID];
    if (!account || (known && known !== account.metadata.uid)) {
      api.delete(secret, uid ? { preconditions: { uid } } : {});
      return undefined;
    }
    const key = tools.tokenKey?.();
    if (!key) return undefined;
    const authority = tools.rootCertificate();
    const { data = {} } = secret;
    const whole =
      data.token !== undefined &&
      data.namespace === encoded(namespace) &&
      (authority === "" || data["ca.crt"] === encoded(authority)) &&
      known === account.metadata.uid;
    if (whole) return undefined;
    api.update<Secret>({
      ...secret,
      metadata: { ...secret.metadata, annotations: { ...annotations, [UID]: account.metadata.uid ?? "" } },
      data: {
        ...data,
        ...(authority === "" ? {} : { "ca.crt": encoded(authority) }),
        namespace: encoded(namespace),
        token: data.token ?? encoded(secretToken(account, name, key)),
      },
    });
    return undefined;
  },
};

/** A secret that is gone is no longer named by accounts. */
function forget(api: Api, namespace: string, name: string): void {
  for (const account of api.list<ServiceAccount>("serviceaccounts", namespace)) {
    if (!account.secrets?.some((one) => one.name === name)) continue;
    const secrets = account.secrets.filter((one) => one.name !== name);
    api.update<ServiceAccount>({ ...account, secrets });
  }
}
