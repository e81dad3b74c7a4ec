import type { Json, JsonObject } from "../../base/json.ts";
import { CommandFault } from "./faults.ts";
import { groupVersion, qualifiedName, type Resource } from "./resource.ts";

/** What the server has, by the names people use: plurals, singulars, short names, kinds, categories. */
export class Mapper {
  /** In the server's order: core first, then group by group, each with its preferred version first. */
  readonly resources: readonly Resource[];
  private readonly names = new Map<string, Resource[]>();
  private readonly shorts = new Map<string, Resource[]>();
  private readonly kinds = new Map<string, Resource>();
  private readonly categories = new Map<string, readonly Resource[]>();

  constructor(resources: readonly Resource[]) {
    this.resources = resources;
    for (const resource of resources) {
      add(this.names, resource.plural, resource);
      if (resource.singular !== resource.plural) add(this.names, resource.singular, resource);
      const kind = resource.kind.toLowerCase();
      if (kind !== resource.singular && kind !== resource.plural) add(this.names, kind, resource);
      for (const short of resource.short) add(this.shorts, short, resource);
      // A kind in lower case is found, too (restmapper's discovery.go, 1.33); the server refuses it.
      for (const name of [resource.kind, kind]) {
        const key = `${groupVersion(resource)} ${name}`;
        if (!this.kinds.has(key)) this.kinds.set(key, resource);
      }
    }
  }

  /** The resource that a word of the command line means: po, deployments.apps, deployments.v1.apps. Undefined where none. */
  find(word: string): Resource | undefined {
    const [name = "", ...parts] = word.split(".");
    const named = this.named(name.toLowerCase());
    if (parts.length === 0) return named[0];
    const group = parts.join(".").toLowerCase();
    const [version, ...rest] = parts;
    const fits = (one: Resource) => one.version === version && one.group === rest.join(".");
    const versioned = rest.length > 0 ? named.find(fits) : undefined;
    // Behind a short name the version is lost (restmapper's shortcut expander, 1.33): hpa.v1.autoscaling.
    const short = !this.names.has(name.toLowerCase());
    const expanded = short ? named.find((one) => one.group === rest.join(".") && one.group !== "") : undefined;
    return (
      expanded ??
      versioned ??
      named.find((one) => one.group === group) ??
      named.find((one) => one.group.startsWith(group))
    );
  }

  /** The same, with kubectl's words where the server has none such. */
  resourceFor(word: string): Resource {
    const found = this.find(word);
    if (found) return found;
    throw new CommandFault(`the server doesn't have a resource type ${JSON.stringify(word.split(".")[0])}`);
  }

  /** Resources that a short name could also mean, after the one that it does. */
  alsoMeant(word: string): readonly string[] {
    if (this.names.has(word)) return [];
    const all = (this.shorts.get(word) ?? []).map(qualifiedName);
    return [...new Set(all)].slice(1);
  }

  private named(name: string): readonly Resource[] {
    // A full name goes before a short one (restmapper's shortcut expander).
    return this.names.get(name) ?? this.shorts.get(name) ?? [];
  }

  ofKind(apiVersion: string, kind: string): Resource | undefined {
    return this.kinds.get(`${apiVersion} ${kind}`);
  }

  /** Any version of a kind: the preferred one. */
  ofGroupKind(group: string, kind: string): Resource | undefined {
    return this.resources.find((one) => one.group === group && one.kind === kind);
  }

  /** The members of a category (all), each once, in the server's order. */
  inCategory(name: string): readonly Resource[] {
    let members = this.categories.get(name);
    if (!members) {
      members = this.preferred.filter((resource) => resource.categories.includes(name));
      this.categories.set(name, members);
    }
    return members;
  }

  /** Every resource in its group's preferred version only. */
  get preferred(): readonly Resource[] {
    const seen = new Map<string, string>();
    return this.resources.filter(({ group, plural, version }) => {
      const key = `${plural}.${group}`;
      if (!seen.has(key)) seen.set(key, version);
      return seen.get(key) === version;
    });
  }
}

function add(table: Map<string, Resource[]>, name: string, resource: Resource): void {
  const list = table.get(name);
  if (list) list.push(resource);
  else table.set(name, [resource]);
}

const known = new WeakMap<JsonObject, { readonly other: JsonObject; readonly mapper: Mapper }>();

/** A mapper of what /api and /apis answered (APIGroupDiscoveryList). The same answers give the same mapper. */
export function mapperOf(core: JsonObject, grouped: JsonObject): Mapper {
  const before = known.get(core);
  if (before?.other === grouped) return before.mapper;
  const mapper = new Mapper([...resourcesIn(core), ...resourcesIn(grouped)]);
  known.set(core, { other: grouped, mapper });
  return mapper;
}

/** Versions whose server does not answer are left out, whatever is still known of them (client-go aggregated_discovery.go, 1.33). */
function* resourcesIn(list: JsonObject): Generator<Resource> {
  for (const group of objects(list.items)) {
    const name = text((group.metadata as JsonObject | undefined)?.name);
    for (const version of objects(group.versions))
      if (version.freshness !== "Stale")
        for (const resource of objects(version.resources)) yield resourceOf(name, text(version.version), resource);
  }
}

function resourceOf(group: string, version: string, from: JsonObject): Resource {
  const plural = text(from.resource);
  const kind = text((from.responseKind as JsonObject | undefined)?.kind);
  return {
    group,
    version,
    plural,
    singular: text(from.singularResource) || kind.toLowerCase(),
    kind,
    namespaced: from.scope === "Namespaced",
    short: texts(from.shortNames),
    categories: texts(from.categories),
    verbs: texts(from.verbs),
    subresources: objects(from.subresources).map((one) => ({ name: text(one.subresource), verbs: texts(one.verbs) })),
  };
}

function objects(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly JsonObject[]) : [];
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]) : [];
}
