import { fromBase64 } from "../../../base/base64.ts";
import { SECOND } from "../../../base/clock.ts";
import { goQuote } from "../../../base/go-text.ts";
import { keyIdOf, readToken, tokenParts } from "../../../base/jwt.ts";
import { textOf } from "../../../base/text-bytes.ts";
import { rfc3339 } from "../../../base/time.ts";
import type { Secret } from "../../../kinds/types/core.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import { LEGACY_ISSUER } from "../../service-account-tokens.ts";
import type { Context } from "../context.ts";
import type { UserInfo } from "../define.ts";
import type { TokenAnswer } from "./define.ts";
import { audiences, issuers } from "./issuer.ts";

interface Ref {
  readonly name?: string;
  readonly uid?: string;
}

interface Claims {
  readonly iss?: string;
  readonly sub?: string;
  readonly jti?: string;
  readonly exp?: number;
  readonly nbf?: number;
  readonly aud?: readonly string[] | string;
  readonly "kubernetes.io"?: {
    readonly namespace?: string;
    readonly serviceaccount?: Ref;
    readonly pod?: Ref;
    readonly secret?: Ref;
    readonly node?: Ref;
  };
}

/** How far clocks may differ (go-jose DefaultLeeway): a token is taken for a minute more. */
const LEEWAY = 60;
const invalidated = "service account token has been invalidated";

/** Who a service account's token speaks for (kubernetes pkg/serviceaccount/jwt.go, claims.go and legacy.go, 1.35). */
export function serviceAccountAnswer(context: Context, token: string, wanted: readonly string[]): TokenAnswer {
  const said = tokenParts(token);
  const from = (said?.claims as Claims | undefined)?.iss ?? "";
  const isLegacy = from === LEGACY_ISSUER;
  if (!said || !(isLegacy || issuers(context.flags).includes(from))) return undefined;
  const claims = verified(context, token, said.head.kid);
  if (typeof claims === "string") return { error: claims };
  const own = claims.aud === undefined ? audiences(context) : [claims.aud].flat();
  const common = own.filter((audience) => wanted.includes(audience));
  if (common.length === 0) {
    const list = (names: readonly string[]) => `[${names.map(goQuote).join(" ")}]`;
    return { error: `token audiences ${list(own)} is invalid for the target audiences ${list(wanted)}` };
  }
  const user = isLegacy ? legacyUser(context, claims, token) : boundUser(context, claims);
  return typeof user === "string" ? { error: user } : { user, audiences: common };
}

/** The claims of a token that one of the server's keys has signed; the words of the refusal otherwise. */
function verified(context: Context, token: string, kid: unknown): Claims | string {
  const keys = context.hooks.tokenKeys?.() ?? [];
  const fitting = typeof kid === "string" ? keys.filter((key) => keyIdOf(key) === kid) : keys;
  if (fitting.length === 0) return "invalid signature, no keys found";
  for (const key of fitting) {
    const claims = readToken(token, key);
    if (claims) return claims;
  }
  return "go-jose/go-jose: error in cryptographic primitive";
}

function boundUser(context: Context, claims: Claims): UserInfo | string {
  const now = context.clock.now / SECOND;
  if (claims.exp !== undefined && claims.exp < now - LEEWAY) return "service account token has expired";
  if (claims.nbf !== undefined && claims.nbf > now + LEEWAY) return "service account token is not valid yet";
  const { namespace = "", serviceaccount, pod, secret, node } = claims["kubernetes.io"] ?? {};
  const { store } = context.storage;
  const account = store.get("serviceaccounts", namespace, serviceaccount?.name ?? "");
  if (!account) return `serviceaccounts ${goQuote(serviceaccount?.name ?? "")} not found`;
  if (isGone(account, context)) return `service account ${namespace}/${serviceaccount?.name} has been deleted`;
  if (account.metadata.uid !== serviceaccount?.uid)
    return `service account UID (${account.metadata.uid}) does not match claim (${serviceaccount?.uid})`;
  const bound: readonly (readonly [string, string, string, Ref | undefined, string | undefined])[] = [
    ["secrets", "secret", "service account secret ref claim", secret, namespace],
    ["pods", "pod", "service account pod ref claim", pod, namespace],
    ["nodes", "node", "service account node ref claim", pod ? undefined : node, undefined],
  ];
  for (const [resource, kind, what, ref, home] of bound) {
    if (!ref) continue;
    const object = store.get(resource, home, ref.name ?? "");
    if (!object || isGone(object, context)) return invalidated;
    if (object.metadata.uid !== ref.uid)
      return `${kind} UID (${object.metadata.uid}) does not match ${what} (${ref.uid})`;
  }
  const extra: Record<string, string[]> = {};
  const add = (key: string, value: string | undefined) => {
    if (value) extra[`authentication.kubernetes.io/${key}`] = [value];
  };
  add("credential-id", claims.jti && `JTI=${claims.jti}`);
  add("node-name", node?.name);
  add("node-uid", node?.uid);
  add("pod-name", pod?.name);
  add("pod-uid", pod?.uid);
  return accountUser(account, extra);
}

