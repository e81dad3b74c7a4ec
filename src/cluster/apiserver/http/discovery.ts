import type { JsonObject } from "../../../base/json.ts";
import { apiVersionOf, type Kind, type Subresource } from "../../../kinds/define.ts";
import type { KindTable } from "../kind-table.ts";

export interface DiscoveryPage {
  readonly type: string;
  readonly body: JsonObject;
}

const allVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const pages = new WeakMap<KindTable, { revision: number; known: Map<string, DiscoveryPage | undefined> }>();

/** Answers /api, /apis and what lies below: aggregated where asked for, else the older lists. */
export function discoveryPage(kinds: KindTable, path: string, accept: string): DiscoveryPage | undefined {
  if (!path.startsWith("/api")) return undefined;
  let memory = pages.get(kinds);
  if (memory?.revision !== kinds.revision) {
    memory = { revision: kinds.revision, known: new Map() };
    pages.set(kinds, memory);
  }
  const aggregated = aggregatedVersion(accept);
  const key = `${path} ${aggregated ?? ""}`;
  if (!memory.known.has(key)) memory.known.set(key, pageOf(kinds, path.replace(/\/$/, ""), aggregated));
  return memory.known.get(key);
}

function aggregatedVersion(accept: string): "v2" | "v2beta1" | undefined {
  for (const clause of accept.split(",")) {
    if (!clause.includes("as=APIGroupDiscoveryList")) {
      if (clause.trim().startsWith("application/json")) return undefined;
      continue;
    }
    if (/;v=v2(;|$)/.test(clause)) return "v2";
    if (/;v=v2beta1(;|$)/.test(clause)) return "v2beta1";
  }
  return undefined;
}

function pageOf(kinds: KindTable, path: string, aggregated: string | undefined): DiscoveryPage | undefined {
  const type = "application/json";
  const core = kinds.all.filter(({ group }) => group === "");
  const grouped = kinds.all.filter(({ group }) => group !== "");
  if (path === "/api" || path === "/apis") {
    const shown = path === "/api" ? core : grouped;
    if (aggregated) {
      const body = aggregatedList(shown, aggregated);
      return { type: `${type};g=apidiscovery.k8s.io;v=${aggregated};as=APIGroupDiscoveryList`, body };
    }
    return { type, body: path === "/api" ? apiVersions(core) : groupList(grouped) };
  }
  const [, root, ...parts] = path.split("/");
  const [group = "", version] = root === "api" ? ["", parts[0]] : parts;
  if (root === "api" && parts.length !== 1) return undefined;
  if (root === "apis" && parts.length === 1) {
    const own = grouped.filter((kind) => kind.group === group);
    return own.length === 0
      ? undefined
      : { type, body: { kind: "APIGroup", apiVersion: "v1", ...groupOf(group, own) } };
  }
  if (root !== "api" && (root !== "apis" || parts.length !== 2)) return undefined;
  const own = kinds.all.filter((kind) => kind.group === group && kind.version === version);
  return own.length === 0 ? undefined : { type, body: resourceList(own) };
}

// ---- aggregated (KEP-3352)

function aggregatedList(kinds: readonly Kind[], version: string): JsonObject {
  const groups = groupsOf(kinds);
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: [...groups].map(([group, own]) => ({
      metadata: group === "" ? { creationTimestamp: null } : { name: group, creationTimestamp: null },
      versions: versionsOf(own).map((name) => ({
        version: name,
        resources: own.filter((kind) => kind.version === name).map(aggregatedResource),
        freshness: "Current",
      })),
    })),
  };
}

function aggregatedResource(kind: Kind): JsonObject {
  const { plural, group, version, namespaced, short, categories, subresources = [] } = kind;
  return {
    resource: plural,
    responseKind: { group, version, kind: kind.kind },
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singularOf(kind),
    verbs: [...(kind.verbs ?? allVerbs)],
    ...(short?.length ? { shortNames: [...short] } : {}),
    ...(categories?.length ? { categories: [...categories] } : {}),
    ...(subresources.length > 0 ? { subresources: subresources.map((sub) => aggregatedSubresource(kind, sub)) } : {}),
  };
}

function aggregatedSubresource(parent: Kind, { name, kind, group, version, verbs }: Subresource): JsonObject {
  return {
    subresource: name,
    responseKind: {
      group: group ?? parent.group,
      version: version ?? parent.version,
      kind: kind ?? parent.kind,
    },
    verbs: [...verbs],
  };
}

// ---- the older lists

function apiVersions(core: readonly Kind[]): JsonObject {
  return {
    kind: "APIVersions",
    versions: versionsOf(core),
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: "" }],
  };
}

function groupList(kinds: readonly Kind[]): JsonObject {
  return {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: [...groupsOf(kinds)].map(([name, own]) => groupOf(name, own)),
  };
}

function groupOf(name: string, kinds: readonly Kind[]): JsonObject {
  const versions = versionsOf(kinds).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] ?? null };
}

function resourceList(kinds: readonly Kind[]): JsonObject {
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: kinds[0] ? apiVersionOf(kinds[0]) : "",
    resources: kinds.flatMap((kind) => [
      plainResource(kind),
      ...(kind.subresources ?? []).map((sub) => plainSub(kind, sub)),
    ]),
  };
}

function plainResource(kind: Kind): JsonObject {
  const { plural, namespaced, short, categories } = kind;
  return {
    name: plural,
    singularName: singularOf(kind),
    namespaced,
    kind: kind.kind,
    verbs: [...(kind.verbs ?? allVerbs)],
    ...(short?.length ? { shortNames: [...short] } : {}),
    ...(categories?.length ? { categories: [...categories] } : {}),
  };
}

function plainSub(parent: Kind, { name, kind, group, version, verbs }: Subresource): JsonObject {
  return {
    name: `${parent.plural}/${name}`,
    singularName: "",
    namespaced: parent.namespaced,
    ...(group === undefined ? {} : { group }),
    ...(version === undefined ? {} : { version }),
    kind: kind ?? parent.kind,
    verbs: [...verbs],
  };
}

function groupsOf(kinds: readonly Kind[]): Map<string, Kind[]> {
  const groups = new Map<string, Kind[]>();
  for (const kind of kinds) {
    const own = groups.get(kind.group);
    if (own) own.push(kind);
    else groups.set(kind.group, [kind]);
  }
  return groups;
}

function versionsOf(kinds: readonly Kind[]): string[] {
  return [...new Set(kinds.map(({ version }) => version))];
}

function singularOf({ kind, singular }: Kind): string {
  return singular ?? kind.toLowerCase();
}
