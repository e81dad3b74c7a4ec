import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { matchesSelector } from "../../../../base/selector.ts";
import { bytesOf } from "../../../../base/text-bytes.ts";
import { isPodReady } from "../../../../kinds/labels.ts";
import type { EndpointSlice, Node, Service } from "../../../../kinds/types/core.ts";
import type { Pod } from "../../../../kinds/types/pod.ts";
import type { Program, Task } from "../../../../machine/define.ts";
import type { Process } from "../../../../machine/process.ts";
import type { Api } from "../../../apiserver/define.ts";
import { Connection } from "../../../connection.ts";
import { endsOnTerm } from "../../../daemon/ends-on-term.ts";
import { followResources } from "../../../daemon/follow-resources.ts";
import { ANNOUNCED, type Announced } from "../../../network/define.ts";
import {
  type IPAddressPool,
  isOurs,
  L2_ADVERTISEMENTS,
  type L2Advertisement,
  logLine,
  POOLS,
  SYSTEM,
} from "./define.ts";
import { monitoring } from "./monitoring.ts";
import { type Pool, poolHas, readPools } from "./pools.ts";

const SLICES = "endpointslices.discovery.k8s.io";
const EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";

/** A node's speaker: it answers for the addresses of Services of which its node is the chosen one (speaker/layer2_controller.go, 0.15). */
class Speaker implements Announced {
  private readonly proc: Process;
  private readonly api: Api;
  private readonly node: string;
  private readonly mine = new Map<string, readonly string[]>();
  private addresses = new Set<string>();

  constructor(proc: Process, api: Api, node: string) {
    this.proc = proc;
    this.api = api;
    this.node = node;
  }

  has(address: string): boolean {
    return this.addresses.has(address);
  }

  look(): void {
    const { api } = this;
    const read = readPools(api.list<IPAddressPool>(POOLS, SYSTEM));
    const pools = typeof read === "string" ? [] : read;
    const advertisements = api.list<L2Advertisement>(L2_ADVERTISEMENTS, SYSTEM);
    const nodes = new Map(api.list<Node>("nodes").map((node) => [node.metadata.name, node]));
    const alive = this.aliveSpeakers().filter((name) => isUsable(nodes.get(name)));
    const slices = api.list<EndpointSlice>(SLICES);
    const now = new Set<string>();
    for (const service of api.list<Service>("services")) {
      const key = `${service.metadata.namespace}/${service.metadata.name}`;
      const addresses = isOurs(service.spec) ? ingressOf(service) : [];
      const pool = pools.find((one) => addresses.length > 0 && addresses.every((address) => poolHas(one, address)));
      const may = pool ? alive.filter((name) => isAdvertised(pool, advertisements, nodes.get(name))) : [];
      const chosen = chooseNode(may, addresses[0] ?? "", service, slices);
      if (chosen === this.node && pool) {
        now.add(key);
        this.announce(service, key, addresses, pool);
      }
    }
    for (const key of [...this.mine.keys()]) if (!now.has(key)) this.withdraw(key);
    this.addresses = new Set([...this.mine.values()].flat());
  }

  /** The nodes whose speakers see each other. */
  private aliveSpeakers(): readonly string[] {
    const pods = this.api.list<Pod>("pods", SYSTEM).filter(({ metadata }) => metadata.labels?.component === "speaker");
    return pods.flatMap((pod) =>
      isPodReady(pod) && pod.metadata.deletionTimestamp === undefined && pod.spec.nodeName ? [pod.spec.nodeName] : [],
    );
  }

  private announce(service: Service, key: string, addresses: readonly string[], { name }: Pool): void {
    if (this.mine.get(key)?.join() === addresses.join()) return;
    this.mine.set(key, addresses);
    const fields = { caller: "main.go:420", event: "serviceAnnounced", ips: addresses, pool: name, protocol: "layer2" };
    logLine(this.proc, "info", { ...fields, msg: "service has IP, announcing" });
    const message = `announcing from node "${this.node}" with protocol "layer2"`;
    this.api.event(service, { type: "Normal", reason: "nodeAssigned", message });
  }

