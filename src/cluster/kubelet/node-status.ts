import type { Micros } from "../../base/clock.ts";
import { rfc3339 } from "../../base/time.ts";
import { equal } from "../../kinds/equal.ts";
import type { Node } from "../../kinds/types/core.ts";
import type { Condition } from "../../kinds/types/meta.ts";
import { hardwareOf } from "../../machine/hardware.ts";
import type { Machine } from "../../machine/machine.ts";
import type { Release } from "../kubeadm/release.ts";
import { fullName } from "./runtime/image-name.ts";
import type { Runtime } from "./runtime/runtime.ts";

/** nodeStatusMaxImages: how many images a node reports. */
const MOST_IMAGES = 50;
/** evictionHard memory.available: what of the memory is not given to pods. */
const RESERVED_KIB = 100 * 1024;
const DISK_KIB = 40_470_732;
/** Ephemeral storage given to pods: nine tenths of the disk, in bytes (nodefs.available<10%). */
const DISK_FOR_PODS = String(Math.floor(DISK_KIB * 1024 * 0.9));

/** status of a node as its kubelet reports it (pkg/kubelet/nodestatus, 1.35). */
export function nodeStatus(
  host: Machine,
  runtime: Runtime,
  release: Release,
  old: Node["status"],
  now: Micros,
  network: string | undefined,
): NonNullable<Node["status"]> {
  const { cpus, memoryKib } = hardwareOf(host);
  const capacity = {
    cpu: String(cpus),
    "ephemeral-storage": `${DISK_KIB}Ki`,
    "hugepages-1Gi": "0",
    "hugepages-2Mi": "0",
    memory: `${memoryKib}Ki`,
    pods: "110",
  };
  return {
    ...old,
    addresses: [
      { type: "InternalIP", address: host.net.addresses[0] ?? "" },
      { type: "Hostname", address: host.name },
    ],
    allocatable: { ...capacity, "ephemeral-storage": DISK_FOR_PODS, memory: `${memoryKib - RESERVED_KIB}Ki` },
    capacity,
    conditions: conditions(old?.conditions, now, network),
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    images: imagesOf(runtime),
    nodeInfo: nodeInfo(host, release),
  };
}

function conditions(old: readonly Condition[] = [], now: Micros, network: string | undefined): Condition[] {
  const made: [type: string, status: "True" | "False", reason: string, message: string][] = [
    ["MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
    ["DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
    ["PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
    network === undefined
      ? ["Ready", "True", "KubeletReady", "kubelet is posting ready status"]
      : ["Ready", "False", "KubeletNotReady", network],
  ];
  const time = rfc3339(now);
  const own = made.map(([type, status, reason, message]): Condition => {
    const before = old.find((c) => c.type === type);
    const since = before?.status === status ? (before.lastTransitionTime ?? time) : time;
    return { type, status, lastHeartbeatTime: time, lastTransitionTime: since, reason, message };
  });
  const others = old.filter((c) => !made.some(([type]) => type === c.type));
  return [...others, ...own];
}

function imagesOf(runtime: Runtime): NonNullable<NonNullable<Node["status"]>["images"]> {
  return [...runtime.images.values()]
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
