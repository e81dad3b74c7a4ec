import { apiVersionOf, type Kind, resourceName } from "../../kinds/define.ts";
import { reviewKinds } from "./reviews/kinds.ts";

/** The order of the groups in discovery (group priorities of 1.35). Others follow, by name. */
const groupOrder = [
  "",
  "apiregistration.k8s.io",
  "apps",
  "events.k8s.io",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "autoscaling",
  "batch",
  "certificates.k8s.io",
  "networking.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "storage.k8s.io",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "scheduling.k8s.io",
  "coordination.k8s.io",
  "node.k8s.io",
  "discovery.k8s.io",
  "resource.k8s.io",
  "flowcontrol.apiserver.k8s.io",
];

/** The kinds that a server serves, in discovery order. Custom resources enter and leave it while the server runs. */
export class KindTable {
  private list: Kind[] = [];
  private custom: ReadonlySet<Kind> = new Set();
  private readonly byResourceName = new Map<string, Kind>();
  private readonly byPath = new Map<string, Kind>();
  private readonly byType = new Map<string, Map<string, Kind>>();
  /** Counts the changes of the table. */
  revision = 0;

  constructor(kinds: readonly Kind[]) {
    this.list = inOrder(kinds);
    this.index();
  }

  get all(): readonly Kind[] {
    return this.list;
  }

  /** Takes these as the custom kinds there are now, in place of those before. */
  setCustom(kinds: readonly Kind[]): void {
    const builtIn = this.list.filter((kind) => !this.custom.has(kind));
    this.custom = new Set(kinds);
    this.list = inOrder([...builtIn, ...kinds]);
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
    return this.byType.get(apiVersion)?.get(kind);
  }

  /** By any word kubectl takes: po, pod, pods, Pod, deployments.apps, deployments.v1.apps. */
  find(word: string): Kind | undefined {
    const lower = word.toLowerCase();
    const [name = "", ...rest] = lower.split(".");
    const group = rest.join(".");
    const named = (kind: Kind): boolean =>
      kind.plural === name ||
      (kind.singular ?? kind.kind.toLowerCase()) === name ||
      (kind.short?.includes(name) ?? false);
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
      const apiVersion = apiVersionOf(kind);
      const types = this.byType.get(apiVersion);
      if (types) types.set(kind.kind, kind);
      else this.byType.set(apiVersion, new Map([[kind.kind, kind]]));
    }
  }
}

/** A table of the given kinds and of those that only this server knows: reviews, which are answered and not stored. */
export function createKindTable(kinds: readonly Kind[]): KindTable {
  return new KindTable([...kinds, ...reviewKinds]);
}

function inOrder(kinds: readonly Kind[]): Kind[] {
  const rank = ({ group }: Kind): number => {
    const at = groupOrder.indexOf(group);
    return at < 0 ? groupOrder.length : at;
  };
  return kinds.toSorted((a, b) => rank(a) - rank(b) || (a.group < b.group ? -1 : a.group > b.group ? 1 : 0));
}
