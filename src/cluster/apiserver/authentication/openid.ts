import type { HttpResponse } from "../../../base/http.ts";
import type { JsonObject } from "../../../base/json.ts";
import { toJson } from "../../../base/json.ts";
import { jsonWebKey } from "../../../base/jwt.ts";
import type { Context } from "../context.ts";
import { issuer } from "./issuer.ts";

const KEYS = "/openid/v1/jwks";

/** The pages by which others verify this cluster's tokens (kubernetes pkg/serviceaccount/openidmetadata.go, 1.35). */
export function openIdPage({ flags, hooks }: Context, path: string): HttpResponse | undefined {
  if (path !== KEYS && path !== "/.well-known/openid-configuration") return undefined;
  const keys = (hooks.tokenKeys?.() ?? []).map(jsonWebKey);
  if (keys.length === 0 || !issuer(flags).startsWith("https://")) return undefined;
  const shown = (type: string, body: JsonObject): HttpResponse => ({
    status: 200,
    headers: { "content-type": type, "cache-control": "public, max-age=3600" },
    body: toJson(body),
  });
  if (path === KEYS) return shown("application/jwk-set+json", { keys });
  const host = `${flags["external-hostname"] ?? flags["advertise-address"] ?? ""}:${flags["secure-port"] ?? 6443}`;
  return shown("application/json", {
    issuer: issuer(flags),
    jwks_uri: flags["service-account-jwks-uri"] ?? `https://${host}${KEYS}`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [...new Set(keys.map(({ alg = "" }) => alg))].sort(),
  });
}
