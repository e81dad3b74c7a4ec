import { Clock, type Micros, SECOND } from "../base/clock.ts";
import { wholeValue } from "../base/quantity.ts";
import { Random } from "../base/random.ts";
import { conditionOf, isPodReady } from "../kinds/labels.ts";
import type { Node } from "../kinds/types/core.ts";
import type { Pod } from "../kinds/types/pod.ts";
import { candidateUser, makeBaseSystem } from "../machine/base-system.ts";
import type { ProgramTable } from "../machine/define.ts";
import { root } from "../machine/define-files.ts";
import { copyOfTree } from "../machine/files/copy-tree.ts";
import { Kernel } from "../machine/kernel.ts";
import { Machine } from "../machine/machine.ts";
import { authorizeSshKey, makeSshKey } from "../machine/ssh-keys.ts";
import { unitsOf } from "../machine/units/units.ts";
import { userNamed } from "../machine/users.ts";
import type { Api, Door } from "./apiserver/define.ts";
import { Connection } from "./connection.ts";
import type { HostPlan, WorldOptions, WorldPlan } from "./define.ts";
import { hostFiles, hostPrograms } from "./host-files.ts";
import { installAddon } from "./kubeadm/addons/index.ts";
import { createAll, initCluster, markControlPlane } from "./kubeadm/init.ts";
import { type ClusterPlan, installNode, writeKubeconfig } from "./kubeadm/install.ts";
import { Pki } from "./kubeadm/pki.ts";
import { releaseOf } from "./kubeadm/release.ts";
import { ClusterNetwork } from "./network/cluster-network.ts";
import { makeRouter } from "./network/router.ts";

/** The longest that a fresh cluster may take until everything in it is Ready, in its own seconds. */
const SETTLE_SECONDS = 600;
/** How long before its start time a world's hosts are switched on. */
const WARM_UP = 120 * SECOND;

/** A simulated world: its hosts, its network, its cluster, and the time and chance that they share. */
export class World {
  readonly plan: WorldPlan;
  readonly clock: Clock;
  readonly random: Random;
  readonly kernel: Kernel;
  readonly network: ClusterNetwork;
  readonly machines = new Map<string, Machine>();
  private readonly programs: ProgramTable;
  private readonly cluster: ClusterPlan;

  /** Switches the hosts on and waits until the cluster is as `kubeadm init` and `join` leave it. */
  constructor(options: WorldOptions) {
    const { plan, seed, start, ports } = options;
    this.plan = plan;
    this.random = new Random(seed);
    this.clock = new Clock(start - WARM_UP);
    this.kernel = new Kernel(this.clock, this.random);
    this.kernel.ports = ports;
    this.network = new ClusterNetwork();
    const router = makeRouter(this.kernel, this.network);
    this.network.attach(router.net, router);
    this.programs = hostPrograms(options.programs);
    const podCIDR = plan.podCIDR ?? "10.244.0.0/16";
    const addresses = new Map(plan.hosts.map((host, index) => [host.name, `192.168.56.${10 + index}`] as const));
    const first = plan.hosts.find((host) => host.role === "control-plane");
    this.cluster = {
      release: releaseOf(plan.version),
      pki: new Pki(`${seed}/pki`, this.clock.now),
      name: plan.cluster ?? "kubernetes",
      podCIDR,
      serviceCIDR: plan.serviceCIDR ?? "10.96.0.0/12",
      endpoint: addresses.get(first?.name ?? "") ?? "",
      cni: plan.cni ?? "flannel",
      ...(plan.without ? { without: plan.without } : {}),
      ...(plan.apiServer ? { apiServer: plan.apiServer } : {}),
    };
    for (const host of plan.hosts) this.addHost(host, addresses);
    this.exchangeKeys();
    for (const machine of this.machines.values()) unitsOf(machine).boot();
    if (first) this.bootstrap(first.name);
    this.clock.run(start);
  }

  private addHost(host: HostPlan, addresses: ReadonlyMap<string, string>): void {
    const { kernel, network } = this;
    const machine = new Machine({
      kernel,
      name: host.name,
      files: copyOfTree(kernel, hostFiles(this.programs, host.role !== "none")),
      programs: this.programs,
      network,
      net: { addresses: this.addressesOf(addresses.get(host.name) ?? ""), listeners: [] },
    });
    // The kernel keeps some of a machine's memory for itself.
    const memoryKib = Math.floor((wholeValue(host.memory ?? "4Gi") / 1024) * 0.9595);
    makeBaseSystem(machine, {
      hostname: host.name,
      cpus: Number(host.cpu ?? "2"),
      memoryKib,
      booted: this.clock.now,
      copied: true,
    });
    const names = [...addresses]
      .filter(([name]) => name !== host.name)
      .map(([name, address]) => `${address}\t${name}\n`);
    machine.files.write("/etc/hosts", `${addresses.get(host.name)}\t${host.name}\n${names.join("")}`, root, {
      append: true,
    });
    network.attach(machine.net, machine);
    this.machines.set(host.name, machine);
    if (host.role === "none") return;
    installNode(machine, network, this.cluster, host.role === "control-plane");
    if (host.role === "control-plane") this.giveKubeconfig(machine);
  }

