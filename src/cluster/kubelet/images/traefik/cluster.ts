import { Status } from "../../../../kinds/status.ts";
import type { EndpointSlice, Secret, Service } from "../../../../kinds/types/core.ts";
import type { Ingress, IngressClass } from "../../../../kinds/types/network.ts";
import type { Process } from "../../../../machine/process.ts";
import { Unreachable } from "../../../apiserver/define.ts";
import type { Connection } from "../../../connection.ts";
import { Informer } from "../../../daemon/informer.ts";
import { pkiAt } from "../../../daemon/serving-tls.ts";
import { certificateOf, type ServedCertificate } from "../../../network/http/served-certificates.ts";
import { slicesByService } from "../../../network/http/service-endpoints.ts";
import type { Site } from "./answer.ts";
import type { Certificates } from "./certificates.ts";
import { isOwn, routersOfIngress, type Services } from "./from-ingresses.ts";
import { type IngressRoute, routersOfRoute } from "./from-routes.ts";
import type { Log } from "./log.ts";
import { type Middleware, type Step, stepsOf } from "./middlewares.ts";
import type { Options } from "./options.ts";
import type { Router } from "./routers.ts";

/** What Traefik knows of a cluster by its own account, and what follows from it: its dynamic configuration. */
export class Cluster {
  private readonly proc: Process;
  private readonly api: Connection;
  private readonly options: Options;
  private readonly log: Log;
  private readonly certificates: Certificates;
  private readonly ingresses: Informer<Ingress>;
  private readonly classes: Informer<IngressClass>;
  private readonly services: Informer<Service>;
  private readonly slices: Informer<EndpointSlice>;
  private readonly secrets: Informer<Secret>;
  private readonly routes: Informer<IngressRoute> | undefined;
  private readonly middlewares: Informer<Middleware> | undefined;
  private built: readonly Router[] = [];
  private steps = new Map<string, readonly Step[] | string>();

  constructor(
    proc: Process,
    api: Connection,
    { options, log, certificates }: { options: Options; log: Log; certificates: Certificates },
    changed: () => void,
  ) {
    this.proc = proc;
    this.api = api;
    this.options = options;
    this.log = log;
    this.certificates = certificates;
    this.classes = new Informer(api, "ingressclasses.networking.k8s.io", changed);
    this.services = new Informer(api, "services", changed);
    this.slices = new Informer(api, "endpointslices.discovery.k8s.io", changed);
    this.secrets = new Informer(api, "secrets", changed);
    this.ingresses = new Informer(api, "ingresses.networking.k8s.io", changed);
    if (!options.customResources) return;
    this.middlewares = new Informer(api, "middlewares.traefik.io", changed);
    this.routes = new Informer(api, "ingressroutes.traefik.io", changed);
  }

  get routers(): readonly Router[] {
    return this.built;
  }

  stepsOf: Site["steps"] = (name, scheme) => {
    const steps = this.madeSteps(name, scheme);
    return typeof steps === "string" ? undefined : steps;
  };

  /** The steps of a middleware; a text says what is wrong with it. */
  private madeSteps(name: string, scheme: "http" | "https"): readonly Step[] | string {
    const key = `${scheme} ${name}`;
    const known = this.steps.get(key);
    if (known !== undefined) return known;
    const found = this.middlewares?.all.find(
      ({ metadata }) => `${metadata.namespace}-${metadata.name}@kubernetescrd` === name,
    );
    if (!found) return `middleware "${name}" does not exist`;
    // A chain that leads back to itself finds this.
    this.steps.set(key, `could not instantiate middleware ${name}: recursion detected in ${name}`);
    const steps = stepsOf(found, this.around(scheme));
    this.steps.set(key, steps);
    return steps;
  }

  private around(scheme: "http" | "https") {
    return {
      proc: this.proc,
      scheme,
      secret: (namespace: string, name: string) => this.secrets.get(namespace, name),
      steps: (name: string) => this.madeSteps(name, scheme),
    };
  }

