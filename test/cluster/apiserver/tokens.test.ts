import { describe, expect, test } from "vitest";
import { base64Of } from "../../../src/base/base64.ts";
import { SECOND } from "../../../src/base/clock.ts";
import type { HttpRequest } from "../../../src/base/http.ts";
import {
  jsonWebKey,
  keyIdOf,
  publicHalf,
  publicHalfFromPem,
  readToken,
  signToken,
  tokenParts,
} from "../../../src/base/jwt.ts";
import { Random } from "../../../src/base/random.ts";
import { bytesOf } from "../../../src/base/text-bytes.ts";
import { rfc3339 } from "../../../src/base/time.ts";
import { newKey } from "../../../src/base/x509/key.ts";
import { newPrivateRsaKey, type PrivateKey } from "../../../src/base/x509/private-key.ts";
import { readStaticTokens } from "../../../src/cluster/apiserver/authentication/token-files.ts";
import type { UserInfo } from "../../../src/cluster/apiserver/define.ts";
import { boundToken, secretToken } from "../../../src/cluster/service-account-tokens.ts";
import { podNamed, refusal, start, world } from "./setup.ts";

// Expectations: kubernetes pkg/serviceaccount (jwt.go, claims.go, legacy.go, openidmetadata.go),
// pkg/registry/core/serviceaccount/storage/token.go, plugin/pkg/auth/authenticator/token/bootstrap, 1.35.

const key: PrivateKey = { type: "ec", ec: newKey(new Random("sa")) };
const other: PrivateKey = { type: "ec", ec: newKey(new Random("other")) };
const issuer = "https://kubernetes.default.svc.cluster.local";
const now = Math.floor(start / SECOND);

function open(flags: Record<string, string> = {}) {
  const said: string[] = [];
  const made = world({
    flags: { "authorization-mode": "RBAC", "enable-bootstrap-token-auth": "true", ...flags },
    tokenKeys: () => [publicHalf(key)],
    signingKey: () => key,
    say: (_level, _source, text) => void said.push(text),
    verifyToken: (token) => (token === "static" ? { name: "joe", uid: "7", groups: ["devs"] } : undefined),
  });
  const { server, api } = made;
  const who = (token: string): UserInfo => server.authenticate({ headers: { authorization: `Bearer ${token}` } });
  const account = api.get("serviceaccounts", "default", "default");
  if (!account) throw new Error("no account");
  const issue = (spec: object, name = "default") =>
    api.createAt("serviceaccounts", "default", name, "token", { spec } as never) as {
      status: { token: string; expirationTimestamp: string };
      spec: { expirationSeconds: number };
    };
  const claims = (token: string) => readToken(token, publicHalf(key)) as Record<string, never>;
  const review = (spec: object) =>
    api.create({
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenReview",
      metadata: { name: "" },
      spec,
    } as never) as unknown as { status: object };
  return { ...made, said, who, account, issue, claims, review };
}

const says = { audiences: [issuer], issuer, id: "id-1", now, seconds: 600 };