  /** A host's addresses: where pods have a second family, it has one of that, too. */
  private addressesOf(address: string): readonly string[] {
    const isDual = this.cluster.podCIDR.includes(":");
    return isDual ? [address, `fd00:192:168:56::${address.slice(address.lastIndexOf(".") + 1)}`] : [address];
  }

  private giveKubeconfig(machine: Machine): void {
    const { files } = machine;
    const admin = { commonName: "kubernetes-admin", organizations: ["kubeadm:cluster-admins"] };
    for (const [home, uid] of [
      ["/root", 0],
      [candidateUser.home, candidateUser.uid],
    ] as const) {
      files.mkdir(`${home}/.kube`, root, { parents: true });
      files.chown(`${home}/.kube`, uid, uid, root);
      const owner = { uid, gid: uid };
      writeKubeconfig(files, this.cluster, `${home}/.kube/config`, "admin", "kubernetes-admin", admin, owner);
    }
  }

  /** root and candidate of every host may log in to every other host. */
  private exchangeKeys(): void {
    for (const name of ["root", "candidate"]) {
      const lines = [...this.machines.values()].map((machine) => {
        const user = userNamed(machine.files, name);
        return user ? makeSshKey(machine.files, user, `${name}@${machine.name}`, this.random) : "";
      });
      for (const machine of this.machines.values()) {
        const user = userNamed(machine.files, name);
        if (user) authorizeSshKey(machine.files, user, lines.join(""));
      }
    }
  }

  // ---- the cluster

  /** The API as the cluster's own administrator uses it: for setting up, and for looking at the state. */
  admin(): Api {
    const machine = this.controlPlane;
    return new Connection({ machine, agent: "kubeadm", kubeconfig: "/etc/kubernetes/super-admin.conf" });
  }

  /** The first control-plane host. Throws Error for a world without a cluster. */
  get controlPlane(): Machine {
    const plan = this.plan.hosts.find((host) => host.role === "control-plane");
    const machine = plan && this.machines.get(plan.name);
    if (!machine) throw new Error(`world ${this.plan.name} has no control plane`);
    return machine;
  }

  /** The API server that answers at the cluster's address now, if one does. */
  door(): Door | undefined {
    const dialled = this.network.dial(this.controlPlane, this.cluster.endpoint, 6443);
    return "listener" in dialled ? (dialled.listener.direct as Door | undefined) : undefined;
  }

  get pki(): Pki {
    return this.cluster.pki;
  }

  private bootstrap(first: string): void {
    const api = this.admin() as Connection;
    this.until(
      () => api.reachable && api.get("namespaces", undefined, "kube-system") !== undefined,
      "the API server answers",
    );
    initCluster(api, this.cluster);
    const { without = [] } = this.plan;
    if (!without.includes("nodes")) {
      this.until(() => markControlPlane(api, first), `node ${first} is registered`);
      for (const host of this.plan.hosts) if (host.role !== "none") this.markNode(api, host);
    }
    for (const addon of this.plan.addons ?? []) installAddon(api, this.controlPlane, addon);
    if (this.plan.manifests) createAll(api, this.plan.manifests);
    // What is incomplete never becomes ready as a whole.
    if (without.length === 0) this.until(() => isSettled(api, this.plan), "all nodes and pods are ready");
    api.close();
  }

  private markNode(api: Api, host: HostPlan): void {
    this.until(() => api.get("nodes", undefined, host.name) !== undefined, `node ${host.name} is registered`);
    if (host.role === "control-plane") markControlPlane(api, host.name);
    if (!host.labels && !host.taints) return;
    const node = api.get<Node>("nodes", undefined, host.name);
    if (!node) return;
    api.modify(node, (current) => ({
      ...current,
      metadata: { ...current.metadata, labels: { ...current.metadata.labels, ...host.labels } },
      spec: {
        ...current.spec,
        taints: [...(current.spec.taints ?? []), ...((host.taints ?? []) as NonNullable<Node["spec"]["taints"]>)],
      },
    }));
  }

  // ---- time

  /** Lets time pass, in seconds of the world. */
  advance(seconds: number): void {
    this.clock.run(this.clock.now + Math.round(seconds * SECOND));
  }

  /** Runs what is due, event by event, until `holds` does; then `what` is what was waited for. Throws Error when it never does. */
  until(holds: () => boolean, what: string, seconds = SETTLE_SECONDS): void {
    const limit: Micros = this.clock.now + seconds * SECOND;
    while (!holds()) {
      const next = this.clock.next();
      if (next === undefined || next > limit)
        throw new Error(`world ${this.plan.name}: waited ${seconds} s in vain until ${what}`);
      // Everything of one moment, then the next look.
      this.clock.run(next);
    }
  }
}

function isSettled(api: Api, plan: WorldPlan): boolean {
  const nodes = api.list<Node>("nodes");
  if (nodes.length < plan.hosts.filter((host) => host.role !== "none").length) return false;
  if (plan.cni !== "none" && !nodes.every((node) => conditionOf(node, "Ready")?.status === "True")) return false;
  const pods = api.list<Pod>("pods");
  return (
    pods.length > 0 && pods.every((pod) => isPodReady(pod) || pod.status?.phase === "Succeeded" || plan.cni === "none")
  );
}
