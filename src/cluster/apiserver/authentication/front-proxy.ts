import type { HttpRequest } from "../../../base/http.ts";
import type { UserInfo } from "../define.ts";

/** What the API server knows of front proxies (--requestheader-*). */
export interface FrontProxies {
  readonly userHeaders: readonly string[];
  readonly groupHeaders: readonly string[];
  readonly uidHeaders: readonly string[];
  readonly extraPrefixes: readonly string[];
  /** What is wrong with a client's certificate, taken as a front proxy's. */
  problem(certificate: NonNullable<HttpRequest["clientCertificate"]>): string | undefined;
}

/** The list that a flag holds. */
export function listOf(flag: string | undefined): readonly string[] {
  return (flag ?? "").split(",").flatMap((part) => part.trim() || []);
}

/**
 * Who a front proxy says it asks for, where it shows its certificate (apiserver pkg/authentication/request/headerrequest,
 * 1.35).
 */
export function userOfProxy(
  proxies: FrontProxies,
  { headers, clientCertificate }: Pick<HttpRequest, "headers" | "clientCertificate">,
): UserInfo | undefined {
  const name = firstOf(headers, proxies.userHeaders);
  if (!name || clientCertificate === undefined || proxies.problem(clientCertificate) !== undefined) return undefined;
  const uid = firstOf(headers, proxies.uidHeaders);
  const groups = proxies.groupHeaders.flatMap((header) => valuesIn(headers[header.toLowerCase()]));
  const extra = extraIn(headers, proxies.extraPrefixes);
  return { name, groups, ...(uid ? { uid } : {}), ...(Object.keys(extra).length > 0 ? { extra } : {}) };
}

type Headers = HttpRequest["headers"];

function firstOf(headers: Headers, names: readonly string[]): string | undefined {
  return names.map((name) => headers[name.toLowerCase()]).find(Boolean);
}

/** The values of a header that came several times. */
function valuesIn(header: string | undefined): string[] {
  return (header ?? "").split(/,\s*/).filter((value) => value !== "");
}

function extraIn(headers: Headers, prefixes: readonly string[]): Record<string, string[]> {
  const extra: Record<string, string[]> = {};
  for (const prefix of prefixes.map((one) => one.toLowerCase())) {
    for (const header of Object.keys(headers).sort()) {
      if (!header.startsWith(prefix)) continue;
      const key = plainKey(header.slice(prefix.length));
      extra[key] = [...(extra[key] ?? []), ...valuesIn(headers[header])];
    }
  }
  return extra;
}

function plainKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
