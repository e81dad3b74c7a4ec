import type { Kind } from "../../../kinds/define.ts";

type ByNamespace = Set<string | undefined>;
type BySubresource = Map<string | undefined, ByNamespace>;

/** What one client may do to any name, as far as it has asked: most of what a component asks for it has asked before. */
export class Grants {
  private revision: number;
  private readonly kinds = new Map<Kind, Map<string, BySubresource>>();

  constructor(revision = -1) {
    this.revision = revision;
  }

  has(
    revision: number,
    verb: string,
    kind: Kind,
    subresource: string | undefined,
    namespace: string | undefined,
  ): boolean {
    if (revision !== this.revision) {
      this.kinds.clear();
      this.revision = revision;
      return false;
    }
    return this.kinds.get(kind)?.get(verb)?.get(subresource)?.has(namespace) ?? false;
  }

  add(verb: string, kind: Kind, subresource: string | undefined, namespace: string | undefined): void {
    const verbs = entry(this.kinds, kind, () => new Map<string, BySubresource>());
    const subresources = entry(verbs, verb, () => new Map<string | undefined, ByNamespace>());
    entry(subresources, subresource, () => new Set<string | undefined>()).add(namespace);
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
