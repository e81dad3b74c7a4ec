import { SECOND } from "../../base/clock.ts";
import { goQuote } from "../../base/go-text.ts";
import { rfc3339Micro } from "../../base/time.ts";
import { Status } from "../../kinds/status.ts";
import type { Lease, Node } from "../../kinds/types/core.ts";
import { type Api, Unreachable } from "../apiserver/define.ts";
import type { Connection } from "../connection.ts";
import type { Release } from "../kubeadm/release.ts";
import { networkConfig } from "../network/cni/network-config.ts";
import { type NodeFacts, nodeStatus, sameStatus } from "./node-status.ts";
import type { Runtime } from "./runtime/runtime.ts";
import { aggregate } from "./runtime/runtime-link.ts";

/** nodeStatusUpdateFrequency, nodeStatusReportFrequency, and how often a node's lease is renewed (a quarter of 40 s). */
const LOOK = 10 * SECOND;
const REPORT = 300 * SECOND;

/** The longest pause between two tries to register, or to take the lease. */
const RETRY = 7 * SECOND;

/** The events of a pressure that comes, and of one that goes. */
const pressures = [
  ["MemoryPressure", "NodeHasInsufficientMemory", "NodeHasSufficientMemory"],
  ["DiskPressure", "NodeHasDiskPressure", "NodeHasNoDiskPressure"],
  ["PIDPressure", "NodeHasInsufficientPID", "NodeHasSufficientPID"],
] as const;

/** What keeps a Node up to date. */
interface RegistrationParts {
  readonly api: Api & Pick<Connection, "words">;
  readonly runtime: Runtime;
  readonly release: Release;
  readonly name: string;
  /** Why the container runtime makes the node not ready. */
  readonly runtimeErrors: () => readonly string[];
  readonly config: NodeFacts["config"];
  /** The pressures that the node is under. */
  readonly pressures: () => readonly string[];
  /** Writes an error into the kubelet's log: where it is said, and what. */
  readonly said: (source: string, text: string) => void;
}

/** Keeps the kubelet's Node and its lease up to date. */
export class NodeRegistration {
  private readonly api: RegistrationParts["api"];
  private readonly runtime: Runtime;
  private readonly release: Release;
  private readonly name: string;
  private readonly runtimeErrors: () => readonly string[];
  private readonly said: (source: string, text: string) => void;
  private readonly config: NodeFacts["config"];
  private readonly pressures: () => readonly string[];
  private complained = 0;
  private reported = 0;
  private stopped = false;

  constructor(parts: RegistrationParts) {
    this.api = parts.api;
    this.runtime = parts.runtime;
    this.release = parts.release;
    this.name = parts.name;
    this.runtimeErrors = parts.runtimeErrors;
    this.said = parts.said;
    this.config = parts.config;
    this.pressures = parts.pressures;
  }

  start(): void {
    this.look();
  }

  stop(): void {
    this.stopped = true;
  }

  private get clock() {
    return this.runtime.host.kernel.clock;
  }

  /** The words of a pod network that is not set up: the runtime finds no configuration in /etc/cni/net.d, or a broken one. */
  networkProblem(): string | undefined {
    if (!("fault" in networkConfig(this.runtime.host.files))) return undefined;
    return "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized";
  }

  /** Why the node is not ready. */
  private problem(): string | undefined {
    const network = this.networkProblem();
    return aggregate([...this.runtimeErrors(), ...(network === undefined ? [] : [network])]);
  }

  private look(): void {
    if (this.stopped) return;
    let next = LOOK;
    try {
      this.report();
      this.renew();
    } catch (error) {
      if (!(error instanceof Status || error instanceof Unreachable)) throw error;
      this.complain(error);
      // Before the node is registered the kubelet tries again quickly, from 100 ms up to 7 s.
      if (this.reported === 0) next = SECOND / 5;
    }
    const jitter = Math.floor(this.runtime.random.fraction() * 0.04 * LOOK);
    this.clock.at(this.clock.now + next + (next === LOOK ? jitter : 0), () => this.look());
  }

