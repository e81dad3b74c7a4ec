import { Clock, SECOND } from "../../../src/base/clock.ts";
import { Random } from "../../../src/base/random.ts";
import { rfc3339 } from "../../../src/base/time.ts";
import type { Api, UserInfo } from "../../../src/cluster/apiserver/define.ts";
import { createKindTable } from "../../../src/cluster/apiserver/kind-table.ts";
import { ApiServer } from "../../../src/cluster/apiserver/server.ts";
import { controllers as all } from "../../../src/cluster/controllers/index.ts";
import { startControllers } from "../../../src/cluster/controllers/manager.ts";
import type { SchedulerConfig } from "../../../src/cluster/scheduler/config/define.ts";
import { startScheduler } from "../../../src/cluster/scheduler/scheduler.ts";
import type { Store } from "../../../src/cluster/store/define.ts";
import { createStore } from "../../../src/cluster/store/store.ts";
import { kinds } from "../../../src/kinds/index.ts";
import type { Event, Node } from "../../../src/kinds/types/core.ts";
import type { Condition, KubeObject } from "../../../src/kinds/types/meta.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";

/** 2026-01-02T03:04:05Z */
export const start = 1_767_323_045 * SECOND;
const admin: UserInfo = { name: "kubernetes-admin", groups: ["system:masters", "system:authenticated"] };

export interface World {
  readonly clock: Clock;
  readonly store: Store;
  readonly api: Api;
  /** Runs what is due at this instant, and what follows from it. */
  settle(): void;
  /** Lets seconds pass. */
  pass(seconds: number): void;
  events(about: string): string[];
  /** The controller manager ends and begins anew: everything is looked at once more. */
  restart(): void;
}

export interface WorldParts {
  readonly flags?: Readonly<Record<string, string>>;
  readonly scheduler?: boolean;
  /** What the scheduler is told by its configuration file. */
  readonly schedulerConfig?: SchedulerConfig;
  /** Names of controllers; all where left out. */
  readonly only?: readonly string[];
  /** By which the order of the controllers is drawn; the usual one where left out. */
  readonly order?: number;
  /** The authority that signs what is asked for. */
  readonly signer?: { readonly certificate: string; readonly key: string };
}

/** A store, its API server, and controllers at work on it. */
export function world({ flags = {}, scheduler = false, schedulerConfig, only, order, signer }: WorldParts = {}): World {
  const clock = new Clock(start);
  const store = createStore(clock);
  const random = new Random("test");
  const server = new ApiServer({ store, clock, random, kinds: createKindTable(kinds), flags: {} });
  const api = server.client(admin, "test");
  for (const name of ["default", "kube-node-lease"])
    api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  for (const namespace of ["default", "kube-node-lease"])
    api.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace } });
  const wanted = shuffled(
    all.filter(({ name }) => !only || only.includes(name)),
    order,
  );
  const tools = { clock, random, flags, rootCertificate: () => "-----BEGIN CERTIFICATE-----\n", signer: () => signer };
  const connect = (_account: string, source: string) => server.client(admin, "kube-controller-manager", source);
  let stop = startControllers(wanted, connect, tools);
  const settings = schedulerConfig ? { config: schedulerConfig } : {};
  if (scheduler || schedulerConfig)
    startScheduler(server.client(admin, "kube-scheduler", "default-scheduler"), { clock, random, ...settings });
  clock.run(clock.now, 1_000_000);
  return {
    clock,
    store,
    api,
    settle() {
      if (clock.run(clock.now, 1_000_000) !== "reached") throw new Error("does not settle");
    },
    pass(seconds) {
      if (clock.run(clock.now + seconds * SECOND, 10_000_000) !== "reached") throw new Error("does not settle");
    },
    restart() {
      stop();
      stop = startControllers(wanted, connect, tools);
    },
    events: (about) =>
      api
        .list<Event>("events")
        .filter(({ involvedObject }) => `${involvedObject.kind}/${involvedObject.name}` === about)
        .map(({ type, reason, message }) => `${type} ${reason} ${message}`),
  };
}

function shuffled<T>(list: readonly T[], seed: number | undefined): readonly T[] {
  if (seed === undefined) return list;
  const random = new Random(seed);
  const left = [...list];
  return list.map(() => left.splice(random.below(left.length), 1)[0] as T);
}

/** A node as its kubelet registers it, ready. */
export function nodeNamed(name: string, more: Partial<Node> & { labels?: Record<string, string> } = {}): Node {
  const { labels, ...rest } = more;
  const quantities = { cpu: "2", memory: "4Gi", pods: "110", "ephemeral-storage": "20Gi" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", ...labels } },
    spec: {},
    status: { capacity: quantities, allocatable: quantities },
    ...rest,
  };
}