describe("what a token must be", () => {
  type Opened = ReturnType<typeof open>;
  const secret = (opened: Opened, labels = {}) =>
    opened.api.create({
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: "s",
        namespace: "default",
        labels,
        annotations: { "kubernetes.io/service-account.name": "default" },
      },
      type: "kubernetes.io/service-account-token",
      data: { token: base64Of(bytesOf(secretToken(opened.account, "s", key))) },
    } as never);
  const cases: readonly (readonly [string, (opened: Opened) => string, string])[] = [
    [
      "expired for more than a minute",
      ({ account }) => boundToken(account, { ...says, now: now - 661 }, key),
      "service account token has expired",
    ],
    [
      "not valid yet",
      ({ account }) => boundToken(account, { ...says, now: now + 120 }, key),
      "service account token is not valid yet",
    ],
    ["of another key", ({ account }) => boundToken(account, says, other), "invalid signature, no keys found"],
    [
      "of another key under our name",
      ({ account }) =>
        signToken({ iss: issuer, aud: [issuer], sub: account.metadata.name }, other, keyIdOf(publicHalf(key))),
      "go-jose/go-jose: error in cryptographic primitive",
    ],
    [
      "for somebody else",
      ({ account }) => boundToken(account, { ...says, audiences: ["vault"] }, key),
      `token audiences ["vault"] is invalid for the target audiences ["${issuer}"]`,
    ],
    [
      "of an account that is gone",
      ({ account }) => boundToken({ ...account, metadata: { ...account.metadata, name: "gone" } }, says, key),
      'serviceaccounts "gone" not found',
    ],
    [
      "of an account that was made anew",
      ({ account }) => boundToken({ ...account, metadata: { ...account.metadata, uid: "u" } }, says, key),
      "service account UID (UID) does not match claim (u)",
    ],
    [
      "bound to a pod that is gone",
      ({ account }) => boundToken(account, { ...says, pod: { name: "p", uid: "u" } }, key),
      "service account token has been invalidated",
    ],
    [
      "bound to a secret that is gone",
      ({ account }) => boundToken(account, { ...says, secret: { name: "p", uid: "u" } }, key),
      "service account token has been invalidated",
    ],
    [
      "bound to a node that is gone",
      ({ account }) => boundToken(account, { ...says, node: { name: "p", uid: "u" } }, key),
      "service account token has been invalidated",
    ],
    [
      "from a secret that is gone",
      ({ account }) => secretToken(account, "s", key),
      "service account token has been invalidated",
    ],
    [
      "from a secret that was marked",
      (opened) => {
        secret(opened, { "kubernetes.io/legacy-token-invalid-since": "2026-01-01" });
        return secretToken(opened.account, "s", key);
      },
      "the token in secret default/s for service account default/default has been marked invalid. Use tokens from the TokenRequest API or manually created secret-based tokens, or remove the 'kubernetes.io/legacy-token-invalid-since' label from the secret to temporarily allow use of this token",
    ],
    [
      "another than the secret's",
      (opened) => {
        secret(opened);
        return signToken(
          { ...tokenParts(secretToken(opened.account, "s", key))?.claims, more: 1 },
          key,
          keyIdOf(publicHalf(key)),
        );
      },
      "service account token does not match server's copy",
    ],
  ];
  test.each(cases)("%s", (_, make, why) => {
    const opened = open();
    const token = make(opened);
    expect(refusal(() => opened.who(token)).message).toBe("Unauthorized");
    const words = `[invalid bearer token, ${why.replace("UID (UID)", `UID (${opened.account.metadata.uid})`)}]`;
    expect(opened.said).toEqual([`"Unable to authenticate the request" err=${JSON.stringify(words)}`]);
    expect(opened.review({ token }).status).toEqual({ user: {}, error: words });
  });

  test("no token at all", () => {
    const opened = open();
    for (const token of ["x", "a.b.c", "abcdef.0123456789abcdef"]) refusal(() => opened.who(token));
    expect(new Set(opened.said)).toEqual(new Set(['"Unable to authenticate the request" err="invalid bearer token"']));
    expect(refusal(() => opened.review({})).message).toBe("token is required for TokenReview in authentication");
  });

  test("a good one tells its pod, its node and its number; a review tells for whom it is", () => {
    const { api, account, who, review } = open();
    api.create({ apiVersion: "v1", kind: "Node", metadata: { name: "w1" }, spec: {} } as never);
    const pod = api.create(podNamed("p"));
    const uid = pod.metadata.uid ?? "";
    const bound = { pod: { name: "p", uid }, node: { name: "w1", uid: "n" } };
    const user = who(boundToken(account, { ...says, ...bound }, key));
    expect(user).toEqual({
      name: "system:serviceaccount:default:default",
      uid: account.metadata.uid,
      groups: ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"],
      extra: {
        "authentication.kubernetes.io/credential-id": ["JTI=id-1"],
        "authentication.kubernetes.io/node-name": ["w1"],
        "authentication.kubernetes.io/node-uid": ["n"],
        "authentication.kubernetes.io/pod-name": ["p"],
        "authentication.kubernetes.io/pod-uid": [uid],
      },
    });
    const token = boundToken(account, { ...says, audiences: ["vault", "db"] }, key);
    expect(review({ token, audiences: ["db", "x"] }).status).toMatchObject({ authenticated: true, audiences: ["db"] });
    expect(review({ token: "static" }).status).toEqual({
      authenticated: true,
      user: { username: "joe", uid: "7", groups: ["devs", "system:authenticated"] },
      audiences: [issuer],
    });
    expect(review({ token: "static", audiences: ["db"] }).status).toEqual({ user: {}, error: "invalid bearer token" });
  });

  test("the use of a secret's token is noted on it", () => {
    const opened = open();
    secret(opened);
    expect(opened.who(secretToken(opened.account, "s", key)).name).toBe("system:serviceaccount:default:default");
    expect(opened.api.get("secrets", "default", "s")?.metadata.labels).toEqual({
      "kubernetes.io/legacy-token-last-used": "2026-01-02",
    });
  });
});

