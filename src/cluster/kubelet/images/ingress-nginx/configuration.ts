import type { Ingress } from "../../../../kinds/types/network.ts";
import type { ServedCertificate } from "../../../network/http/served-certificates.ts";
import { type Backend, type BackendSource, Backends } from "./backends.ts";
import { merged } from "./canaries.ts";
import { noSettings, type Settings } from "./settings.ts";

/** An Ingress that the controller has taken. */
export interface Taken {
  readonly ingress: Ingress;
  readonly settings: Settings;
}

/** A path of a server, and who answers for it. */
export interface Location {
  readonly path: string;
  readonly type: "Exact" | "Prefix";
  /** The Ingress that it comes from; none for what answers where there is no rule. */
  readonly from: Ingress | undefined;
  readonly settings: Settings;
  /** Undefined: the default backend. */
  readonly backend: Backend | undefined;
  /** No rule leads here. */
  readonly isDefault: boolean;
}

/** What answers for a host name. "_" is all others. */
export interface Server {
  readonly name: string;
  aliases: readonly string[];
  locations: Location[];
  certificate: ServedCertificate | "default" | undefined;
}

/** What nginx does: its servers and where they pass requests to. `warnings` go to the log whenever it is worked out. */
export interface Configuration {
  readonly servers: ReadonlyMap<string, Server>;
  readonly backends: ReadonlyMap<string, Backend>;
  readonly warnings: readonly string[];
}

/** What the controller knows of the cluster. */
export interface Facts extends BackendSource {
  readonly taken: readonly Taken[];
  /** The certificate of a Secret, "namespace/name"; undefined where there is none that is good. */
  certificate(secret: string): ServedCertificate | undefined;
  /** What is wrong with a certificate for a host, in Go's words. */
  nameProblem(certificate: ServedCertificate, host: string): string | undefined;
  /** Whether the subject of a certificate is this host. */
  isSubject(certificate: ServedCertificate, host: string): boolean;
  /** A word on how long it is still good, if that is worth one. */
  expiry(certificate: ServedCertificate, host: string): string | undefined;
}

/** Works out what nginx has to do (internal/ingress/controller/controller.go, 1.13). */
export function configurationOf(facts: Facts): Configuration {
  const warnings: string[] = [];
  const backends = new Backends(facts, warnings);
  for (const { ingress, settings } of facts.taken) backends.prepare(ingress, settings);
  const servers = serversOf(facts, backends);
  addLocations(facts, backends, servers);
  addNames(facts, servers, warnings);
  for (const taken of facts.taken)
    if (taken.settings.canary && facts.taken.some(({ settings }) => !settings.canary))
      warnings.push(...merged(taken.ingress, backends, servers));
  return { servers, backends: backends.all, warnings };
}

const hostOf = (host: string | undefined) => host || "_";

/** A server for each host, with a location for all that has no rule. */
function serversOf({ taken }: Facts, backends: Backends): Map<string, Server> {
  const root = (backend: Backend | undefined, from: Ingress | undefined, settings: Settings): Location => ({
    path: "/",
    type: "Prefix",
    from,
    settings,
    backend,
    isDefault: true,
  });
  const all: Server = {
    name: "_",
    aliases: [],
    locations: [root(undefined, undefined, noSettings)],
    certificate: "default",
  };
  const servers = new Map([["_", all]]);
  for (const { ingress, settings } of taken) {
    const { spec = {} } = ingress;
    if (settings.canary) continue;
    const own = spec.defaultBackend && backends.of(ingress, spec.defaultBackend);
    const [first] = all.locations;
    if (own && first) {
      const isWhole = first.isDefault && !spec.rules?.length;
      all.locations[0] = { ...first, backend: own, from: ingress, ...(isWhole ? { isDefault: false, settings } : {}) };
    }
    for (const { host } of spec.rules ?? []) {
      const name = hostOf(host);
      if (servers.has(name)) continue;
      servers.set(name, { name, aliases: [], locations: [root(own, ingress, settings)], certificate: undefined });
    }
  }
  return servers;
}

