import type { Json } from "../../../../base/json.ts";
import { sameJson } from "../../../../base/json-object.ts";
import { rfc3339 } from "../../../../base/time.ts";
import { WaitQueue } from "../../../../base/wait-queue.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import type { Process } from "../../../../machine/process.ts";
import type { Api } from "../../../apiserver/define.ts";
import { pkiAt } from "../../../daemon/serving-tls.ts";
import { slicesByService } from "../../../network/http/service-endpoints.ts";
import {
  classAccepted,
  classConflict,
  classParametersInvalid,
  classVersion,
  parametersFound,
  parametersNotFound,
} from "./conditions.ts";
import { dataPlaneName, dataPlaneObjects, type Installation } from "./data-plane-objects.ts";
import { type BuiltGateway, graphOf, type Sources } from "./graph.ts";
import type { Known } from "./known.ts";
import { type PortTable, routingTable } from "./routing-table.ts";
import { writeClass, writeGateway, writeRoute } from "./statuses.ts";
import type { GatewayClass, NginxProxy, Route } from "./types.ts";

/** What agents of the data plane are told: the tables of their Deployment ("namespace_name"), and when there are new ones. */
export interface Configurations {
  readonly changed: WaitQueue;
  tablesFor(owner: string): readonly PortTable[] | undefined;
}

/** One look at all objects: the data planes, their tables and all statuses follow from it. */
export class ControlPlane implements Configurations {
  readonly changed = new WaitQueue();
  private readonly proc: Process;
  private readonly api: Api;
  private readonly known: Known;
  private readonly from: Installation;
  private readonly className: string;
  private tables = new Map<string, readonly PortTable[]>();

  constructor(proc: Process, api: Api, known: Known, from: Installation, className: string) {
    this.proc = proc;
    this.api = api;
    this.known = known;
    this.from = from;
    this.className = className;
  }

  tablesFor(owner: string): readonly PortTable[] | undefined {
    return this.tables.get(owner);
  }

  look(): void {
    const now = rfc3339(this.proc.machine.kernel.clock.now);
    const own = this.judgeClasses(now);
    const routes = [...this.known.httpRoutes.all, ...this.known.grpcRoutes.all];
    const sources = this.sources(own, routes);
    const graph = graphOf(sources);
    const tables = new Map<string, readonly PortTable[]>();
    for (const gateway of graph.gateways) {
      const name = dataPlaneName(gateway.source);
      if (gateway.valid) {
        this.provision(gateway);
        tables.set(`${gateway.source.metadata.namespace}_${name}`, routingTable(gateway));
      }
      writeGateway(this.api, gateway, gateway.valid ? this.addressesOf(gateway) : [], now);
    }
    this.tables = tables;
    this.changed.wake();
    const judged = new Set(graph.routes.map(({ source }) => source));
    for (const route of graph.routes) writeRoute(this.api, route, this.from.controllerName, now);
    for (const source of routes)
      if (!judged.has(source) && source.status?.parents?.some((one) => one.controllerName === this.from.controllerName))
        writeRoute(this.api, { source, parents: [] }, this.from.controllerName, now);
  }

  /** The class that this controller serves; of others with its name it says that they are ignored. */
  private judgeClasses(now: string): GatewayClass | undefined {
    let own: GatewayClass | undefined;
    for (const one of this.known.classes.all) {
      if (one.spec.controllerName !== this.from.controllerName) continue;
      const accepted = [classAccepted, classVersion];
      if (one.metadata.name === this.className) {
        own = one;
        const { parametersRef } = one.spec;
        const found = parametersRef && this.proxyOf(one);
        const said = !parametersRef ? [] : found ? [parametersFound] : [parametersNotFound, classParametersInvalid];
        writeClass(this.api, one, [...accepted, ...said], now);
      } else writeClass(this.api, one, [...accepted, classConflict], now);
    }
    return own;
  }

  private proxyOf({ spec }: GatewayClass): NginxProxy | undefined {
    const { name = "", namespace } = spec.parametersRef ?? {};
    return this.known.proxies.get(namespace, name);
  }

