import { parseSelector } from "../../../base/parse-selector.ts";
import { guestRegex } from "../../../base/regex.ts";
import { selectorMatcher } from "../../../base/selector.ts";
import { BuildFault } from "./fault.ts";
import { effectiveNamespace, idText, NO_NAMESPACE, type ResId, sameId, sameNamespace } from "./ids.ts";
import type { Selector } from "./kustomization.ts";
import type { Resource } from "./resource.ts";
import { isMap, isSeq, scalarText } from "./tree.ts";

export type IdMatcher = (id: ResId) => boolean;

/** The resources of a build, in order; no two of them have one id. */
export class ResourceMap {
  private list: Resource[] = [];

  get resources(): readonly Resource[] {
    return [...this.list];
  }

  get size(): number {
    return this.list.length;
  }

  append(resource: Resource): void {
    const { id } = resource;
    if (this.list.some((one) => sameId(id, one.id)))
      throw new BuildFault(`may not add resource with an already registered id: ${idText(id)}`);
    this.list.push(resource);
  }

  appendAll(resources: readonly Resource[]): void {
    for (const resource of resources) this.append(resource);
  }

  /** Takes others in place of all; two with one id are refused. */
  become(resources: readonly Resource[]): void {
    this.list = [];
    this.appendAll(resources);
  }

  dropEmpty(): void {
    this.list = this.list.filter((one) => !one.isEmpty);
  }

  keep(wanted: (resource: Resource) => boolean): void {
    this.list = this.list.filter(wanted);
  }

  replace(old: Resource, resource: Resource): void {
    this.list = this.list.map((one) => (one === old ? resource : one));
  }

  byCurrentId(matches: IdMatcher): readonly Resource[] {
    return this.list.filter((one) => matches(one.id));
  }

  /** By what they are called now or were called before. */
  byAnyId(matches: IdMatcher): readonly Resource[] {
    return this.list.filter((one) => [...one.previousIds, one.id].some(matches));
  }

  /** The one that a patch names. */
  patchTarget(id: ResId): Resource {
    const found = this.byAnyId((other) => sameId(id, other));
    const [only] = found;
    if (only && found.length === 1) return only;
    const what = found.length > 1 ? "multiple" : "no";
    const text = idText(id);
    throw new BuildFault(`${what} matches for Id ${text}; failed to find unique target for patch ${text}`);
  }

  select(selector: Selector): readonly Resource[] {
    const matches = selectorOf(selector);
    const matchesLabels = selectorMatcher(parseSelector(selector.labelSelector ?? ""));
    const matchesAnnotations = selectorMatcher(parseSelector(selector.annotationSelector ?? ""));
    return this.list.filter(
      (one) =>
        matches(one) &&
        matchesLabels(Object.fromEntries(one.labels)) &&
        matchesAnnotations(Object.fromEntries(one.annotations)),
    );
  }

  /** Those that a resource could name: of its namespace, of no namespace, and subjects of role bindings. */
  couldBeNamedBy(referrer: Resource): readonly Resource[] {
    const { id } = referrer;
    if (id.clusterScoped) return this.list;
    const namespaces = subjectNamespaces(referrer);
    return this.list.filter(
      (one) => one.id.clusterScoped || sameNamespace(one.id, id) || namespaces.has(one.namespace),
    );
  }
}

function selectorOf(selector: Selector): (resource: Resource) => boolean {
  const matcher = (pattern: string | undefined) => {
    if (!pattern) return () => true;
    const regex = guestRegex(`^(?:${pattern})$`);
    return (text: string) => regex.test(text);
  };
  const [group, version, kind] = [matcher(selector.group), matcher(selector.version), matcher(selector.kind)];
  const [name, namespace] = [matcher(selector.name), matcher(selector.namespace)];
  return ({ gvk, id, originalId }) =>
    (namespace(effectiveNamespace(originalId)) || namespace(effectiveNamespace(id))) &&
    (name(originalId.name) || name(id.name)) &&
    group(gvk.group) &&
    version(gvk.version) &&
    kind(gvk.kind);
}

function subjectNamespaces({ kind, object }: Resource): ReadonlySet<string> {
  const subjects = kind === "RoleBinding" && isSeq(object.subjects) ? object.subjects.filter(isMap) : [];
  return new Set(
    subjects
      .filter((subject) => subject.kind === "ServiceAccount" && subject.namespace !== undefined)
      .map((subject) => scalarText(subject.namespace)),
  );
}

/** The resources in each namespace; those in none are left out. */
export function byNamespace(
  resources: readonly Resource[],
  idOf: (resource: Resource) => ResId,
): ReadonlyMap<string, readonly Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const one of resources) {
    const namespace = effectiveNamespace(idOf(one));
    if (namespace === NO_NAMESPACE) continue;
    const group = groups.get(namespace);
    if (group) group.push(one);
    else groups.set(namespace, [one]);
  }
  return groups;
}
