import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { goQuote } from "../../../base/go-text.ts";
import type { HttpRequest } from "../../../base/http.ts";
import { pemBlocks } from "../../../base/x509/pem.ts";
import { Status } from "../../../kinds/status.ts";
import type { Context } from "../context.ts";
import type { UserInfo } from "../define.ts";
import { bootstrapUser } from "./bootstrap-token.ts";
import { userOfProxy } from "./front-proxy.ts";
import { audiences } from "./issuer.ts";
import { serviceAccountAnswer } from "./service-account-token.ts";

const authenticated = "system:authenticated";
const anonymous: UserInfo = { name: "system:anonymous", groups: ["system:unauthenticated"] };
const CREDENTIAL = "authentication.kubernetes.io/credential-id";

type Request = Pick<HttpRequest, "headers" | "clientCertificate"> & { readonly path?: string };

/** Users that were met, so that the same credentials give the same object (decisions are remembered by it). */
type Known = Map<unknown, UserInfo>;
const knownUsers = new WeakMap<Context, Known>();

/** Who a request comes from: a client certificate, a bearer token, or nobody. Throws Unauthorized. */
export function authenticate(context: Context, request: Request): UserInfo {
  const { clientCertificate: certificate, headers } = request;
  const { frontProxies } = context.hooks;
  const asked = certificate !== undefined && frontProxies && userOfProxy(frontProxies, request);
  if (asked) return remembered(context, { ...asked, groups: withAuthenticated(asked.groups) });
  const user = byCertificate(context, certificate);
  if (user) return user;
  const token = bearerToken(headers);
  if (token !== undefined) {
    const answer = answerToken(context, token, audiences(context));
    if ("user" in answer) return remembered(context, answer.user);
    context.hooks.say?.(
      "E",
      "authentication.go:75",
      `"Unable to authenticate the request" err=${goQuote(answer.error)}`,
    );
    throw unauthorized();
  }
  // Who shows something that is not right is not taken for nobody.
  if (certificate !== undefined && context.hooks.verifyCertificate) throw unauthorized();
  if (!mayBeAnonymous(context, request.path)) throw unauthorized();
  return anonymous;
}

/** Whether somebody without credentials is let in as system:anonymous. */
function mayBeAnonymous({ flags, hooks }: Context, path: string | undefined): boolean {
  const { anonymous: configured } = hooks;
  if (configured && !configured.enabled) return false;
  if (configured?.paths && !configured.paths.includes((path ?? "").split("?")[0] ?? "")) return false;
  return flags["anonymous-auth"] !== "false";
}

function bearerToken(headers: Request["headers"]): string | undefined {
  return /^bearer +(\S+)/i.exec(headers.authorization ?? "")?.[1];
}

/** What a client tried to show who it is with, for the audit log (apiserver endpoints/filters/authn_audit.go, 1.35). */
export function triedMethods({ headers }: Request): string {
  const header = headers.authorization;
  if (header === undefined) return "Authentication failed, no credentials provided";
  return `Authentication failed, attempted: ${header.split(" ", 1)[0]?.toLowerCase()}`;
}

export function unauthorized(): Status {
  return new Status("Unauthorized", "Unauthorized");
}

/** The common name is the user, the organizations are the groups; the certificate's hash is found out when somebody asks. */
function byCertificate(context: Context, pem: HttpRequest["clientCertificate"]): UserInfo | undefined {
  const subject = pem === undefined ? undefined : context.hooks.verifyCertificate?.(pem);
  if (pem === undefined || !subject || subject.commonName === "") return undefined;
  const known = knownTo(context);
  const seen = known.get(pem);
  if (seen) return seen;
  let extra: UserInfo["extra"];
  const user: UserInfo = {
    name: subject.commonName,
    groups: withAuthenticated(subject.organizations ?? []),
    get extra() {
      extra ??= credentialOf(typeof pem === "function" ? (context.hooks.certificateText?.(pem) ?? pem()) : pem);
      return extra;
    },
  };
  known.set(pem, user);
  return user;
}

function credentialOf(pem: string): NonNullable<UserInfo["extra"]> {
  const der = pemBlocks(pem, "CERTIFICATE")[0];
  return der ? { [CREDENTIAL]: [`X509SHA256=${bytesToHex(sha256(der))}`] } : {};
}

function withAuthenticated(groups: readonly string[]): readonly string[] {
  return groups.includes(authenticated) ? groups : [...groups, authenticated];
}

/** What a bearer token says: whom it speaks for and to whom, or why it does not. */
export function answerToken(
  context: Context,
  token: string,
  wanted: readonly string[],
): { readonly user: UserInfo; readonly audiences: readonly string[] } | { readonly error: string } {
  const invalid = "invalid bearer token";
  const plain = context.hooks.verifyToken?.(token) ?? bootstrapUser(context, token);
  // These tokens know of no audience: they are for the API server.
  const common = audiences(context).filter((audience) => wanted.includes(audience));
  if (plain && common.length > 0)
    return { user: { ...plain, groups: withAuthenticated(plain.groups) }, audiences: common };
  const answer = serviceAccountAnswer(context, token, wanted);
  if (!answer || plain) return { error: invalid };
  if ("error" in answer) return { error: `[${invalid}, ${answer.error}]` };
  const { user } = answer;
  return { ...answer, user: { ...user, groups: withAuthenticated(user.groups) } };
}

function knownTo(context: Context): Known {
  let known = knownUsers.get(context);
  if (!known) {
    known = new Map();
    knownUsers.set(context, known);
  }
  return known;
}

function remembered(context: Context, user: UserInfo): UserInfo {
  const known = knownTo(context);
  const key = JSON.stringify(user);
  const same = known.get(key);
  if (same) return same;
  known.set(key, user);
  return user;
}