  private sources(own: GatewayClass | undefined, routes: readonly Route[]): Sources {
    const { known } = this;
    const slices = slicesByService(known.slices.all);
    const classMissing = !known.classes.get(undefined, this.className);
    const ofClass = () => known.gateways.all.filter(({ spec }) => spec.gatewayClassName === this.className);
    return {
      gateways: own || classMissing ? ofClass() : [],
      classMissing,
      routes,
      grants: known.grants.all,
      classProxy: own?.spec.parametersRef ? this.proxyOf(own) : undefined,
      pki: pkiAt(this.proc),
      namespace: (name) => known.namespaces.get(undefined, name),
      proxy: (namespace, name) => known.proxies.get(namespace, name),
      service: (namespace, name) => known.services.get(namespace, name),
      secret: (namespace, name) => known.secrets.get(namespace, name),
      slices: (namespace, name) => slices.get(`${namespace}/${name}`) ?? [],
    };
  }

  /** Makes what a Gateway's data plane is made of, and keeps it so. */
  private provision({ source, listeners, settings }: BuiltGateway): void {
    const ports = [...new Set(listeners.filter(({ valid }) => valid).map((one) => one.source.port))].sort(
      (a, b) => a - b,
    );
    const agent = this.known.secrets.get(this.from.namespace, this.from.agentSecret);
    for (const wanted of dataPlaneObjects(source, ports, settings, this.from, agent?.data)) this.keep(wanted);
  }

  private keep(wanted: KubeObject): void {
    const resource = resources[wanted.kind] ?? "";
    const { name, namespace } = wanted.metadata;
    const there = this.api.get<KubeObject>(resource, namespace, name);
    if (!there) {
      this.api.create(wanted);
      return;
    }
    const field = wanted.spec === undefined ? "data" : "spec";
    const next = merged(there[field], wanted[field]);
    if (!sameJson((there[field] ?? null) as Json, (next ?? null) as Json)) this.api.update({ ...there, [field]: next });
  }

  /** Where a Gateway is reached: the addresses of its load balancer, or of its Service in the cluster. */
  private addressesOf({ source }: BuiltGateway): readonly string[] {
    const service = this.known.services.get(source.metadata.namespace, dataPlaneName(source));
    const asked = (source.spec.addresses ?? []).flatMap(({ value }) => (value ? [value] : []));
    if (!service) return asked;
    const { type, clusterIP } = service.spec;
    if (type === "LoadBalancer") {
      const given = service.status?.loadBalancer?.ingress ?? [];
      return [...given.flatMap(({ ip }) => (ip ? [ip] : [])), ...asked];
    }
    return [...(clusterIP && clusterIP !== "None" ? [clusterIP] : []), ...asked];
  }
}

const resources: Readonly<Record<string, string>> = {
  ConfigMap: "configmaps",
  Deployment: "deployments.apps",
  Secret: "secrets",
  Service: "services",
  ServiceAccount: "serviceaccounts",
};

/** What is there, with all that is wanted set; what defaults have added stays. */
function merged(now: unknown, wanted: unknown): unknown {
  if (Array.isArray(wanted)) {
    const before: unknown[] = Array.isArray(now) ? now : [];
    return wanted.map((item, at) => merged(partner(before, item, at), item));
  }
  if (typeof wanted !== "object" || wanted === null) return wanted;
  const before = (typeof now === "object" && now !== null && !Array.isArray(now) ? now : {}) as Record<string, unknown>;
  const set = Object.entries(wanted).map(([key, value]) => [key, merged(before[key], value)] as const);
  return { ...before, ...Object.fromEntries(set) };
}

/** The item of a list that bears the same name; the one at the same place where items have none. */
function partner(list: readonly unknown[], item: unknown, at: number): unknown {
  const nameOf = (one: unknown) => (one as { name?: unknown } | null)?.name;
  return nameOf(item) === undefined ? list[at] : list.find((one) => nameOf(one) === nameOf(item));
}
