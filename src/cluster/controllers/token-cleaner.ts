import { fromBase64 } from "../../base/base64.ts";
import { SECOND } from "../../base/clock.ts";
import { textOf } from "../../base/text-bytes.ts";
import { parseRfc3339 } from "../../base/time.ts";
import type { Secret } from "../../kinds/types/core.ts";
import type { Controller } from "./define.ts";

/** Deletes bootstrap tokens when their time is over (kubernetes pkg/controller/bootstrap/tokencleaner.go, 1.35). */
export const tokenCleaner: Controller<Secret> = {
  name: "token-cleaner-controller",
  account: "token-cleaner",
  for: "secrets",
  concerns: ({ metadata, type }) => metadata.namespace === "kube-system" && type === "bootstrap.kubernetes.io/token",
  reconcile(api, secret, _key, { clock }) {
    if (secret?.type !== "bootstrap.kubernetes.io/token") return undefined;
    const text = textOf(fromBase64(secret.data?.expiration ?? "") ?? new Uint8Array());
    if (text === "") return undefined;
    // A time that cannot be read counts as past.
    const expires = parseRfc3339(text) ?? Number.NEGATIVE_INFINITY;
    if (expires > clock.now) return { againIn: (expires - clock.now) / SECOND };
    const { uid } = secret.metadata;
    api.delete(secret, uid ? { preconditions: { uid } } : {});
    return undefined;
  },
};