  /** What the kubelet logs when its server does not hear or refuses (kubelet_node_status.go, lease/controller.go, 1.35). */
  private complain(error: Status | Unreachable): void {
    const { now } = this.clock;
    if (now - this.complained < RETRY) return;
    this.complained = now;
    const words = (method: string, path: string) =>
      goQuote(error instanceof Unreachable ? this.api.words(path, error, method) : error.message);
    if (this.reported === 0) {
      const err = words("Post", "/api/v1/nodes");
      this.said(
        "kubelet_node_status.go:106",
        `"Unable to register node with API server" err=${err} node=${goQuote(this.name)}`,
      );
    }
    const lease = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${this.name}?timeout=10s`;
    this.said(
      "controller.go:201",
      `"Failed to ensure lease exists, will retry" err=${words("Get", lease)} interval="7s"`,
    );
  }

  /** Something about the node changed (its network is there): do not wait for the next look. */
  reportSoon(): void {
    this.clock.soon(() => {
      if (this.stopped) return;
      try {
        this.report();
      } catch (error) {
        if (!(error instanceof Status || error instanceof Unreachable)) throw error;
      }
    });
  }

  private report(): void {
    const { now } = this.clock;
    const node = this.api.get<Node>("nodes", undefined, this.name) ?? this.register();
    const status = nodeStatus(this.runtime.host, this.runtime, this.release, node.status, now, this.facts());
    if (this.reported === 0) this.tellStart(node, status);
    this.tellChanges(node, status);
    if (now - this.reported < REPORT && this.reported > 0 && sameStatus(status, node.status)) return;
    this.reported = now;
    this.api.updateStatus({ ...node, status });
  }

  private facts(): NodeFacts {
    return { config: this.config, pressures: this.pressures(), problem: this.problem() };
  }

  /** What every kubelet says when it begins, and again when it is restarted (kubelet.go BirthCry, cm/node_container_manager_linux.go, 1.35). */
  private tellStart(node: Node, status: NonNullable<Node["status"]>): void {
    const tell = (reason: string, message: string) => this.api.event(node, { type: "Normal", reason, message });
    tell("Starting", "Starting kubelet.");
    tell("NodeAllocatableEnforced", "Updated Node Allocatable limit across pods");
    for (const [type, bad, good] of pressures) {
      const isUnder = status.conditions?.find((one) => one.type === type)?.status === "True";
      const reason = isUnder ? bad : good;
      tell(reason, `Node ${this.name} status is now: ${reason}`);
    }
  }

  /** An event for each condition that changes (nodestatus/setters.go, 1.35). */
  private tellChanges(node: Node, status: NonNullable<Node["status"]>): void {
    for (const [type, yes, no] of [...pressures, ["Ready", "NodeReady", "NodeNotReady"] as const]) {
      const now = status.conditions?.find((one) => one.type === type)?.status;
      const before = node.status?.conditions?.find((one) => one.type === type)?.status;
      if (before === undefined || now === before) continue;
      const reason = now === "True" ? yes : no;
      this.api.event(node, { type: "Normal", reason, message: `Node ${this.name} status is now: ${reason}` });
    }
  }

  /** Something of the node that its administrator should know. */
  tell(reason: string, message: string): void {
    const node = this.api.get<Node>("nodes", undefined, this.name);
    if (node) this.api.event(node, { type: "Warning", reason, message });
  }

  private register(): Node {
    const { host } = this.runtime;
    const labels = {
      "beta.kubernetes.io/arch": "amd64",
      "beta.kubernetes.io/os": "linux",
      "kubernetes.io/arch": "amd64",
      "kubernetes.io/hostname": this.name,
      "kubernetes.io/os": "linux",
    };
    const annotations = { "volumes.kubernetes.io/controller-managed-attach-detach": "true" };
    const status = nodeStatus(host, this.runtime, this.release, undefined, this.clock.now, this.facts());
    const node = this.api.create<Node>({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: this.name, labels, annotations },
      // The node lifecycle controller takes the taint away when the node is Ready.
      spec: { taints: [{ key: "node.kubernetes.io/not-ready", effect: "NoSchedule" }] },
      status,
    });
    return node;
  }

  private renew(): void {
    const namespace = "kube-node-lease";
    const renewTime = rfc3339Micro(this.clock.now);
    const lease = this.api.get<Lease>("leases.coordination.k8s.io", namespace, this.name);
    if (lease) {
      this.api.update<Lease>({ ...lease, spec: { ...lease.spec, renewTime } });
      return;
    }
    const uid = this.api.get<Node>("nodes", undefined, this.name)?.metadata.uid ?? "";
    this.api.create<Lease>({
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: {
        name: this.name,
        namespace,
        ownerReferences: [{ apiVersion: "v1", kind: "Node", name: this.name, uid }],
      },
      spec: { holderIdentity: this.name, leaseDurationSeconds: 40, renewTime },
    });
  }
}
