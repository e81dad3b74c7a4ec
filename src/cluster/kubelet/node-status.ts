import type { Micros } from "../../base/clock.ts";
import { rfc3339 } from "../../base/time.ts";
import { equal } from "../../kinds/equal.ts";
import { amountOf } from "../../kinds/pod-resources.ts";
import type { Node } from "../../kinds/types/core.ts";
import type { Condition } from "../../kinds/types/meta.ts";
import { diskKib, hardwareOf } from "../../machine/hardware.ts";
import type { Machine } from "../../machine/machine.ts";
import type { Release } from "../kubeadm/release.ts";
import { amountAt, type Signal } from "./eviction/thresholds.ts";
import type { KubeletConfig } from "./kubelet-config.ts";
import { fullName } from "./runtime/image-name.ts";
import type { StoredImage } from "./runtime/image-store.ts";
import type { Runtime } from "./runtime/runtime.ts";

/** nodeStatusMaxImages: how many images a node reports. */
const MOST_IMAGES = 50;

/** What a node's kubelet knows of it beyond its hardware. */
export interface NodeFacts {
  readonly config: Pick<KubeletConfig, "maxPods" | "reserved" | "eviction">;
  /** MemoryPressure, DiskPressure, PIDPressure: those that hold. */
  readonly pressures: readonly string[];
  /** Why it is not ready. */
  readonly problem: string | undefined;
}

/** status of a node as its kubelet reports it (pkg/kubelet/nodestatus, 1.35). */
export function nodeStatus(
  host: Machine,
  runtime: Runtime,
  release: Release,
  old: Node["status"],
  now: Micros,
  facts: NodeFacts,
): NonNullable<Node["status"]> {
  const { capacity, allocatable } = roomOf(host, facts.config);
  return {
    ...old,
    addresses: [
      ...host.net.addresses.map((address) => ({ type: "InternalIP", address })),
      { type: "Hostname", address: host.name },
    ],
    allocatable,
    capacity,
    conditions: conditions(old?.conditions, now, facts),
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    images: imagesOf(runtime),
    nodeInfo: nodeInfo(host, release),
  };
}

type Amounts = Readonly<Record<string, string>>;

/** What a node has, and what of it is for pods. */
interface Room {
  readonly capacity: Amounts;
  readonly allocatable: Amounts;
}

/** Worked out once for each configuration and size. */
const rooms = new WeakMap<NodeFacts["config"], Map<string, Room>>();

function roomOf(host: Machine, config: NodeFacts["config"]): Room {
  const { cpus, memoryKib } = hardwareOf(host);
  const known = rooms.get(config) ?? new Map<string, Room>();
  rooms.set(config, known);
  const size = `${cpus} ${memoryKib}`;
  let room = known.get(size);
  if (!room) {
    const capacity: Amounts = {
      cpu: String(cpus),
      "ephemeral-storage": `${diskKib}Ki`,
      "hugepages-1Gi": "0",
      "hugepages-2Mi": "0",
      memory: `${memoryKib}Ki`,
      pods: String(config.maxPods),
    };
    room = { capacity: Object.freeze(capacity), allocatable: Object.freeze(allocatableOf(capacity, config)) };
    known.set(size, room);
  }
  return room;
}

/** What of a node is given to pods: all but what is reserved and what the hard thresholds of eviction keep free (1.35). */
function allocatableOf(capacity: Amounts, { reserved, eviction }: NodeFacts["config"]): Record<string, string> {
  const kept = (name: string) => reserved.reduce((sum, list) => sum + amountOf(name, list[name] ?? "0"), 0);
  const threshold = (signal: Signal, whole: number) => {
    const hard = eviction.thresholds.find((one) => one.signal === signal && one.hard);
    return hard ? amountAt(hard.value, whole) : 0;
  };
  const memory = amountOf("memory", capacity.memory ?? "0");
  const disk = amountOf("ephemeral-storage", capacity["ephemeral-storage"] ?? "0");
  const cpu = amountOf("cpu", capacity.cpu ?? "0") - kept("cpu");
  return {
    ...capacity,
    cpu: cpu % 1000 === 0 ? String(cpu / 1000) : `${cpu}m`,
    "ephemeral-storage": String(disk - threshold("nodefs.available", disk) - kept("ephemeral-storage")),
    memory: `${Math.floor((memory - threshold("memory.available", memory) - kept("memory")) / 1024)}Ki`,
  };
}