/** A location for each path; the oldest Ingress has it. */
function addLocations({ taken }: Facts, backends: Backends, servers: ReadonlyMap<string, Server>): void {
  for (const { ingress, settings } of taken)
    for (const { host, http } of ingress.spec?.rules ?? []) {
      const server = servers.get(hostOf(host)) ?? servers.get("_");
      for (const { path: given, pathType, backend } of http?.paths ?? []) {
        if (!server || !backend.service || settings.canary) continue;
        const path = given || "/";
        const type = pathType === "Exact" ? "Exact" : "Prefix";
        const location: Location = {
          path,
          type,
          from: ingress,
          settings,
          backend: backends.of(ingress, backend),
          isDefault: false,
        };
        // Only the first location of this path is looked at.
        const at = server.locations.findIndex((one) => one.path === path);
        const same = server.locations[at];
        if (!same || same.type !== type) server.locations.push(location);
        else if (same.isDefault) server.locations[at] = location;
      }
    }
}

/** Aliases and certificates of the servers. */
function addNames(facts: Facts, servers: ReadonlyMap<string, Server>, warnings: string[]): void {
  for (const { ingress, settings } of facts.taken) {
    if (settings.canary) continue;
    const { namespace, name } = ingress.metadata;
    for (const { host } of ingress.spec?.rules ?? []) {
      const server = servers.get(hostOf(host));
      if (!server) continue;
      const aliases = (settings.text("server-alias") ?? "").split(",").flatMap((one) => one.trim() || []);
      if (server.aliases.length === 0) server.aliases = aliases.filter((one) => !servers.has(one)).sort();
      else
        warnings.push(
          `Aliases already configured for server "${server.name}", skipping (Ingress "${namespace}/${name}")`,
        );
      if (server.certificate === undefined && ingress.spec?.tls?.length)
        server.certificate = certificateFor(facts, ingress, server.name, warnings);
    }
  }
}

/** The certificate of a host: of the Secret that names it, else of one whose certificate is for it; else the default one. */
function certificateFor(
  facts: Facts,
  { metadata, spec }: Ingress,
  host: string,
  warnings: string[],
): ServedCertificate | "default" {
  const tls = spec?.tls ?? [];
  const named = tls.find(({ hosts = [] }) => hosts.some((one) => one.toLowerCase() === host.toLowerCase()));
  const missing = (key: string, more = "") =>
    warnings.push(`Error getting SSL certificate "${key}": local SSL certificate ${key} was not found${more}`);
  let secretName = named?.secretName;
  if (!named)
    for (const { secretName: other } of tls) {
      if (!other) continue;
      const key = `${metadata.namespace}/${other}`;
      const certificate = facts.certificate(key);
      if (!certificate) missing(key);
      else if (facts.nameProblem(certificate, host) === undefined) {
        secretName = other;
        break;
      }
    }
  if (!secretName) return "default";
  const key = `${metadata.namespace}/${secretName}`;
  const certificate = facts.certificate(key);
  if (!certificate) {
    missing(key, ". Using default certificate");
    return "default";
  }
  const problem = facts.nameProblem(certificate, host);
  if (problem !== undefined) {
    warnings.push(`Unexpected error validating SSL certificate "${key}" for server "${host}": ${problem}`);
    warnings.push("Validating certificate against DNS names. This will be deprecated in a future version");
    if (!facts.isSubject(certificate, host)) {
      const lacks = "does not contain a Common Name or Subject Alternative Name for server";
      warnings.push(`SSL certificate "${key}" ${lacks} "${host}": ${problem}`, "Using default certificate");
      return "default";
    }
  }
  const expiry = facts.expiry(certificate, host);
  if (expiry !== undefined) warnings.push(expiry);
  return certificate;
}

/** What a configuration is without the endpoints: nginx has to be told anew where it is another. */
export function shapeOf({ servers }: Configuration): string {
  const nameOf = (of: Ingress | undefined) => of && `${of.metadata.namespace}/${of.metadata.name}`;
  return JSON.stringify(
    [...servers.values()].map(({ name, aliases, certificate, locations }) => [
      name,
      aliases,
      certificate !== undefined,
      locations.map(({ path, type, from, backend }) => [
        path,
        type,
        nameOf(from),
        from?.metadata.annotations,
        backend?.name,
        backend?.service?.metadata.uid,
      ]),
    ]),
  );
}
