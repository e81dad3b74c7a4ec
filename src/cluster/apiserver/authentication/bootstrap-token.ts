import { fromBase64 } from "../../../base/base64.ts";
import { textOf } from "../../../base/text-bytes.ts";
import { parseRfc3339 } from "../../../base/time.ts";
import type { Secret } from "../../../kinds/types/core.ts";
import type { Context } from "../context.ts";
import type { UserInfo } from "../define.ts";

/** Who a bootstrap token speaks for (kubernetes plugin/pkg/auth/authenticator/token/bootstrap, 1.35). */
export function bootstrapUser({ flags, storage, clock }: Context, token: string): UserInfo | undefined {
  if (flags["enable-bootstrap-token-auth"] !== "true") return undefined;
  const [, id, secretText] = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(token) ?? [];
  if (id === undefined) return undefined;
  const secret = storage.store.get("secrets", "kube-system", `bootstrap-token-${id}`) as Secret | undefined;
  if (!secret || secret.metadata.deletionTimestamp || secret.type !== "bootstrap.kubernetes.io/token") return undefined;
  const said = (key: string) => textOf(fromBase64(secret.data?.[key] ?? "") ?? new Uint8Array());
  if (said("token-secret") !== secretText || said("token-id") !== id) return undefined;
  const expires = said("expiration");
  if (expires !== "" && !((parseRfc3339(expires) ?? Number.NaN) > clock.now)) return undefined;
  if (said("usage-bootstrap-authentication") !== "true") return undefined;
  const groups = [...new Set(["system:bootstrappers", ...said("auth-extra-groups").split(",").filter(Boolean)])];
  const allowed = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;
  if (groups.slice(1).some((group) => !allowed.test(group))) return undefined;
  return { name: `system:bootstrap:${id}`, groups: groups.sort() };
}