/** Creates a node and reports that it is ready. */
export function addNode(w: World, name: string, more: Parameters<typeof nodeNamed>[1] = {}): Node {
  const node = w.api.create(nodeNamed(name, more));
  w.settle();
  return beat(w, node.metadata.name);
}

/** What a kubelet reports of its node. */
export function beat(w: World, name: string, ready: Condition["status"] = "True"): Node {
  const node = w.api.get<Node>("nodes", undefined, name) as Node;
  const now = rfc3339(w.clock.now);
  const condition = (type: string, status: Condition["status"], reason: string): Condition => {
    const old = node.status?.conditions?.find((c) => c.type === type);
    const since = old?.status === status ? (old.lastTransitionTime ?? now) : now;
    return { type, status, reason, message: reason, lastHeartbeatTime: now, lastTransitionTime: since };
  };
  const conditions = [
    condition("MemoryPressure", "False", "KubeletHasSufficientMemory"),
    condition("DiskPressure", "False", "KubeletHasNoDiskPressure"),
    condition("PIDPressure", "False", "KubeletHasSufficientPID"),
    condition("Ready", ready, ready === "True" ? "KubeletReady" : "KubeletNotReady"),
  ];
  const beaten = w.api.updateStatus<Node>({ ...node, status: { ...node.status, conditions } });
  w.settle();
  return beaten;
}

/** What a kubelet reports of a pod. */
export function reportPod(
  w: World,
  pod: Pod,
  phase: "Pending" | "Running" | "Succeeded" | "Failed",
  ready = true,
): void {
  const now = rfc3339(w.clock.now);
  w.api.modify<Pod>(
    pod,
    (current) => {
      const others = (current.status?.conditions ?? []).filter(({ type }) => type !== "Ready");
      const old = current.status?.conditions?.find(({ type }) => type === "Ready");
      const status = ready && phase === "Running" ? "True" : "False";
      const since = old?.status === status ? (old.lastTransitionTime ?? now) : now;
      const octet = (uid: string) => (Number.parseInt(uid.slice(0, 4), 16) % 250) + 1;
      const ip =
        current.status?.podIP ??
        `10.244.${octet(current.metadata.uid ?? "")}.${octet((current.metadata.uid ?? "").slice(4))}`;
      const conditions: Condition[] = [
        ...others,
        { type: "Ready", status, lastProbeTime: null, lastTransitionTime: since },
      ];
      return { ...current, status: { ...current.status, phase, conditions, podIP: ip, podIPs: [{ ip }] } };
    },
    "status",
  );
}

/** Plays the kubelets: pods start after `seconds`, and end as long after they are deleted. Never more at once than asked for. */
export function playKubelets(w: World, seconds = 1, starts: (pod: Pod) => boolean = () => true): void {
  const known = new Set<string>();
  w.api.watch<Pod>("pods", ({ object, type }) => {
    const uid = object.metadata.uid ?? "";
    if (type === "DELETED") return;
    if (!known.has(uid)) {
      known.add(uid);
      w.clock.after(seconds, () => {
        const now = w.api.get<Pod>("pods", object.metadata.namespace, object.metadata.name);
        if (now && !now.metadata.deletionTimestamp && starts(now)) reportPod(w, now, "Running");
      });
    }
    if (object.metadata.deletionTimestamp && !known.has(`${uid} ends`)) {
      known.add(`${uid} ends`);
      w.clock.after(seconds, () => {
        const now = w.api.get<Pod>("pods", object.metadata.namespace, object.metadata.name);
        if (now?.metadata.uid === uid) w.api.delete(object, { gracePeriodSeconds: 0 });
      });
    }
  });
}

export function template(
  labels: Record<string, string>,
  image = "nginx:1.27",
): { metadata: object; spec: Pod["spec"] } {
  return { metadata: { labels }, spec: { containers: [{ name: "web", image }] } };
}

export function workload(kind: string, name: string, spec: Record<string, unknown>, image?: string): KubeObject {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace: "default" },
    spec: { selector: { matchLabels: labels }, template: template(labels, image), ...spec },
  };
}

export function podNamed(name: string, more: Record<string, unknown> = {}, metadata: object = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", ...metadata },
    spec: { containers: [{ name: "web", image: "nginx" }], ...more },
  } as Pod;
}

export function names(objects: readonly KubeObject[]): string[] {
  return objects.map(({ metadata }) => metadata.name);
}
