import { FormatError } from "../../../../base/format-error.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import { groupOf, type Services } from "./from-ingresses.ts";
import type { Log } from "./log.ts";
import type { Options } from "./options.ts";
import { type Group, normalized, type Router } from "./routers.ts";
import { matcherOf } from "./rule.ts";

/** Traefik's own kind of route (traefik.io/v1alpha1). */
export interface IngressRoute extends KubeObject {
  spec?: {
    entryPoints?: string[];
    routes?: {
      match?: string;
      kind?: string;
      priority?: number;
      middlewares?: { name: string; namespace?: string }[];
      services?: {
        name: string;
        namespace?: string;
        kind?: string;
        port?: number | string;
        scheme?: string;
        weight?: number;
        passHostHeader?: boolean;
      }[];
    }[];
    tls?: { secretName?: string };
  };
}

type Named = NonNullable<NonNullable<NonNullable<IngressRoute["spec"]>["routes"]>[number]["services"]>[number];

/** The routers of an IngressRoute (pkg/provider/kubernetes/crd, 3.6). */
export function routersOfRoute(route: IngressRoute, services: Services, options: Options, log: Log): readonly Router[] {
  const { namespace = "", name } = route.metadata;
  const fields = { ingress: name, namespace, providerName: "kubernetescrd" };
  return (route.spec?.routes ?? []).flatMap((one, i): Router[] => {
    if (one.kind !== undefined && one.kind !== "Rule") {
      log("ERR", `Unsupported match kind: ${one.kind}. Only "Rule" is supported for now.`, fields);
      return [];
    }
    const text = one.match ?? "";
    if (text === "") {
      log("ERR", "Empty match rule", fields);
      return [];
    }
    const groups: Group[] = [];
    for (const service of one.services ?? []) {
      const group = groupFor(service, namespace, services, options);
      if (typeof group === "string") {
        log("ERR", "Cannot create service", { ...fields, error: group, serviceName: service.name });
        return [];
      }
      groups.push(group);
    }
    const key = `${namespace}-${name}-${hash(text)}`;
    try {
      const router: Router = {
        name: `${key}@kubernetescrd`,
        matches: matcherOf(text),
        priority: one.priority || text.length,
        entryPoints: route.spec?.entryPoints ?? [],
        middlewares: (one.middlewares ?? []).map(
          (middleware) => `${middleware.namespace ?? namespace}-${middleware.name}@kubernetescrd`,
        ),
        tls: route.spec?.tls !== undefined,
        target: { name: `${key}-${i}@kubernetescrd`, groups },
      };
      return [router];
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      log("ERR", error.message, { ...fields, routerName: `${key}@kubernetescrd` });
      return [];
    }
  });
}

function groupFor(service: Named, parent: string, services: Services, options: Options): Group | string {
  const namespace = service.namespace ?? parent;
  if (namespace !== parent && !options.crossNamespace)
    return `service ${namespace}/${service.name} not in the parent resource namespace ${parent}`;
  if (service.kind === "TraefikService") return "TraefikService is not simulated";
  const port = typeof service.port === "number" ? { number: service.port } : { name: service.port };
  const group = groupOf(services, namespace, service.name, port, options.externalNames);
  if (typeof group === "string")
    return group === "service not found" ? `kubernetes service not found: ${namespace}/${service.name}` : group;
  if (group.endpoints.length === 0 && !options.customEmptyServices)
    return `subset not found for ${namespace}/${service.name}`;
  return {
    ...group,
    name: normalized(group.name),
    weight: service.weight ?? 1,
    tls: service.scheme === undefined ? group.tls : service.scheme === "https",
    passesHost: service.passHostHeader ?? true,
  };
}

/** Twenty hexadecimal digits that are the same for the same rule. */
function hash(text: string): string {
  let whole = "";
  for (let seed = 0; seed < 3; seed++) {
    let sum = (0x811c9dc5 ^ seed) >>> 0;
    for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193) >>> 0;
    whole += sum.toString(16).padStart(8, "0");
  }
  return whole.slice(0, 20);
}
