import { parseQuantity } from "../../base/quantity.ts";
import type { Problem } from "../define.ts";
import { equal } from "../equal.ts";
import { type InternalType, internalDiff } from "../internal-json.ts";
import { forbidden, immutable, required, unsupported, wrong } from "../problem.ts";
import type { PersistentVolume } from "../types/core.ts";
import type { NodeSelectorTerm } from "../types/pod.ts";
import { checkAccessModes, checkVolumeMode } from "./access-modes.ts";
import { checkNodeSelector } from "./affinity.ts";
import { check } from "./labels.ts";
import { checkNoBacksteps } from "./paths.ts";
import { checkHostPath, checkNfs } from "./volumes.ts";
import { dnsSubdomain } from "./words.ts";

// kubernetes pkg/apis/core/validation ValidatePersistentVolume, 1.35.

type Spec = PersistentVolume["spec"];
type Source = Record<string, unknown>;

/** Where a volume's bytes are; in the order of Kubernetes' own type. */
const sources = [
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "hostPath",
  "glusterfs",
  "nfs",
  "rbd",
  "quobyte",
  "iscsi",
  "flexVolume",
  "cinder",
  "cephfs",
  "fc",
  "flocker",
  "azureFile",
  "vsphereVolume",
  "azureDisk",
  "photonPersistentDisk",
  "portworxVolume",
  "scaleIO",
  "local",
  "storageos",
  "csi",
] as const;
const reclaimPolicies = ["Delete", "Recycle", "Retain"];

export function volumeProblems({ spec }: PersistentVolume): readonly Problem[] {
  const problems: Problem[] = [];
  if (!spec.accessModes?.length) problems.push(required("spec.accessModes"));
  checkAccessModes(spec.accessModes ?? [], "spec.accessModes", problems);
  checkCapacity(spec.capacity ?? {}, problems);
  const policy = spec.persistentVolumeReclaimPolicy ?? "";
  if (!reclaimPolicies.includes(policy))
    problems.push(unsupported("spec.persistentVolumeReclaimPolicy", policy, reclaimPolicies));
  if (spec.nodeAffinity) checkNodeAffinity(spec.nodeAffinity, problems);
  checkSources(spec, problems);
  if (spec.hostPath?.path === "/" && policy === "Recycle") {
    const detail = "may not be 'recycle' for a hostPath mount of '/'";
    problems.push(forbidden("spec.persistentVolumeReclaimPolicy", detail));
  }
  if (spec.storageClassName) check(dnsSubdomain, spec.storageClassName, "spec.storageClassName", problems);
  checkVolumeMode(spec.volumeMode, "spec.volumeMode", problems);
  return problems;
}

function checkCapacity(capacity: Record<string, string>, problems: Problem[]): void {
  const names = Object.keys(capacity);
  if (names.length === 0) problems.push(required("spec.capacity"));
  if (capacity.storage === undefined || names.length > 1)
    problems.push(unsupported("spec.capacity", names.length === 0 ? null : capacity, ["storage"]));
  for (const name of names) {
    const text = capacity[name] ?? "0";
    const { nanos, whole } = parseQuantity(text);
    if (nanos < 0n) problems.push(wrong(`spec.capacity[${name}]`, whole, "must be a valid resource quantity"));
    if (nanos <= 0n) problems.push(wrong(`spec.capacity[${name}]`, text, "must be greater than zero"));
  }
}

function checkNodeAffinity(affinity: NonNullable<Spec["nodeAffinity"]>, problems: Problem[]): void {
  const terms = affinity.required as { nodeSelectorTerms: NodeSelectorTerm[] } | undefined;
  if (terms) checkNodeSelector(terms, "spec.nodeAffinity.required", problems);
  else problems.push(required("spec.nodeAffinity.required", "must specify required node constraints"));
}

function checkSources(spec: Spec, problems: Problem[]): void {
  let found = 0;
  for (const type of sources) {
    const source = spec[type] as Source | undefined;
    if (!source) continue;
    if (found++ > 0) problems.push(forbidden(`spec.${type}`, "may not specify more than 1 volume type"));
    else checkSource(type, source, spec, problems);
  }
  if (found === 0) problems.push(required("spec", "must specify a volume type"));
}

function checkSource(type: string, source: Source, spec: Spec, problems: Problem[]): void {
  if (type === "hostPath") checkHostPath(source, "spec.hostPath", problems);
  if (type === "nfs") checkNfs(source, "spec.nfs", problems);
  if (type === "csi") {
    if (!source.driver) problems.push(required("spec.csi.driver"));
    check(dnsSubdomain, String(source.driver ?? "").toLowerCase(), "spec.csi.driver", problems);
    if (!source.volumeHandle) problems.push(required("spec.csi.volumeHandle"));
  }
  if (type === "local") {
    if (!source.path) problems.push(required("spec.local.path"));
    else checkNoBacksteps(String(source.path), "spec.local.path", problems);
    if (!spec.nodeAffinity) problems.push(required("spec.nodeAffinity", "Local volume requires node affinity"));
  }
}

const sourceType: InternalType = [
  ["GCEPersistentDisk", { from: "gcePersistentDisk" }],
  ["AWSElasticBlockStore", { from: "awsElasticBlockStore" }],
  ["HostPath", { type: [["Path", { zero: "" }], ["Type"]] }],
  ["Glusterfs"],
  [
    "NFS",
    {
      from: "nfs",
      type: [
        ["Server", { zero: "" }],
        ["Path", { zero: "" }],
        ["ReadOnly", { zero: false }],
      ],
    },
  ],
  ["RBD", { from: "rbd" }],
  ["Quobyte"],
  ["ISCSI", { from: "iscsi" }],
  ["FlexVolume"],
  ["Cinder"],
  ["CephFS", { from: "cephfs" }],
  ["FC", { from: "fc" }],
  ["Flocker"],
  ["AzureFile"],
  ["VsphereVolume"],
  ["AzureDisk"],
  ["PhotonPersistentDisk"],
  ["PortworxVolume"],
  ["ScaleIO", { from: "scaleIO" }],
  [
    "Local",
    {
      type: [
        ["Path", { zero: "" }],
        ["FSType", { from: "fsType" }],
      ],
    },
  ],
  ["StorageOS", { from: "storageos" }],
  ["CSI", { from: "csi" }],
];

/** A volume keeps its source and mode, and its node affinity once it has one. */
export function volumeProblemsOfUpdate(
  { spec }: PersistentVolume,
  { spec: old }: PersistentVolume,
): readonly Problem[] {
  const problems: Problem[] = [];
  if (sources.some((type) => !equal(spec[type], old[type]))) {
    const diff = internalDiff(old, spec, sourceType);
    const detail = `spec.persistentvolumesource is immutable after creation\n${diff}`;
    problems.push(forbidden("spec.persistentvolumesource", detail));
  }
  if (spec.volumeMode !== old.volumeMode) problems.push(immutable("volumeMode", spec.volumeMode));
  if (old.nodeAffinity && !equal(spec.nodeAffinity, old.nodeAffinity)) {
    const detail = "field is immutable, except for updating from beta label to GA";
    problems.push(wrong("nodeAffinity", spec.nodeAffinity ?? null, detail));
  }
  return problems;
}
