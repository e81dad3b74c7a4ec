import { equal } from "../../kinds/equal.ts";
import type { EndpointSlice, SliceEndpoint } from "../../kinds/types/core.ts";
import type { OwnerReference } from "../../kinds/types/meta.ts";
import type { Api } from "../apiserver/define.ts";

export type Endpoint = SliceEndpoint;
export type SlicePorts = NonNullable<EndpointSlice["ports"]>;

/** Endpoints that have one family of addresses and the same ports. */
export interface SliceGroup {
  readonly addressType: "IPv4" | "IPv6";
  readonly ports: SlicePorts;
  readonly endpoints: readonly Endpoint[];
}

/** Groups of endpoints while they are gathered. */
export class SliceGroups {
  private readonly byKey = new Map<string, SliceGroup & { readonly endpoints: Endpoint[] }>();

  get all(): readonly SliceGroup[] {
    return [...this.byKey.values()];
  }

  /** Adds an endpoint to the group it belongs to, which may also be made without one. */
  add(addressType: SliceGroup["addressType"], ports: SlicePorts, endpoint?: Endpoint): void {
    const key = `${addressType} ${JSON.stringify(ports)}`;
    const group = this.byKey.get(key) ?? { addressType, ports, endpoints: [] };
    this.byKey.set(key, group);
    if (endpoint) group.endpoints.push(endpoint);
  }
}

/** What the slices of one owner are to be. */
export interface SliceSet {
  readonly owner: OwnerReference;
  readonly namespace: string;
  readonly prefix: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Annotations whose change alone is not worth a write. */
  readonly idle: readonly string[];
  readonly groups: readonly SliceGroup[];
  /** How many endpoints a slice has at most. */
  readonly most: number;
}

/**
 * Makes the slices there are into those that should be, with few writes: endpoints stay in their slice, new ones fill
 * the slices that change anyway, then new slices (endpointslice/reconciler.go, 1.35).
 */
export function syncSlices(api: Api, existing: readonly EndpointSlice[], set: SliceSet): void {
  const left = new Set(existing.filter(({ metadata }) => !metadata.deletionTimestamp));
  for (const group of set.groups) {
    const mine = [...left].filter((slice) => slice.addressType === group.addressType && samePorts(slice, group));
    for (const slice of mine) left.delete(slice);
    syncGroup(api, mine, group, set);
  }
  for (const slice of left) api.delete(slice);
}

function syncGroup(api: Api, mine: readonly EndpointSlice[], group: SliceGroup, set: SliceSet): void {
  const wanted = new Map(group.endpoints.map((endpoint) => [idOf(endpoint), endpoint]));
  const plans = mine.map((slice) => {
    const kept: Endpoint[] = [];
    const before = slice.endpoints ?? [];
    for (const old of before) {
      const now = wanted.get(idOf(old));
      if (!now || !wanted.delete(idOf(old))) continue;
      kept.push(equal(now, old) ? old : now);
    }
    return {
      slice,
      kept,
      changed: kept.length !== before.length || kept.some((e, i) => e !== before[i]),
    };
  });
  const added = [...wanted.values()];
  for (const plan of plans) {
    if (!plan.changed || plan.kept.length === 0) continue;
    while (plan.kept.length < set.most && added.length > 0) plan.kept.push(added.shift() as Endpoint);
  }
  // What is left goes into the fullest slice that can take it all, else into new ones.
  if (added.length > 0) {
    const room = plans
      .filter(({ kept }) => kept.length > 0 || group.endpoints.length > 0)
      .filter(({ kept }) => kept.length + added.length <= set.most)
      .sort((a, b) => b.kept.length - a.kept.length)[0];
    if (room) {
      room.kept.push(...added.splice(0));
      room.changed = true;
    }
  }
  let some = added.length > 0;
  for (const { slice, kept } of plans) {
    // One slice stays as a placeholder where there is nothing to point to.
    if (kept.length === 0 && (some || group.endpoints.length > 0 || slice !== plans[0]?.slice)) api.delete(slice);
    else {
      write(api, slice, kept, set);
      some = true;
    }
  }
  while (added.length > 0) create(api, group, added.splice(0, set.most), set);
  if (!some) create(api, group, [], set);
}

function write(api: Api, slice: EndpointSlice, endpoints: Endpoint[], set: SliceSet): void {
  const { labels, annotations, idle } = set;
  const telling = (all: Readonly<Record<string, string>> | undefined) =>
    Object.fromEntries(Object.entries(all ?? {}).filter(([name]) => !idle.includes(name)));
  const same =
    equal(endpoints, slice.endpoints ?? []) &&
    equal(labels, slice.metadata.labels ?? {}) &&
    equal(telling(annotations), telling(slice.metadata.annotations));
  if (same) return;
  const told = Object.keys(annotations).length > 0 ? { annotations: { ...annotations } } : {};
  api.modify<EndpointSlice>(slice, ({ metadata: { annotations: _, ...metadata }, ...now }) => ({
    ...now,
    metadata: { ...metadata, labels: { ...labels }, ...told },
    endpoints,
  }));
}

function create(api: Api, { addressType, ports }: SliceGroup, endpoints: Endpoint[], set: SliceSet): void {
  const { namespace, prefix, labels, annotations, owner } = set;
  api.create<EndpointSlice>({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: "",
      generateName: `${prefix}-`,
      namespace,
      labels: { ...labels },
      annotations: { ...annotations },
      ownerReferences: [owner],
    },
    addressType,
    endpoints,
    ports,
  });
}

/** An endpoint is the same while pod and addresses are. */
function idOf({ targetRef, addresses }: Endpoint): string {
  return `${targetRef?.uid ?? ""} ${addresses.join(",")}`;
}

function samePorts(slice: EndpointSlice, { ports }: SliceGroup): boolean {
  const text = (all: SlicePorts) =>
    JSON.stringify(
      all.map(({ name = "", port, protocol = "TCP", appProtocol = "" }) => [name, port, protocol, appProtocol]).sort(),
    );
  return text(slice.ports ?? []) === text(ports);
}
