import type { ConfigMap } from "../../../../kinds/types/core.ts";
import { goBool } from "./annotation-values.ts";

/** What the controller's ConfigMap sets for all Ingresses (internal/ingress/controller/config, 1.13). */
export interface Globals {
  readonly allowSnippets: boolean;
  /** 0 Low, 1 Medium, 2 High, 3 Critical. */
  readonly riskLevel: number;
  readonly strictPathTypes: boolean;
  readonly sslRedirect: boolean;
  readonly forceSslRedirect: boolean;
  readonly redirectCode: number;
  readonly hsts: boolean;
  readonly hstsMaxAge: string;
  readonly hstsSubdomains: boolean;
  readonly serverTokens: boolean;
  readonly useForwardedHeaders: boolean;
  readonly connectSeconds: number;
  readonly readSeconds: number;
  readonly tries: number;
  readonly bodySize: string;
  readonly allowedSources: string | undefined;
  readonly deniedSources: string | undefined;
  readonly errors: readonly number[];
  readonly logsDefaultBackend: boolean;
  readonly disableAccessLog: boolean;
  /** Keys that have no effect here. */
  readonly unheeded: readonly string[];
}

const levels = ["low", "medium", "high", "critical"];

const known = new Set([
  "allow-snippet-annotations",
  "annotations-risk-level",
  "custom-http-errors",
  "denylist-source-range",
  "disable-access-log",
  "enable-access-log-for-default-backend",
  "force-ssl-redirect",
  "hsts",
  "hsts-include-subdomains",
  "hsts-max-age",
  "http-redirect-code",
  "proxy-body-size",
  "proxy-connect-timeout",
  "proxy-next-upstream-tries",
  "proxy-read-timeout",
  "server-tokens",
  "ssl-redirect",
  "strict-validate-path-type",
  "use-forwarded-headers",
  "whitelist-source-range",
]);

/** What a ConfigMap says; the defaults for the rest. */
export function globalsOf(configMap: ConfigMap | undefined): Globals {
  const data = configMap?.data ?? {};
  const is = (key: string, usual: boolean) => goBool(data[key] ?? "") ?? usual;
  const number = (key: string, usual: number) => {
    const value = Number(data[key]);
    return data[key] !== undefined && Number.isInteger(value) && value >= 0 ? value : usual;
  };
  const level = levels.indexOf((data["annotations-risk-level"] ?? "High").toLowerCase());
  const errors = (data["custom-http-errors"] ?? "").split(",").map(Number);
  return {
    allowSnippets: is("allow-snippet-annotations", false),
    riskLevel: level < 0 ? 2 : level,
    strictPathTypes: is("strict-validate-path-type", true),
    sslRedirect: is("ssl-redirect", true),
    forceSslRedirect: is("force-ssl-redirect", false),
    redirectCode: number("http-redirect-code", 308),
    hsts: is("hsts", true),
    hstsMaxAge: data["hsts-max-age"] ?? "31536000",
    hstsSubdomains: is("hsts-include-subdomains", true),
    serverTokens: is("server-tokens", false),
    useForwardedHeaders: is("use-forwarded-headers", false),
    connectSeconds: number("proxy-connect-timeout", 5),
    readSeconds: number("proxy-read-timeout", 60),
    tries: number("proxy-next-upstream-tries", 3),
    bodySize: data["proxy-body-size"] ?? "1m",
    allowedSources: data["whitelist-source-range"],
    deniedSources: data["denylist-source-range"],
    errors: errors.filter((code) => code > 300 && code < 600),
    logsDefaultBackend: is("enable-access-log-for-default-backend", false),
    disableAccessLog: is("disable-access-log", false),
    unheeded: Object.keys(data).filter((key) => !known.has(key)),
  };
}
