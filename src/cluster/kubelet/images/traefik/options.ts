import { SECOND } from "../../../../base/clock.ts";
import { FormatError } from "../../../../base/format-error.ts";
import { parseGoDuration } from "../../../../base/go-duration.ts";

/** A port that Traefik opens. */
export interface EntryPoint {
  readonly name: string;
  readonly port: number;
  readonly tls: boolean;
  /** Where all its requests are sent to instead. */
  readonly redirect: { readonly to: string; readonly scheme: string; readonly permanent: boolean } | undefined;
  readonly isDefault: boolean;
}

/** What Traefik's command line asks for (its static configuration). */
export interface Options {
  readonly entryPoints: readonly EntryPoint[];
  readonly ingresses: boolean;
  readonly ingressClass: string | undefined;
  readonly namespaces: readonly string[];
  readonly address: { readonly ip?: string; readonly hostname?: string; readonly service?: string } | undefined;
  readonly emptyServices: boolean;
  readonly externalNames: boolean;
  readonly strictPrefixes: boolean;
  readonly customResources: boolean;
  readonly customEmptyServices: boolean;
  readonly crossNamespace: boolean;
  readonly insecureApi: boolean;
  readonly dashboard: boolean;
  readonly ping: boolean;
  readonly metrics: boolean;
  readonly accessLog: boolean;
  readonly level: "DEBUG" | "INFO" | "WARN" | "ERROR";
  readonly insecureBackends: boolean;
  readonly dialSeconds: number;
  /** What is named and has no effect here. */
  readonly unheeded: readonly string[];
}

/** What flags may begin with. */
const sections =
  /^(accesslog|api|certificatesresolvers|configfile|core|entrypoints|experimental|global|hostresolver|hub|log|metrics|ocsp|ping|providers|serverstransport|spiffe|tcpserverstransport|tracing)(\.|$)/;

/** What acts, or has nothing to act on here. */
const heeded =
  /^(accesslog$|api($|\.(insecure|dashboard)$)|entrypoints\.[^.]+\.(address|asdefault|http\.(tls$|redirections\.entrypoint\.(to|scheme|permanent)))|global\.|log\.level$|metrics\.prometheus($|\.entrypoint$)|ping$|providers\.kubernetes(crd($|\.(allowcrossnamespace|allowemptyservices)$)|ingress($|\.(ingressclass|namespaces|allowemptyservices|allowexternalnameservices|strictprefixmatching|ingressendpoint\.\w+)$))|serverstransport\.(insecureskipverify|forwardingtimeouts\.dialtimeout)$)/;

/** Reads --a.b=c; the names do not care for capitals. A text says what is wrong. */
export function optionsOf(argv: readonly string[]): Options | string {
  const given = new Map<string, string>();
  for (const word of argv) {
    const match = /^--?([^=]+)(?:=([\s\S]*))?$/.exec(word);
    if (!match?.[1]) return `command traefik error: command not found: ${word}`;
    const name = match[1].toLowerCase();
    if (!sections.test(name))
      return `command traefik error: failed to decode configuration from flags: field not found, node: ${match[1].split(".")[0]}`;
    given.set(name, match[2] ?? "true");
  }
  const is = (name: string, usual = false) => (given.has(name) ? given.get(name) === "true" : usual);
  const text = (name: string) => given.get(name) || undefined;
  /** A section is on when it, or something in it, is named. */
  const has = (section: string) =>
    given.get(section) !== "false" && [...given.keys()].some((key) => key === section || key.startsWith(`${section}.`));
  const ingress = "providers.kubernetesingress";
  const custom = "providers.kubernetescrd";
  const [ip, hostname, service] = ["ip", "hostname", "publishedservice"].map((key) =>
    text(`${ingress}.ingressendpoint.${key}`),
  );
  const address = { ...(ip ? { ip } : {}), ...(hostname ? { hostname } : {}), ...(service ? { service } : {}) };
  const level = (text("log.level") ?? "ERROR").toUpperCase();
  const dialSeconds = secondsOf(text("serverstransport.forwardingtimeouts.dialtimeout") ?? "30s");
  if (dialSeconds === undefined)
    return "command traefik error: failed to decode configuration from flags: invalid duration";
  const entryPoints = entryPointsOf(given, has("api.insecure") || has("ping") || has("metrics"));
  const portless = entryPoints.find(({ port }) => Number.isNaN(port));
  if (portless)
    return `command traefik error: error preparing server: error building entryPoint ${portless.name}: missing port in address`;
  return {
    entryPoints,
    ingresses: has(ingress),
    ingressClass: text(`${ingress}.ingressclass`),
    namespaces: (text(`${ingress}.namespaces`) ?? "").split(",").filter(Boolean),
    address: has(`${ingress}.ingressendpoint`) ? address : undefined,
    emptyServices: is(`${ingress}.allowemptyservices`),
    externalNames: is(`${ingress}.allowexternalnameservices`),
    strictPrefixes: is(`${ingress}.strictprefixmatching`),
    customResources: has(custom),
    customEmptyServices: is(`${custom}.allowemptyservices`),
    crossNamespace: is(`${custom}.allowcrossnamespace`),
    insecureApi: is("api.insecure"),
    dashboard: has("api"),
    ping: has("ping"),
    metrics: has("metrics.prometheus"),
    accessLog: has("accesslog"),
    level: level === "DEBUG" || level === "INFO" || level === "WARN" ? level : "ERROR",
    insecureBackends: is("serverstransport.insecureskipverify"),
    unheeded: [...given.keys()].filter((key) => !heeded.test(key)),
    dialSeconds,
  };
}

/** A duration of Go, or a number of seconds. */
function secondsOf(text: string): number | undefined {
  try {
    return parseGoDuration(/^\d+$/.test(text) ? `${text}s` : text) / SECOND;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}

function entryPointsOf(given: ReadonlyMap<string, string>, own: boolean): readonly EntryPoint[] {
  const names = new Set<string>();
  for (const key of given.keys()) {
    const name = /^entrypoints\.([^.]+)/.exec(key)?.[1];
    if (name) names.add(name);
  }
  if ([...names].every((name) => name === "traefik")) names.add("http");
  if (own) names.add("traefik");
  const anyDefault = [...given].some(([key, value]) => /^entrypoints\.[^.]+\.asdefault$/.test(key) && value === "true");
  return [...names].map((name) => {
    const prefix = `entrypoints.${name}`;
    const usual = name === "traefik" ? ":8080" : ":80";
    const port = Number(/:(\d+)(?:\/\w+)?$/.exec(given.get(`${prefix}.address`) ?? usual)?.[1] ?? Number.NaN);
    const to = given.get(`${prefix}.http.redirections.entrypoint.to`);
    const scheme = given.get(`${prefix}.http.redirections.entrypoint.scheme`) ?? "https";
    const permanent = given.get(`${prefix}.http.redirections.entrypoint.permanent`) !== "false";
    const secure = [...given.keys()].some(
      (key) => key === `${prefix}.http.tls` || key.startsWith(`${prefix}.http.tls.`),
    );
    return {
      name,
      port,
      tls: secure && given.get(`${prefix}.http.tls`) !== "false",
      redirect: to === undefined ? undefined : { to, scheme, permanent },
      isDefault: anyDefault ? given.get(`${prefix}.asdefault`) === "true" : name !== "traefik",
    };
  });
}
