import { keyIdOf, publicHalf, signToken } from "../base/jwt.ts";
import type { PrivateKey } from "../base/x509/private-key.ts";
import type { KubeObject } from "../kinds/types/meta.ts";

/** The issuer of tokens that lie in secrets. */
export const LEGACY_ISSUER = "kubernetes/serviceaccount";

/** What ties a token to an object: it ends with it. */
interface BoundTo {
  readonly name: string;
  readonly uid: string;
}

/** What a token of the TokenRequest API says beside the names that all tokens have; its fields in alphabetical order. */
export interface TokenClaims {
  readonly audiences: readonly string[];
  readonly issuer: string;
  readonly id: string;
  /** Seconds since 1970. */
  readonly now: number;
  readonly seconds: number;
  readonly warnAfter?: number | undefined;
  readonly pod?: BoundTo | undefined;
  readonly secret?: BoundTo | undefined;
  readonly node?: BoundTo | undefined;
}

/** A token of the TokenRequest API (kubernetes pkg/serviceaccount/claims.go, 1.35). */
export function boundToken(account: KubeObject, says: TokenClaims, key: PrivateKey): string {
  const { audiences, issuer, id, now, seconds, warnAfter, pod, secret, node } = says;
  const { namespace = "", name, uid } = account.metadata;
  const claims = {
    aud: audiences,
    exp: now + seconds,
    iat: now,
    iss: issuer,
    jti: id,
    "kubernetes.io": {
      namespace,
      ...(node ? { node } : {}),
      ...(pod ? { pod } : {}),
      ...(secret ? { secret } : {}),
      serviceaccount: { name, uid },
      ...(warnAfter === undefined ? {} : { warnafter: now + warnAfter }),
    },
    nbf: now,
    sub: `system:serviceaccount:${namespace}:${name}`,
  };
  return signToken(claims, key, keyIdOf(publicHalf(key)));
}

/** The token in a secret of type kubernetes.io/service-account-token (pkg/serviceaccount/legacy.go, 1.35). */
export function secretToken(account: KubeObject, secret: string, key: PrivateKey): string {
  const { namespace = "", name, uid } = account.metadata;
  const claims = {
    iss: LEGACY_ISSUER,
    "kubernetes.io/serviceaccount/namespace": namespace,
    "kubernetes.io/serviceaccount/secret.name": secret,
    "kubernetes.io/serviceaccount/service-account.name": name,
    "kubernetes.io/serviceaccount/service-account.uid": uid,
    sub: `system:serviceaccount:${namespace}:${name}`,
  };
  return signToken(claims, key, keyIdOf(publicHalf(key)));
}
