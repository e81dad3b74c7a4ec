import { rangeIn } from "../../../../base/cidr.ts";

/** What the annotations of the controller begin with. */
export const PREFIX = "nginx.ingress.kubernetes.io/";

/** What follows from a value that is not valid: nothing but a warning; the Ingress is not taken; its locations answer 503. */
type WhenInvalid = "ignored" | "refused" | "denied";

/** An annotation that acts. */
interface Known {
  readonly valid: (value: string) => boolean;
  readonly invalid: WhenInvalid;
  /** A valid value that does not begin so means nothing. */
  readonly begins?: RegExp;
}

// internal/ingress/annotations/parser/validators.go, 1.13.
const basic = "-._~a-zA-Z0-9/:";
const url = new RegExp(`^[${basic}?&=]*$`);
const urlWithVariable = new RegExp(`^[${basic}?&=$]*$`);
const plain = new RegExp(`^[${basic}]*$`);
const spaced = new RegExp(`^[${basic} ]*$`);
const serverName = /^[-._~a-zA-Z0-9/:^$[\](){}*+?|&=\\, ]*$/;
const captures = new RegExp(`^/?[${basic}$]*$`);
const variable = /^[A-Za-z0-9\-_${}]*$/;
const headers = /^[A-Za-z0-9-_, ]*$/;
const size = /^\d+[bkmg]?$/i;
const serviceName = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const errorCodes = /^(\d{3},?)*$/;
const origin = /^([a-z0-9]+:\/\/)?[*a-zA-Z0-9.:/-]+$|^\*$/;

const matches = (pattern: RegExp) => (value: string) => pattern.test(value);
const oneOf =
  (...options: readonly string[]) =>
  (value: string) =>
    options.includes(value.trim());
const integer = (value: string) => /^[+-]?\d+$/.test(value);
const boolean = (value: string) => goBool(value) !== undefined;
const addresses = (value: string) => value.split(",").every((one) => isRange(one.trim()));

/** strconv.ParseBool. */
export function goBool(text: string): boolean | undefined {
  if (["1", "t", "T", "TRUE", "true", "True"].includes(text)) return true;
  return ["0", "f", "F", "FALSE", "false", "False"].includes(text) ? false : undefined;
}

const isRange = (text: string): boolean => rangeIn(text) !== undefined;

const ignored = (valid: Known["valid"]): Known => ({ valid, invalid: "ignored" });
const refused = (valid: Known["valid"]): Known => ({ valid, invalid: "refused" });
const denied = (valid: Known["valid"]): Known => ({ valid, invalid: "denied" });