describe("asking for a token", () => {
  const refused: readonly (readonly [string, object, string, string])[] = [
    [
      "less than ten minutes",
      { expirationSeconds: 599 },
      "Invalid",
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes',
    ],
    [
      "very long",
      { expirationSeconds: 2 ** 32 + 1 },
      "Invalid",
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds',
    ],
    [
      "for a ConfigMap",
      { boundObjectRef: { apiVersion: "v1", kind: "ConfigMap", name: "a" } },
      "BadRequest",
      "cannot bind token to object of type /v1, Kind=ConfigMap",
    ],
    [
      "for a Deployment",
      { boundObjectRef: { apiVersion: "apps/v1", kind: "Deployment", name: "a" } },
      "BadRequest",
      "cannot bind token to object of type apps/v1, Kind=Deployment",
    ],
    ["for no pod", { boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "a" } }, "NotFound", 'pods "a" not found'],
    [
      "for no node",
      { boundObjectRef: { apiVersion: "v1", kind: "Node", name: "a" } },
      "NotFound",
      'nodes "a" not found',
    ],
    [
      "for another's pod",
      { boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "others" } },
      "BadRequest",
      'cannot bind token for serviceaccount "default" to pod running with different serviceaccount name.',
    ],
    [
      "for an older pod",
      { boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "p", uid: "old" } },
      "Conflict",
      'Operation cannot be fulfilled on Pod "p": the UID in the bound object reference (old) does not match the UID in record. The object might have been deleted and then recreated',
    ],
  ];
  test.each(refused)("%s", (_, spec, reason, message) => {
    const { api, issue } = open();
    api.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "robot", namespace: "default" } });
    api.create(podNamed("p"));
    api.create(podNamed("others", { spec: { serviceAccountName: "robot", containers: [{ name: "c", image: "i" }] } }));
    expect(refusal(() => issue(spec))).toMatchObject({ reason, message });
  });

  test("the claims, in their order", () => {
    const { issue, claims, account } = open();
    const answer = issue({ expirationSeconds: 600, audiences: ["vault"] });
    const { jti, ...rest } = claims(answer.status.token) as Record<string, unknown>;
    expect(rest).toEqual({
      aud: ["vault"],
      exp: now + 600,
      iat: now,
      iss: issuer,
      "kubernetes.io": { namespace: "default", serviceaccount: { name: "default", uid: account.metadata.uid } },
      nbf: now,
      sub: "system:serviceaccount:default:default",
    });
    expect(jti).toMatch(/^[0-9a-f-]{36}$/);
    expect(Object.keys(claims(answer.status.token))).toEqual([
      "aud",
      "exp",
      "iat",
      "iss",
      "jti",
      "kubernetes.io",
      "nbf",
      "sub",
    ]);
    expect(tokenParts(answer.status.token)?.head).toEqual({ alg: "ES256", kid: keyIdOf(publicHalf(key)) });
    expect(answer.status.expirationTimestamp).toBe(rfc3339((now + 600) * SECOND));
  });

  test("a pod's usual token lives for a year and is stale after an hour, unless the flag says no", () => {
    const ask = (flags: Record<string, string>) => {
      const { api, issue, claims } = open(flags);
      const uid = api.create(podNamed("p")).metadata.uid;
      const ref = { apiVersion: "v1", kind: "Pod", name: "p", uid };
      const { exp, "kubernetes.io": more } = claims(
        issue({ expirationSeconds: 3607, boundObjectRef: ref }).status.token,
      ) as unknown as { exp: number; "kubernetes.io": { warnafter?: number } };
      return [exp - now, more.warnafter];
    };
    expect(ask({})).toEqual([31_536_000, now + 3607]);
    expect(ask({ "service-account-extend-token-expiration": "false" })).toEqual([3607, undefined]);
  });

  test("--service-account-max-token-expiration shortens, and says so", () => {
    const { issue, server } = open({ "service-account-max-token-expiration": "1h0m0s" });
    expect(issue({ expirationSeconds: 7200 }).spec.expirationSeconds).toBe(3600);
    expect(server.warnings).toEqual(["requested expiration of 7200 seconds shortened to 3600 seconds"]);
  });
});

