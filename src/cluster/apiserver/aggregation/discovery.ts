import type { Json, JsonObject } from "../../../base/json.ts";
import { parseJson } from "../../../base/json.ts";
import type { Context } from "../context.ts";
import type { DiscoveryPage } from "../http/discovery.ts";
import { askRemote, type RemoteService, remoteServices } from "./remote-services.ts";

/** What other servers last told of their resources: shown as stale while they do not answer. */
const told = new WeakMap<Context, Map<string, readonly JsonObject[]>>();

/** A page of discovery with the groups that other servers serve (kube-aggregator pkg/apiserver/handler_discovery.go, 1.35). */
export function withRemoteGroups(
  context: Context,
  path: string,
  page: DiscoveryPage | undefined,
): DiscoveryPage | undefined {
  const at = path.replace(/\/$/, "");
  if (!at.startsWith("/apis")) return page;
  const services = remoteServices(context).filter(({ spec }) => !isServedHere(context, spec.group ?? ""));
  if (services.length === 0) return page;
  if (at === "/apis" && page) {
    const { body } = page;
    if (body.kind === "APIGroupDiscoveryList")
      return { ...page, body: { ...body, items: [...(body.items as Json[]), ...aggregated(context, services)] } };
    return { ...page, body: { ...body, groups: [...(body.groups as Json[]), ...byGroup(services).map(plainGroup)] } };
  }
  const group = /^\/apis\/([^/]+)$/.exec(at)?.[1];
  const own = services.filter(({ spec }) => spec.group === group);
  if (page || own.length === 0) return page;
  const body = { kind: "APIGroup", apiVersion: "v1", ...plainGroup([group ?? "", own]) };
  return { type: "application/json", body };
}

function isServedHere({ kinds }: Context, group: string): boolean {
  return kinds.all.some((kind) => kind.group === group);
}

function byGroup(services: readonly RemoteService[]): [string, RemoteService[]][] {
  const groups = new Map<string, RemoteService[]>();
  for (const service of services) {
    const group = service.spec.group ?? "";
    groups.set(group, [...(groups.get(group) ?? []), service]);
  }
  return [...groups];
}

function plainGroup([name, services]: [string, readonly RemoteService[]]): JsonObject {
  const versions = services.map(({ spec: { version = "" } }) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] ?? null };
}

function aggregated(context: Context, services: readonly RemoteService[]): JsonObject[] {
  return byGroup(services).map(([name, own]) => ({
    metadata: { name, creationTimestamp: null },
    versions: own.map((service) => {
      const { resources, fresh } = resourcesOf(context, service);
      return {
        version: service.spec.version ?? "",
        ...(resources.length > 0 ? { resources } : {}),
        freshness: fresh ? "Current" : "Stale",
      };
    }),
  }));
}

function resourcesOf(
  context: Context,
  service: RemoteService,
): { readonly resources: readonly JsonObject[]; readonly fresh: boolean } {
  const known = told.get(context) ?? new Map<string, readonly JsonObject[]>();
  told.set(context, known);
  const { name } = service.metadata;
  const fresh = fetched(context, service);
  if (fresh) known.set(name, fresh);
  return { resources: fresh ?? known.get(name) ?? [], fresh: fresh !== undefined };
}

function fetched(context: Context, service: RemoteService): readonly JsonObject[] | undefined {
  const { group = "", version = "" } = service.spec;
  const headers = { "x-remote-user": "system:kube-aggregator", "x-remote-group": "system:masters" };
  const path = `/apis/${group}/${version}`;
  const answer = askRemote(context, service, { method: "GET", path, headers });
  if (typeof answer === "string" || answer.status !== 200 || answer.body === undefined) return undefined;
  const body = (typeof answer.body === "string" ? parseJson(answer.body) : answer.body) as JsonObject;
  const all = (body.resources ?? []) as readonly JsonObject[];
  return all.map(({ name, kind, namespaced, singularName, verbs, shortNames, categories }) => ({
    resource: name ?? "",
    responseKind: { group, version, kind: kind ?? "" },
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singularName ?? "",
    verbs: verbs ?? [],
    ...(shortNames ? { shortNames } : {}),
    ...(categories ? { categories } : {}),
  }));
}