  /** Works out the routers anew. */
  build(): void {
    const slices = slicesByService(this.slices.all);
    const services: Services = {
      service: (namespace, name) => this.services.get(namespace, name),
      slices: (namespace, name) => slices.get(`${namespace}/${name}`) ?? [],
    };
    const { options, log } = this;
    this.steps = new Map();
    const routers: Router[] = [];
    const secrets = new Set<string>();
    if (options.ingresses)
      for (const ingress of this.ingresses.all) {
        const { namespace = "" } = ingress.metadata;
        if (options.namespaces.length > 0 && !options.namespaces.includes(namespace)) continue;
        if (!isOwn(ingress, this.classes.all, options)) continue;
        for (const { secretName } of ingress.spec?.tls ?? []) if (secretName) secrets.add(`${namespace}/${secretName}`);
        if (ingress.spec?.rules?.length) this.updateStatus(ingress);
        routers.push(...routersOfIngress(ingress, services, options, log));
      }
    for (const route of this.routes?.all ?? []) {
      const name = route.spec?.tls?.secretName;
      if (name) secrets.add(`${route.metadata.namespace}/${name}`);
      routers.push(...routersOfRoute(route, services, options, log));
    }
    for (const router of routers) this.checkMiddlewares(router);
    this.built = routers.sort((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : 1));
    this.certificates.set([...secrets].sort().flatMap((key) => this.certificate(key) ?? []));
  }

  private checkMiddlewares({ name, middlewares }: Router): void {
    for (const middleware of middlewares) {
      const steps = this.madeSteps(middleware, "http");
      if (typeof steps === "string") this.log("ERR", steps, { routerName: name });
    }
  }

  private certificate(key: string): ServedCertificate | undefined {
    const [namespace = "", name = ""] = key.split("/");
    const secret = this.secrets.get(namespace, name);
    const failed = (error: string) => {
      this.log("ERR", "Error configuring TLS", { error, namespace });
      return undefined;
    };
    if (!secret) return failed(`secret ${key} does not exist`);
    const found = certificateOf(secret, pkiAt(this.proc));
    if ("certificate" in found) return found;
    if (found.missing.length > 0)
      return failed(`secret ${key} is missing the following TLS data entries: ${found.missing.join(", ")}`);
    this.log("ERR", "Unable to append certificate to store", {
      error: `unable to generate TLS certificate : ${found.problem}`,
      tlsStoreName: "default",
    });
    return undefined;
  }

  /** Writes the address that is configured into the status of an Ingress. */
  private updateStatus(ingress: Ingress): void {
    const { address } = this.options;
    if (!address) return;
    const { namespace = "", name } = ingress.metadata;
    const fields = { ingress: name, namespace, providerName: "kubernetes" };
    const wanted = this.addresses(address);
    if (typeof wanted === "string") {
      this.log("ERR", "Error while updating ingress status", { ...fields, error: wanted });
      return;
    }
    const before = ingress.status?.loadBalancer?.ingress ?? [];
    const text = (list: typeof before) => list.map((one) => `${one.ip ?? ""} ${one.hostname ?? ""}`).join();
    if (wanted.length === 0 || text(wanted) === text(before)) return;
    try {
      this.api.updateStatus<Ingress>({ ...ingress, status: { loadBalancer: { ingress: wanted } } });
      this.log("INF", "Updated ingress status", { ingress: name, namespace });
    } catch (error) {
      if (!(error instanceof Status || error instanceof Unreachable)) throw error;
      const why = `failed to update ingress status ${namespace}/${name}: ${error.message}`;
      this.log("ERR", "Error while updating ingress status", { ...fields, error: why });
    }
  }

  private addresses({
    ip,
    hostname,
    service,
  }: NonNullable<Options["address"]>): { ip?: string; hostname?: string }[] | string {
    if (service === undefined) {
      if (!ip && !hostname) return "publishedService or ip or hostname must be defined";
      return [{ ...(ip ? { ip } : {}), ...(hostname ? { hostname } : {}) }];
    }
    const [namespace = "", name, more] = service.split("/");
    if (name === undefined || more !== undefined)
      return `invalid publishedService format (expected 'namespace/service' format): ${service}`;
    const found = this.services.get(namespace, name);
    if (!found) return `missing service: ${service}`;
    return (found.status?.loadBalancer?.ingress ?? []).map((one) => ({
      ...(one.ip ? { ip: one.ip } : {}),
      ...(one.hostname ? { hostname: one.hostname } : {}),
    }));
  }
}