describe("bootstrap tokens", () => {
  const token = "abcdef.0123456789abcdef";
  const cases: readonly (readonly [string, Record<string, string>, readonly string[] | undefined])[] = [
    ["a good one", {}, ["system:bootstrappers", "system:authenticated"]],
    [
      "with groups",
      { "auth-extra-groups": "system:bootstrappers:b,system:bootstrappers:a" },
      ["system:bootstrappers", "system:bootstrappers:a", "system:bootstrappers:b", "system:authenticated"],
    ],
    ["with a group of others", { "auth-extra-groups": "system:masters" }, undefined],
    ["not for authentication", { "usage-bootstrap-authentication": "false" }, undefined],
    ["still good", { expiration: "2026-01-02T03:04:06Z" }, ["system:bootstrappers", "system:authenticated"]],
    ["expired", { expiration: "2026-01-02T03:04:05Z" }, undefined],
    ["with a time that is none", { expiration: "tomorrow" }, undefined],
    ["with another secret", { "token-secret": "aaaaaaaaaaaaaaaa" }, undefined],
    ["with another id", { "token-id": "aaaaaa" }, undefined],
  ];
  const stored = (more: Record<string, string>, type = "bootstrap.kubernetes.io/token") => {
    const texts = {
      "token-id": "abcdef",
      "token-secret": "0123456789abcdef",
      "usage-bootstrap-authentication": "true",
      ...more,
    };
    const data = Object.fromEntries(Object.entries(texts).map(([k, v]) => [k, base64Of(bytesOf(v))]));
    return {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "bootstrap-token-abcdef", namespace: "kube-system" },
      type,
      data,
    };
  };
  const knows = (object: object, flags: Record<string, string> = {}) => {
    const { api, who } = open(flags);
    api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system" } });
    api.create(object as never);
    try {
      return who(token);
    } catch {
      return undefined;
    }
  };
  test.each(cases)("%s", (_, more, groups) => {
    expect(knows(stored(more))).toEqual(groups && { name: "system:bootstrap:abcdef", groups });
  });
  test("only of their type, and only with --enable-bootstrap-token-auth", () => {
    expect(knows(stored({}, "Opaque"))).toBeUndefined();
    expect(knows(stored({}), { "enable-bootstrap-token-auth": "false" })).toBeUndefined();
  });
});

describe("--token-auth-file", () => {
  const cases: readonly (readonly [string, string, unknown])[] = [
    ["user and uid", "t,joe,7\n", [["t", { name: "joe", uid: "7", groups: [] }]]],
    ["groups in quotes", 't,joe,7,"a,b"\n', [["t", { name: "joe", uid: "7", groups: ["a", "b"] }]]],
    ["one group", "t,joe,7,a\n", [["t", { name: "joe", uid: "7", groups: ["a"] }]]],
    ["an empty uid", "t,joe,,a\n", [["t", { name: "joe", groups: ["a"] }]]],
    ["an empty token is left out", ",joe,7\nu,ann,8\n", [["u", { name: "ann", uid: "8", groups: [] }]]],
    ["two columns", "t,joe\n", "token file '/f' must have at least 3 columns (token, user name, user uid), found 2"],
  ];
  test.each(cases)("%s", (_, text, expected) => {
    const read = readStaticTokens(text, "/f");
    expect(typeof read === "string" ? read : [...read]).toEqual(expected);
  });
});

describe("the pages by which others verify tokens", () => {
  const get = (opened: ReturnType<typeof open>, path: string, token: string) => {
    const request: HttpRequest = { method: "GET", path, headers: { authorization: `Bearer ${token}` } };
    return opened.server.handle(request);
  };
  test("are for service accounts", () => {
    const opened = open({ "advertise-address": "10.0.0.1" });
    opened.server.start("10.0.0.1");
    const { token } = opened.issue({}).status;
    const found = get(opened, "/.well-known/openid-configuration", token);
    expect([found.status, found.headers["content-type"], JSON.parse(String(found.body))]).toEqual([
      200,
      "application/json",
      {
        issuer,
        jwks_uri: "https://10.0.0.1:6443/openid/v1/jwks",
        response_types_supported: ["id_token"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["ES256"],
      },
    ]);
    const keys = get(opened, "/openid/v1/jwks", token);
    expect(keys.headers["content-type"]).toBe("application/jwk-set+json");
    expect(Object.keys(JSON.parse(String(keys.body)).keys[0])).toEqual(["use", "kty", "kid", "crv", "alg", "x", "y"]);
    expect(get(opened, "/openid/v1/jwks", "static").status).toBe(403);
  });
});

test("keys may be RSA", () => {
  const rsa = newPrivateRsaKey(1024, new Random("rsa"));
  const token = signToken({ sub: "a" }, rsa, "k");
  expect(tokenParts(token)?.head).toEqual({ alg: "RS256", kid: "k" });
  expect(readToken(token, publicHalf(rsa))).toEqual({ sub: "a" });
  expect(readToken(token, publicHalf(key))).toBeUndefined();
  expect(jsonWebKey(publicHalf(rsa))).toMatchObject({ kty: "RSA", alg: "RS256", e: "AQAB" });
  expect(publicHalfFromPem("nothing")).toBeUndefined();
});
