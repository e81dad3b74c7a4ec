import { apiVersionOf, type Kind, resourceName } from "../../kinds/define.ts";

/** The kinds that a server serves, in discovery order. Custom resources enter and leave it while the server runs. */
export class KindTable {
  private list: Kind[] = [];
  private readonly byResourceName = new Map<string, Kind>();
  private readonly byPath = new Map<string, Kind>();
  private readonly byType = new Map<string, Kind>();
  /** Counts the changes of the table. */
  revision = 0;

  constructor(kinds: readonly Kind[]) {
    for (const kind of kinds) this.add(kind);
  }

  get all(): readonly Kind[] {
    return this.list;
  }

  /** Adds a kind at the end, or in place of the same group, version and plural. */
  add(kind: Kind): void {
    const at = this.list.findIndex((other) => sameResource(other, kind));
    this.list = at < 0 ? [...this.list, kind] : this.list.with(at, kind);
    this.index();
  }

  remove(kind: Pick<Kind, "group" | "version" | "plural">): void {
    this.list = this.list.filter((other) => !sameResource(other, kind));
    this.index();
  }

  /** By "pods" or "deployments.apps"; of several versions the first. */
  byResource(resource: string): Kind | undefined {
    return this.byResourceName.get(resource);
  }

  /** By what stands in a path: group, version and plural. */
  byGroupVersionResource(group: string, version: string, plural: string): Kind | undefined {
    return this.byPath.get(`${group}/${version}/${plural}`);
  }

  /** By what stands in an object: apps/v1 and Deployment. */
  byApiVersionKind(apiVersion: string, kind: string): Kind | undefined {
    return this.byType.get(`${apiVersion}/${kind}`);
  }

  /** By any word kubectl takes: po, pod, pods, Pod, deployments.apps, deployments.v1.apps. */
  find(word: string): Kind | undefined {
    const lower = word.toLowerCase();
    const [name = "", ...rest] = lower.split(".");
    const group = rest.join(".");
    const named = (kind: Kind): boolean =>
      kind.plural === name || kind.kind.toLowerCase() === name || (kind.short?.includes(name) ?? false);
    return (
      this.list.find((kind) => named(kind) && (group === "" || kind.group === group)) ??
      this.list.find(
        (kind) => named(kind) && group === (kind.group === "" ? kind.version : `${kind.version}.${kind.group}`),
      )
    );
  }

  /** The kind under which the objects of a kind are stored. */
  stored(kind: Kind): Kind {
    const { storedAs } = kind;
    if (!storedAs) return kind;
    return this.byPath.get(`${storedAs.group}/${storedAs.version}/${kind.plural}`) ?? kind;
  }

  private index(): void {
    this.revision++;
    this.byResourceName.clear();
    this.byPath.clear();
    this.byType.clear();
    for (const kind of this.list) {
      const name = resourceName(kind);
      const known = this.byResourceName.get(name);
      if (!known || (known.storedAs && !kind.storedAs && known.group === kind.group))
        this.byResourceName.set(name, kind);
      this.byPath.set(`${kind.group}/${kind.version}/${kind.plural}`, kind);
      this.byType.set(`${apiVersionOf(kind)}/${kind.kind}`, kind);
    }
  }
}

function sameResource(a: Pick<Kind, "group" | "version" | "plural">, b: Pick<Kind, "group" | "version" | "plural">) {
  return a.group === b.group && a.version === b.version && a.plural === b.plural;
}