type Row = readonly [type: string, status: "True" | "False", reason: string, message: string];

const pressed: readonly Row[] = [
  ["MemoryPressure", "True", "KubeletHasInsufficientMemory", "kubelet has insufficient memory available"],
  ["DiskPressure", "True", "KubeletHasDiskPressure", "kubelet has disk pressure"],
  ["PIDPressure", "True", "KubeletHasInsufficientPID", "kubelet has insufficient PID available"],
];
const relaxed: readonly Row[] = [
  ["MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
  ["DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
  ["PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
];

function conditions(old: readonly Condition[] = [], now: Micros, { pressures, problem }: NodeFacts): Condition[] {
  const made: Row[] = relaxed.map((row, at) => (pressures.includes(row[0]) ? (pressed[at] ?? row) : row));
  made.push(
    problem === undefined
      ? ["Ready", "True", "KubeletReady", "kubelet is posting ready status"]
      : ["Ready", "False", "KubeletNotReady", problem],
  );
  const time = rfc3339(now);
  const own = made.map(([type, status, reason, message]): Condition => {
    const before = old.find((c) => c.type === type);
    const since = before?.status === status ? (before.lastTransitionTime ?? time) : time;
    return { type, status, lastHeartbeatTime: time, lastTransitionTime: since, reason, message };
  });
  const others = old.filter((c) => !made.some(([type]) => type === c.type));
  return [...others, ...own];
}

type ImageList = NonNullable<NonNullable<Node["status"]>["images"]>;

/** What was last said of a runtime's images, and of which these were. */
const listed = new WeakMap<Runtime, { readonly of: readonly object[]; readonly list: ImageList }>();

function imagesOf(runtime: Runtime): ImageList {
  const last = listed.get(runtime);
  const now = [...runtime.images.values()];
  if (last && last.of.length === now.length && now.every((image, at) => image === last.of[at])) return last.list;
  const list = imageList(now);
  listed.set(runtime, { of: now, list });
  return list;
}

function imageList(images: readonly StoredImage[]): ImageList {
  return images
    .map(({ name, image, id }) => ({ names: [`${name.repository}@${id}`, fullName(name)], sizeBytes: image.size }))
    .sort((a, b) => b.sizeBytes - a.sizeBytes || (a.names[1] ?? "").localeCompare(b.names[1] ?? "", "en"))
    .slice(0, MOST_IMAGES);
}

function nodeInfo(host: Machine, release: Release): NonNullable<NonNullable<Node["status"]>["nodeInfo"]> {
  const ids = host.parts.get("node-ids") as { machine: string; system: string; boot: string } | undefined;
  return {
    architecture: "amd64",
    bootID: ids?.boot ?? "",
    containerRuntimeVersion: `containerd://${release.containerd}`,
    kernelVersion: release.kernel,
    kubeProxyVersion: "",
    kubeletVersion: release.version,
    machineID: ids?.machine ?? "",
    operatingSystem: "linux",
    osImage: release.osImage,
    systemUUID: ids?.system ?? "",
  };
}

/** Whether the report says more than that the kubelet lives: then it is sent at once, else every five minutes. */
export function sameStatus(a: NonNullable<Node["status"]>, b: Node["status"]): boolean {
  if (!b) return false;
  for (const key in a)
    if (key !== "conditions" && !equal(a[key as keyof typeof a], b[key as keyof typeof a])) return false;
  const [own, others] = [a.conditions ?? [], b.conditions ?? []];
  return own.length === others.length && own.every((condition, i) => sameCondition(condition, others[i]));
}

function sameCondition(a: Condition, b: Condition | undefined): boolean {
  return (
    b !== undefined &&
    a.type === b.type &&
    a.status === b.status &&
    a.reason === b.reason &&
    a.message === b.message &&
    a.lastTransitionTime === b.lastTransitionTime
  );
}