/** Whether an object was deleted more than a clock's difference ago, be it still there or not. */
function isGone({ metadata: { deletionTimestamp } }: KubeObject, context: Context): boolean {
  return deletionTimestamp !== undefined && deletionTimestamp < rfc3339(context.clock.now - LEEWAY * SECOND);
}

function accountUser({ metadata }: KubeObject, extra: Record<string, string[]>): UserInfo {
  const { namespace = "", name, uid } = metadata;
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    ...(uid ? { uid } : {}),
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`],
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
}

const LAST_USED = "kubernetes.io/legacy-token-last-used";
const INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";

function legacyUser(context: Context, claims: Claims, token: string): UserInfo | string {
  const claim = (name: string) => (claims as Record<string, unknown>)[`kubernetes.io/serviceaccount/${name}`];
  const [namespace, secretName, name, uid] = ["namespace", "secret.name", "service-account.name", "service-account.uid"]
    .map(claim)
    .map((value) => (typeof value === "string" ? value : ""));
  if (!namespace) return "namespace claim is missing";
  if (!secretName) return "secretName claim is missing";
  if (!name) return "serviceAccountName claim is missing";
  if (!uid) return "serviceAccountUID claim is missing";
  if (claims.sub !== `system:serviceaccount:${namespace}:${name}`) return "sub claim is invalid";
  const { store } = context.storage;
  const secret = store.get("secrets", namespace, secretName) as Secret | undefined;
  if (!secret || secret.metadata.deletionTimestamp) return invalidated;
  if (textOf(fromBase64(secret.data?.token ?? "") ?? new Uint8Array()) !== token)
    return "service account token does not match server's copy";
  const account = store.get("serviceaccounts", namespace, name);
  if (!account) return `serviceaccounts ${goQuote(name)} not found`;
  if (account.metadata.uid !== uid)
    return `service account UID (${account.metadata.uid}) does not match claim (${uid})`;
  const { labels } = secret.metadata;
  if (labels?.[INVALID_SINCE] !== undefined) {
    const of = `${namespace}/${secretName} for service account ${namespace}/${name}`;
    return `the token in secret ${of} has been marked invalid. Use tokens from the TokenRequest API or manually created secret-based tokens, or remove the '${INVALID_SINCE}' label from the secret to temporarily allow use of this token`;
  }
  if ((account as { secrets?: { name?: string }[] }).secrets?.some((one) => one.name === secretName))
    context.warn(
      "Use tokens from the TokenRequest API or manually created secret-based tokens instead of auto-generated secret-based tokens.",
    );
  markUsed(context, secret);
  return accountUser(account, {});
}

/** The day on which such a token was used last stands on its secret. */
function markUsed({ storage, kinds, clock }: Context, secret: Secret): void {
  const today = rfc3339(clock.now).slice(0, 10);
  const kind = kinds.byResource("secrets");
  if (!kind || secret.metadata.labels?.[LAST_USED] === today) return;
  const labels = { ...secret.metadata.labels, [LAST_USED]: today };
  storage.put(kind, { ...secret, metadata: { ...secret.metadata, labels } });
}