/** The annotations that act here, with what is valid for them. */
export const annotations: Readonly<Record<string, Known>> = {
  affinity: ignored(oneOf("cookie")),
  "allowlist-source-range": denied(addresses),
  "app-root": { ...ignored(matches(captures)), begins: /^\// },
  "auth-realm": ignored(matches(spaced)),
  "auth-secret": denied(matches(plain)),
  "auth-secret-type": ignored(oneOf("auth-file", "auth-map")),
  "auth-type": refused(oneOf("basic", "digest")),
  "backend-protocol": ignored((value) =>
    ["auto_http", "fcgi", "grpc", "grpcs", "http", "https"].includes(value.trim().toLowerCase()),
  ),
  canary: ignored(boolean),
  "canary-by-cookie": ignored(matches(plain)),
  "canary-by-header": ignored(matches(plain)),
  "canary-by-header-pattern": ignored(matches(/^[-._~a-zA-Z0-9/:^$[\](){}*+?|&=\\]*$/)),
  "canary-by-header-value": ignored(matches(plain)),
  "canary-weight": ignored(integer),
  "canary-weight-total": ignored(integer),
  "cors-allow-credentials": ignored(boolean),
  "cors-allow-headers": ignored(matches(headers)),
  "cors-allow-methods": ignored(matches(/^([A-Za-z]+,?\s?)+$/)),
  "cors-allow-origin": ignored((value) => value.split(",").every((one) => origin.test(one.trim()))),
  "cors-expose-headers": ignored(matches(/^[A-Za-z0-9-_*, ]*$/)),
  "cors-max-age": ignored(integer),
  "custom-http-errors": refused(matches(errorCodes)),
  "default-backend": refused(matches(serviceName)),
  "denylist-source-range": denied(addresses),
  "enable-access-log": ignored(boolean),
  "enable-cors": ignored(boolean),
  "force-ssl-redirect": ignored(boolean),
  "limit-burst-multiplier": ignored(integer),
  "limit-rpm": ignored(integer),
  "limit-rps": ignored(integer),
  "permanent-redirect": { ...refused(matches(urlWithVariable)), begins: /^https?:/ },
  "permanent-redirect-code": ignored(integer),
  "proxy-body-size": ignored(matches(size)),
  "proxy-connect-timeout": ignored(integer),
  "proxy-next-upstream-tries": ignored(integer),
  "proxy-read-timeout": ignored(integer),
  "proxy-send-timeout": ignored(integer),
  "rewrite-target": ignored(matches(captures)),
  "server-alias": refused(matches(serverName)),
  "service-upstream": ignored(boolean),
  "session-cookie-max-age": ignored(integer),
  "session-cookie-name": ignored(matches(plain)),
  "session-cookie-path": ignored(matches(url)),
  "session-cookie-samesite": ignored(oneOf("None", "Lax", "Strict")),
  "session-cookie-secure": ignored(boolean),
  "ssl-redirect": ignored(boolean),
  "temporal-redirect": { ...refused(matches(url)), begins: /^https?:/ },
  "temporal-redirect-code": ignored(integer),
  "upstream-vhost": refused((value) => plain.test(value) || variable.test(value)),
  "use-regex": ignored(boolean),
  "whitelist-source-range": denied(addresses),
  "x-forwarded-prefix": ignored(matches(captures)),
};

/** Annotations by the group that the controller names when their risk is higher than it allows (all of these: Critical). */
export const risky: Readonly<Record<string, string>> = {
  "auth-snippet": "ExternalAuth",
  "configuration-snippet": "ConfigurationSnippet",
  "modsecurity-snippet": "ModSecurity",
  "server-snippet": "ServerSnippet",
  "stream-snippet": "StreamSnippet",
};

/** Annotations of the real controller that have no effect here; it says so when one is used. */
export const withoutEffect: ReadonlySet<string> = new Set([
  "affinity-canary-behavior",
  "affinity-mode",
  "auth-always-set-cookie",
  "auth-cache-duration",
  "auth-cache-key",
  "auth-keepalive",
  "auth-method",
  "auth-proxy-set-headers",
  "auth-request-redirect",
  "auth-response-headers",
  "auth-signin",
  "auth-tls-match-cn",
  "auth-tls-pass-certificate-to-upstream",
  "auth-tls-secret",
  "auth-tls-verify-client",
  "auth-tls-verify-depth",
  "auth-url",
  "client-body-buffer-size",
  "connection-proxy-header",
  "custom-headers",
  "enable-opentelemetry",
  "enable-rewrite-log",
  "from-to-www-redirect",
  "http2-push-preload",
  "limit-connections",
  "limit-rate",
  "limit-rate-after",
  "limit-whitelist",
  "load-balance",
  "mirror-host",
  "mirror-target",
  "preserve-trailing-slash",
  "proxy-buffer-size",
  "proxy-buffering",
  "proxy-buffers-number",
  "proxy-cookie-domain",
  "proxy-cookie-path",
  "proxy-http-version",
  "proxy-max-temp-file-size",
  "proxy-next-upstream",
  "proxy-next-upstream-timeout",
  "proxy-redirect-from",
  "proxy-redirect-to",
  "proxy-request-buffering",
  "proxy-ssl-name",
  "proxy-ssl-secret",
  "proxy-ssl-server-name",
  "proxy-ssl-verify",
  "proxy-ssl-verify-depth",
  "satisfy",
  "session-cookie-change-on-failure",
  "session-cookie-conditional-samesite-none",
  "session-cookie-domain",
  "session-cookie-expires",
  "ssl-ciphers",
  "ssl-passthrough",
  "ssl-prefer-server-ciphers",
  "upstream-hash-by",
  "use-port-in-redirects",
]);