  private withdraw(key: string): void {
    logLine(this.proc, "info", {
      caller: "main.go:445",
      event: "serviceWithdrawn",
      ip: null,
      ips: this.mine.get(key),
      msg: "withdrawing service announcement",
      protocol: "layer2",
      reason: "notOwner",
    });
    this.mine.delete(key);
  }
}

function ingressOf({ status }: Service): readonly string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip ? [ip] : []));
}

/** Not what load balancers are to leave alone, as kubeadm marks control planes, nor what has no network. */
function isUsable(node: Node | undefined): boolean {
  if (!node || node.metadata.labels?.[EXCLUDED] !== undefined) return false;
  return !node.status?.conditions?.some(({ type, status }) => type === "NetworkUnavailable" && status === "True");
}

function isAdvertised({ name, object }: Pool, all: readonly L2Advertisement[], node: Node | undefined): boolean {
  return all.some(({ spec = {} }) => {
    const { ipAddressPools = [], ipAddressPoolSelectors = [], nodeSelectors = [] } = spec;
    const forPool =
      (ipAddressPools.length === 0 && ipAddressPoolSelectors.length === 0) ||
      ipAddressPools.includes(name) ||
      ipAddressPoolSelectors.some((selector) => matchesSelector(selector, object.metadata.labels ?? {}));
    const labels = node?.metadata.labels ?? {};
    return (
      forPool && (nodeSelectors.length === 0 || nodeSelectors.some((selector) => matchesSelector(selector, labels)))
    );
  });
}

/** The node that answers for an address: the first by a hash, of those that can, where the Service has an endpoint at all. */
function chooseNode(
  nodes: readonly string[],
  address: string,
  { metadata, spec }: Service,
  slices: readonly EndpointSlice[],
): string | undefined {
  const own = slices.filter(
    (slice) =>
      slice.metadata.namespace === metadata.namespace &&
      slice.metadata.labels?.["kubernetes.io/service-name"] === metadata.name,
  );
  const serving = own
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.serving ?? conditions?.ready ?? true);
  if (serving.length === 0) return undefined;
  const local = spec.externalTrafficPolicy === "Local";
  const able = local ? nodes.filter((name) => serving.some(({ nodeName }) => nodeName === name)) : nodes;
  const hash = (name: string): string => bytesToHex(sha256(bytesOf(`${name}#${address}`)));
  return [...able].sort((a, b) => (hash(a) < hash(b) ? -1 : 1))[0];
}

function* run(proc: Process): Task<number> {
  const host = proc.machine.host ?? proc.machine;
  const node = proc.env.get("METALLB_NODE_NAME") ?? host.name;
  const api = new Connection({ machine: proc.machine, agent: "speaker", source: "metallb-speaker" });
  logLine(proc, "info", {
    caller: "main.go:93",
    goversion: "gc / go1.24.4 / amd64",
    msg: "MetalLB speaker starting version 0.15.2",
    version: "0.15.2",
  });
  monitoring(proc);
  const speaker = new Speaker(proc, api, node);
  host.parts.set(ANNOUNCED, speaker);
  try {
    const own = [POOLS, L2_ADVERTISEMENTS, "pods"].map((resource) => ({ resource, namespace: SYSTEM }));
    yield* followResources(proc, api, [...own, "services", SLICES, "nodes"], () => {
      speaker.look();
      return undefined;
    });
    return 0;
  } finally {
    // Who does not run answers no questions for addresses.
    if (host.parts.get(ANNOUNCED) === speaker) host.parts.delete(ANNOUNCED);
    api.close();
  }
}

export const speaker: Program = { name: "speaker", folder: "/", run: endsOnTerm(run) };
