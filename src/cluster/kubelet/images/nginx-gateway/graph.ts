import type { Namespace } from "../../../../kinds/types/core.ts";
import { type Attachment, attach } from "./attach.ts";
import type { BackendSources } from "./backends.ts";
import {
  gatewayAccepted,
  gatewayParametersInvalid,
  gatewayPartlyValid,
  gatewayProgrammed,
  gatewayUnsupportedAddress,
  gatewayWithoutClass,
  gatewayWithoutListeners,
  lastOfEach,
  parametersFound,
  parametersNotFound,
  routeDefaults,
} from "./conditions.ts";
import { type Listener, type ListenerSources, listenersOf } from "./listeners.ts";
import { rulesOf, type ServedRule } from "./rules.ts";
import { type Condition, type Gateway, GROUP, keyOf, type NginxProxy, type ParentRef, type Route } from "./types.ts";

/** What the controller has read. */
export interface Sources extends BackendSources, ListenerSources {
  /** The Gateways of the controller's class. */
  readonly gateways: readonly Gateway[];
  readonly routes: readonly Route[];
  /** Whether there is no class of the name that the controller serves. */
  readonly classMissing: boolean;
  readonly namespace: (name: string) => Namespace | undefined;
  readonly proxy: (namespace: string, name: string) => NginxProxy | undefined;
  /** The settings of the class. */
  readonly classProxy: NginxProxy | undefined;
}

/** A Gateway with all that it serves. */
export interface BuiltGateway {
  readonly source: Gateway;
  readonly valid: boolean;
  readonly conditions: readonly Condition[];
  readonly listeners: readonly Listener[];
  readonly served: readonly ServedRoute[];
  readonly settings: readonly NginxProxy[];
}

/** A route at a Gateway: its rules, and under which hosts of which listeners they hold. */
export interface ServedRoute {
  readonly route: Route;
  readonly rules: readonly ServedRule[];
  readonly hosts: ReadonlyMap<Listener, readonly string[]>;
}

/** What a route's status says about each of its parents. */
export interface BuiltRoute {
  readonly source: Route;
  readonly parents: readonly { readonly reference: ParentRef; readonly conditions: readonly Condition[] }[];
}

/** The whole configuration as it follows from the objects (nginx-gateway-fabric internal/controller/state/graph, 2.4). */
export function graphOf(sources: Sources): { gateways: readonly BuiltGateway[]; routes: readonly BuiltRoute[] } {
  const served = new Map<string, ServedRoute[]>();
  const gateways = sources.gateways.map((gateway): BuiltGateway => {
    const routes: ServedRoute[] = [];
    served.set(keyOf(gateway), routes);
    return { ...gatewayOf(gateway, sources), served: routes };
  });
  const byKey = new Map(gateways.map((gateway) => [keyOf(gateway.source), gateway]));
  const labelsOf = (name: string) => sources.namespace(name)?.metadata.labels ?? {};
  const routes = oldestFirst(sources.routes).flatMap((route): BuiltRoute[] => {
    const { rules, conditions } = rulesOf(route, sources);
    const parents = (route.spec.parentRefs ?? []).flatMap((reference) => {
      const { group = GROUP, kind = "Gateway", name, namespace = route.metadata.namespace } = reference;
      const gateway = group === GROUP && kind === "Gateway" ? byKey.get(`${namespace}/${name}`) : undefined;
      if (!gateway) return [];
      const parent = { namespace: namespace ?? "", valid: gateway.valid, listeners: gateway.listeners, labelsOf };
      const { condition, hosts }: Attachment = attach(route, reference, parent);
      if (!condition && rules.length > 0) served.get(keyOf(gateway.source))?.push({ route, rules, hosts });
      const said = [...routeDefaults, ...conditions, ...(condition ? [condition] : [])];
      return [{ reference, conditions: lastOfEach(said) }];
    });
    return parents.length > 0 ? [{ source: route, parents }] : [];
  });
  return { gateways, routes };
}

function gatewayOf(gateway: Gateway, sources: Sources): Omit<BuiltGateway, "served"> {
  if (sources.classMissing)
    return { source: gateway, valid: false, conditions: gatewayWithoutClass, listeners: [], settings: [] };
  const listeners = listenersOf(gateway, sources);
  const good = listeners.filter(({ valid }) => valid).length;
  const conditions: Condition[] = [gatewayAccepted, gatewayProgrammed];
  const settings = sources.classProxy ? [sources.classProxy] : [];
  const reference = gateway.spec.infrastructure?.parametersRef;
  if (reference) {
    const own = sources.proxy(gateway.metadata.namespace ?? "", reference.name);
    if (own) settings.push(own);
    conditions.push(...(own ? [parametersFound] : [parametersNotFound, gatewayParametersInvalid]));
  }
  if (good === 0) conditions.push(...gatewayWithoutListeners);
  else if (good < listeners.length) conditions.push(gatewayPartlyValid);
  const unsupported = gateway.spec.addresses?.findIndex(({ type = "IPAddress" }) => type !== "IPAddress") ?? -1;
  if (unsupported >= 0) {
    const type = gateway.spec.addresses?.[unsupported]?.type;
    const words = `spec.addresses[${unsupported}].type: Unsupported value: "${type}": supported values: "IPAddress"`;
    conditions.push(gatewayUnsupportedAddress(words));
  }
  return {
    source: gateway,
    valid: good > 0 && unsupported < 0,
    conditions: lastOfEach(conditions),
    listeners,
    settings,
  };
}

/** Where two routes are as good as each other, the older one counts, then the first by name (Gateway API, HTTPRouteRule.matches). */
function oldestFirst(routes: readonly Route[]): readonly Route[] {
  return routes.toSorted((a, b) => {
    const [made, other] = [a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? ""];
    if (made !== other) return made < other ? -1 : 1;
    return keyOf(a) < keyOf(b) ? -1 : 1;
  });
}
