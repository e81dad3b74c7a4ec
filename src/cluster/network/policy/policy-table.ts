import { type Ip, parseIp } from "../../../base/cidr.ts";
import type { Labels } from "../../../base/selector.ts";
import type { Namespace } from "../../../kinds/types/core.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { NetworkPolicy } from "../../../kinds/types/network.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { PolicyPacket, PolicyRules } from "../define.ts";
import { allows, type CompiledPolicy, compilePolicy, type PolicyEnd, type PolicyPod } from "./compile-policy.ts";
import { addressesOf, policyPodOf } from "./policy-pod.ts";
import { refusalText } from "./refusal-text.ts";

/** In what the CNIs that enforce policies differ. */
export interface PolicyDialect {
  /** An ipBlock means pods and nodes of the cluster, too (Calico); with Cilium it means outsiders only. */
  readonly blocksMeanMembers: boolean;
  /** Whether the CNI has joined a pod itself: others it does not police, though they are pods to its selectors. */
  joined?(pod: Pod): boolean;
}

interface Entry {
  readonly source: Pod;
  readonly pod: PolicyPod;
  readonly addresses: readonly string[];
  /** The policies that select it, as they were when its namespace had this version. */
  version: number;
  ingress: readonly CompiledPolicy[];
  egress: readonly CompiledPolicy[];
}

/** What policies need to know of a namespace. */
interface Space {
  labels: Labels | undefined;
  readonly policies: Map<string, CompiledPolicy>;
  /** Counts the changes of its policies. */
  version: number;
}

const none: readonly CompiledPolicy[] = [];

/**
 * NetworkPolicies by pod address. A change costs what it touches: a pod its own row, a policy the rows of its namespace,
 * and these when they are next asked for.
 */
export class PolicyTable implements PolicyRules {
  private readonly dialect: PolicyDialect;
  private readonly spaces = new Map<string, Space>();
  private readonly pods = new Map<string, Entry>();
  private readonly byAddress = new Map<string, Entry>();
  private readonly nodes = new Map<string, readonly string[]>();
  private readonly nodeAddresses = new Set<string>();

  constructor(dialect: PolicyDialect) {
    this.dialect = dialect;
  }

  // ---- what is known

  setPod(pod: Pod): void {
    const key = keyOf(pod);
    const seen = policyPodOf(pod);
    const before = this.pods.get(key);
    if (before && seen && isSame(before, pod)) return;
    if (before) this.forget(before);
    if (!seen) {
      this.pods.delete(key);
      return;
    }
    const addresses = addressesOf(pod);
    const entry: Entry = { source: pod, pod: seen, addresses, version: -1, ingress: none, egress: none };
    this.pods.set(key, entry);
    for (const address of entry.addresses) this.byAddress.set(address, entry);
  }

  deletePod(pod: KubeObject): void {
    const key = keyOf(pod);
    const entry = this.pods.get(key);
    if (entry) this.forget(entry);
    this.pods.delete(key);
  }

  private forget(entry: Entry): void {
    for (const address of entry.addresses) if (this.byAddress.get(address) === entry) this.byAddress.delete(address);
  }

  setNamespace({ metadata }: Namespace): void {
    this.space(metadata.name).labels = metadata.labels ?? {};
  }

  deleteNamespace({ metadata }: KubeObject): void {
    const space = this.spaces.get(metadata.name);
    if (space) space.labels = undefined;
  }

  setPolicy(policy: NetworkPolicy): void {
    const space = this.space(policy.metadata.namespace ?? "");
    space.policies.set(policy.metadata.name, compilePolicy(policy));
    space.version++;
  }

  deletePolicy({ metadata }: KubeObject): void {
    const space = this.spaces.get(metadata.namespace ?? "");
    if (space?.policies.delete(metadata.name)) space.version++;
  }

  /** Nodes matter to a CNI whose blocks do not mean them. */
  setNode(name: string, addresses: readonly string[]): void {
    this.nodes.set(name, addresses);
    this.collectNodes();
  }

  deleteNode(name: string): void {
    this.nodes.delete(name);
    this.collectNodes();
  }

  private collectNodes(): void {
    this.nodeAddresses.clear();
    for (const addresses of this.nodes.values()) for (const address of addresses) this.nodeAddresses.add(address);
  }

  private space(name: string): Space {
    let space = this.spaces.get(name);
    if (!space) {
      space = { labels: undefined, policies: new Map(), version: 0 };
      this.spaces.set(name, space);
    }
    return space;
  }

  // ---- what is asked

  /** Whether an address is that of a pod. */
  knows(address: string): boolean {
    return this.byAddress.has(address);
  }

  refuses(packet: PolicyPacket): string | undefined {
    const { direction } = packet;
    // A pod cannot shut itself out, nor its node (concepts/services-networking/network-policies).
    if (packet.peer === packet.pod || (direction === "ingress" && packet.ownHost)) return undefined;
    const entry = this.byAddress.get(packet.pod);
    if (!entry) return undefined;
    const { [direction]: policies, pod } = this.current(entry);
    if (policies.length === 0) return undefined;
    const end = this.endAt(packet.peer);
    const receiver = direction === "ingress" ? pod : end.pod;
    for (const policy of policies)
      for (const rule of policy[direction] ?? []) if (allows(rule, end, packet, receiver)) return undefined;
    return refusalText(packet, pod, end.pod, policies);
  }

  /** The row of a pod, brought up to date with the policies of its namespace. */
  private current(entry: Entry): Entry {
    const space = this.spaces.get(entry.pod.namespace);
    const version = space?.version ?? 0;
    if (entry.version === version) return entry;
    // By name, as they are told.
    const all = this.dialect.joined?.(entry.source) === false ? [] : [...(space?.policies ?? [])];
    const selecting = all.filter(([, policy]) => policy.selects(entry.pod.labels));
    const ordered = selecting.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, policy]) => policy);
    entry.ingress = ordered.filter((policy) => policy.ingress);
    entry.egress = ordered.filter((policy) => policy.egress);
    entry.version = version;
    return entry;
  }

  private endAt(address: string): PolicyEnd {
    const pod = this.byAddress.get(address)?.pod;
    let ip: Ip | undefined;
    return {
      ip: () => (ip ??= parseIp(address)),
      pod,
      namespaceLabels: pod && this.spaces.get(pod.namespace)?.labels,
      inBlocks: this.dialect.blocksMeanMembers || !(pod || this.nodeAddresses.has(address)),
    };
  }
}

/** Most changes of a pod are none to policies: its labels, ports and addresses stay. */
function isSame({ source, addresses }: Entry, pod: Pod): boolean {
  const { labels, annotations } = source.metadata;
  if (labels !== pod.metadata.labels || annotations !== pod.metadata.annotations || source.spec !== pod.spec)
    return false;
  const now = addressesOf(pod);
  return now.length === addresses.length && now.every((address, i) => address === addresses[i]);
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}
