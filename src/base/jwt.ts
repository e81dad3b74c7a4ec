import { base64UrlOf, fromBase64Url } from "./base64.ts";
import { bytesOf, textOf } from "./text-bytes.ts";
import { type KeyPair, sign, verify } from "./x509/key.ts";

/** A signed JSON Web Token (ES256), as the API server makes for service accounts. */
export function signToken(claims: Readonly<Record<string, unknown>>, key: KeyPair, keyId: string): string {
  const head = base64UrlOf(bytesOf(JSON.stringify({ alg: "ES256", kid: keyId })));
  const body = base64UrlOf(bytesOf(JSON.stringify(claims)));
  return `${head}.${body}.${base64UrlOf(sign(key, bytesOf(`${head}.${body}`), "compact"))}`;
}

/** The claims of a token that this key signed; undefined for any other text. */
export function readToken(token: string, publicKey: Uint8Array): Record<string, unknown> | undefined {
  const [head, body, signature, ...more] = token.split(".");
  const signatureBytes = fromBase64Url(signature ?? "");
  const bodyBytes = fromBase64Url(body ?? "");
  if (!head || !bodyBytes || !signatureBytes || more.length > 0) return undefined;
  if (!verify(publicKey, bytesOf(`${head}.${body}`), signatureBytes, "compact")) return undefined;
  try {
    const claims: unknown = JSON.parse(textOf(bodyBytes));
    return typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
