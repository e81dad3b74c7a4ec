import { SECOND } from "../../base/clock.ts";
import type { HttpRequest } from "../../base/http.ts";
import { readToken } from "../../base/jwt.ts";
import { Status } from "../../kinds/status.ts";
import type { Context } from "./context.ts";
import type { UserInfo } from "./define.ts";

const authenticated = "system:authenticated";
const anonymous: UserInfo = { name: "system:anonymous", groups: ["system:unauthenticated"] };

/** Users that were met, so that the same credentials give the same object (decisions are remembered by it). */
type Known = Map<string, UserInfo>;
const knownUsers = new WeakMap<Context, Known>();

/** Who a request comes from: a client certificate, a bearer token, or nobody. Throws Unauthorized. */
export function authenticate(context: Context, request: Pick<HttpRequest, "headers" | "clientCertificate">): UserInfo {
  const { clientCertificate: certificate, headers } = request;
  const user = byCertificate(context, certificate) ?? byToken(context, headers.authorization);
  if (user) return remembered(context, user);
  // Who shows something that is not right is not taken for nobody.
  if (certificate !== undefined && context.hooks.verifyCertificate) throw unauthorized();
  if (context.flags["anonymous-auth"] === "false") throw unauthorized();
  return remembered(context, anonymous);
}

export function unauthorized(): Status {
  return new Status("Unauthorized", "Unauthorized");
}

/** The common name is the user, the organizations are the groups. */
function byCertificate({ hooks }: Context, pem: HttpRequest["clientCertificate"]): UserInfo | undefined {
  const subject = pem === undefined ? undefined : hooks.verifyCertificate?.(pem);
  return subject && { name: subject.commonName, groups: [...(subject.organizations ?? []), authenticated] };
}

/** A bearer token must be right: a wrong one is refused even where nobody would be let in as anonymous. */
function byToken(context: Context, header: string | undefined): UserInfo | undefined {
  const token = /^bearer +(\S+)/i.exec(header ?? "")?.[1];
  if (token === undefined) return undefined;
  const user = context.hooks.verifyToken?.(token) ?? serviceAccountOf(context, token);
  if (!user) throw unauthorized();
  return user.groups.includes(authenticated) ? user : { ...user, groups: [...user.groups, authenticated] };
}

interface Claims {
  readonly sub?: string;
  readonly exp?: number;
  readonly nbf?: number;
  readonly aud?: readonly string[] | string;
  readonly "kubernetes.io"?: {
    readonly namespace?: string;
    readonly serviceaccount?: { readonly name?: string; readonly uid?: string };
    readonly pod?: { readonly name?: string; readonly uid?: string };
  };
}

/** The service account of a token that this cluster signed, is valid now, and whose account and pod still exist. */
function serviceAccountOf(context: Context, token: string): UserInfo | undefined {
  const key = context.hooks.tokenKey?.() ?? context.hooks.signingKey?.().publicKey;
  const claims = key && (readToken(token, key) as Claims | undefined);
  if (!claims?.sub?.startsWith("system:serviceaccount:")) return undefined;
  const now = context.clock.now / SECOND;
  if ((claims.exp !== undefined && claims.exp < now) || (claims.nbf !== undefined && claims.nbf > now))
    return undefined;
  if (claims.aud !== undefined && ![claims.aud].flat().some((audience) => audiences(context).includes(audience))) {
    return undefined;
  }
  const bound = claims["kubernetes.io"];
  const { store } = context.storage;
  const [, , namespace = "", name = ""] = claims.sub.split(":");
  const account = store.get("serviceaccounts", namespace, name);
  if (!account || (bound?.serviceaccount?.uid && account.metadata.uid !== bound.serviceaccount.uid)) return undefined;
  if (bound?.pod && store.get("pods", namespace, bound.pod.name ?? "")?.metadata.uid !== bound.pod.uid)
    return undefined;
  return {
    name: claims.sub,
    ...(account.metadata.uid ? { uid: account.metadata.uid } : {}),
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, authenticated],
    ...(bound?.pod
      ? {
          extra: {
            "authentication.kubernetes.io/pod-name": [bound.pod.name ?? ""],
            "authentication.kubernetes.io/pod-uid": [bound.pod.uid ?? ""],
          },
        }
      : {}),
  };
}

/** Whom tokens must be meant for: --api-audiences, else the issuer. */
export function audiences({ flags }: Context): readonly string[] {
  return (flags["api-audiences"] ?? issuer(flags)).split(",");
}

export function issuer(flags: Context["flags"]): string {
  return (flags["service-account-issuer"] ?? "https://kubernetes.default.svc.cluster.local").split(",")[0] ?? "";
}

function remembered(context: Context, user: UserInfo): UserInfo {
  let known = knownUsers.get(context);
  if (!known) {
    known = new Map();
    knownUsers.set(context, known);
  }
  const key = JSON.stringify(user);
  const same = known.get(key);
  if (same) return same;
  known.set(key, user);
  return user;
}
