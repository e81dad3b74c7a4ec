import { FormatError } from "../../../../base/format-error.ts";
import type { EndpointSlice, Service } from "../../../../kinds/types/core.ts";
import type { Ingress, IngressBackend, IngressClass, IngressRule } from "../../../../kinds/types/network.ts";
import { type Endpoint, readyEndpoints, servicePort } from "../../../network/http/service-endpoints.ts";
import type { Log } from "./log.ts";
import type { Options } from "./options.ts";
import { type Group, normalized, type Router } from "./routers.ts";
import { matcherOf } from "./rule.ts";

const ANNOTATION = "traefik.ingress.kubernetes.io/";
const CONTROLLER = "traefik.io/ingress-controller";

/** What is known of Services. */
export interface Services {
  service(namespace: string, name: string): Service | undefined;
  slices(namespace: string, name: string): readonly EndpointSlice[];
}

/** Whether an Ingress is for this Traefik (pkg/provider/kubernetes/ingress, 3.6). */
export function isOwn(
  { metadata, spec }: Ingress,
  classes: readonly IngressClass[],
  { ingressClass }: Options,
): boolean {
  const named = spec?.ingressClassName;
  if (named !== undefined)
    return classes.some(
      (one) =>
        one.metadata.name === named &&
        one.spec?.controller === CONTROLLER &&
        (ingressClass === undefined || ingressClass === named),
    );
  const annotated = metadata.annotations?.["kubernetes.io/ingress.class"] ?? "";
  return annotated === (ingressClass ?? "") || (ingressClass === undefined && annotated === "traefik");
}

/** The servers behind a Service's port; a text says why there are none to be had. */
export function groupOf(
  services: Services,
  namespace: string,
  name: string,
  port: { readonly number?: number | undefined; readonly name?: string | undefined },
  externalNames: boolean,
): Group | string {
  const service = services.service(namespace, name);
  if (!service) return "service not found";
  const { spec, metadata } = service;
  if (spec.type === "ExternalName" && !externalNames) return `externalName services not allowed: ${namespace}/${name}`;
  const found = servicePort(service, port);
  if (!found) return "service port not found";
  const scheme = metadata.annotations?.[`${ANNOTATION}service.serversscheme`];
  const tls = scheme === undefined ? found.port === 443 || (found.name ?? "").startsWith("https") : scheme === "https";
  const endpoints: readonly Endpoint[] =
    spec.type === "ExternalName"
      ? [{ address: spec.externalName ?? "", port: found.port }]
      : readyEndpoints(services.slices(namespace, name), found);
  const passesHost = metadata.annotations?.[`${ANNOTATION}service.passhostheader`] !== "false";
  return {
    name: normalized(`${namespace}-${name}-${port.name || port.number}`),
    weight: 1,
    tls,
    endpoints,
    passesHost,
  };
}

/** The routers of an Ingress. */
export function routersOfIngress(ingress: Ingress, services: Services, options: Options, log: Log): readonly Router[] {
  const { metadata, spec = {} } = ingress;
  const own = (name: string) => metadata.annotations?.[`${ANNOTATION}${name}`];
  const list = (name: string) => (own(name) ?? "").split(",").flatMap((one) => one.trim() || []);
  const { namespace = "", name } = metadata;
  const common = {
    entryPoints: list("router.entrypoints"),
    middlewares: list("router.middlewares"),
    tls: own("router.tls") === "true" || own("router.tls.certresolver") !== undefined,
  };
  const priority = Number(own("router.priority") ?? 0);
  const groupFor = ({ service }: IngressBackend): Group | undefined => {
    if (!service) return undefined;
    const fields = {
      ingress: name,
      namespace,
      providerName: "kubernetes",
      serviceName: service.name,
      servicePort: `&ServiceBackendPort{Name:${service.port?.name ?? ""},Number:${service.port?.number ?? 0},}`,
    };
    const group = groupOf(services, namespace, service.name, service.port ?? {}, options.externalNames);
    if (typeof group === "string") {
      log("ERR", "Cannot create service", { ...fields, error: group });
      return undefined;
    }
    if (group.endpoints.length > 0 || options.emptyServices) return group;
    log("ERR", "Skipping service: no endpoints found", fields);
    return undefined;
  };
  const routers: Router[] = [];
  if (!spec.rules?.length && spec.defaultBackend) {
    const group = groupFor(spec.defaultBackend);
    const target = { name: "default-backend@kubernetes", groups: group ? [group] : [] };
    if (group)
      routers.push({ ...common, name: "default-router@kubernetes", matches: () => true, priority: -1, target });
  }
  for (const rule of spec.rules ?? [])
    for (const { path = "", pathType, backend } of rule.http?.paths ?? []) {
      const group = groupFor(backend);
      if (!group) continue;
      const matcher = own("router.pathmatcher");
      const text = ruleText(rule, path, pathType, options, matcher);
      const key = normalized(`${namespace}-${name}-${rule.host ?? ""}${path}`);
      try {
        const target = { name: `${group.name}@kubernetes`, groups: [group] };
        const rank = priority > 0 ? priority : text.length;
        routers.push({ ...common, name: `${key}@kubernetes`, matches: matcherOf(text), priority: rank, target });
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        log("ERR", error.message, { routerName: `${key}@kubernetes` });
      }
    }
  return routers;
}

function ruleText(
  { host }: IngressRule,
  path: string,
  pathType: string | undefined,
  { strictPrefixes }: Options,
  own: string | undefined,
): string {
  const rules: string[] = [];
  if (host?.startsWith("*.")) {
    const pattern = host.replaceAll(".", "\\.").replace("*\\.", "[a-zA-Z0-9-]+\\.");
    rules.push(`HostRegexp(\`^${pattern}$\`)`);
  } else if (host) rules.push(`Host(\`${host}\`)`);
  if (path !== "") {
    const isFree = pathType === "ImplementationSpecific";
    if (pathType === "Exact") rules.push(`Path(\`${path}\`)`);
    else if (isFree && own) rules.push(`${own}(\`${path}\`)`);
    else if (strictPrefixes && path !== "/") {
      const whole = path.replace(/\/+$/, "");
      rules.push(`(Path(\`${whole}\`) || PathPrefix(\`${whole}/\`))`);
    } else rules.push(`PathPrefix(\`${path}\`)`);
  }
  return rules.join(" && ") || "PathPrefix(`/`)";
}
