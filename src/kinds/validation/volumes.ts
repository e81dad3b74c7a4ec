import { parseQuantity } from "../../base/quantity.ts";
import type { Problem } from "../define.ts";
import { duplicate, forbidden, required, unsupported, wrong } from "../problem.ts";
import type { KeyToPath, Volume } from "../types/pod.ts";
import { checkFieldRef, checkResourceFieldRef } from "./env.ts";
import { check } from "./labels.ts";
import { checkNoBacksteps, checkPathInVolume } from "./paths.ts";
import { dnsLabel } from "./words.ts";

// kubernetes pkg/apis/core/validation ValidateVolumes, validateVolumeSource, 1.35.

const moreThanOne = "may not specify more than 1 volume type";
const modeRange = "must be a number between 0 and 0777 (octal), both inclusive";
const fieldsForFiles = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
];

/** What a source of files needs; sources in the order in which Kubernetes asks for them. */
type Source = Record<string, unknown>;
type Rule = (source: Source, path: string, problems: Problem[]) => void;

/** Fields that must not be empty. */
function needs(...fields: string[]): Rule {
  return (source, path, problems) => {
    for (const field of fields) if (!source[field]) problems.push(required(`${path}.${field}`));
  };
}

const rules: readonly (readonly [string, Rule])[] = [
  ["hostPath", checkHostPath],
  ["gitRepo", needs("repository")],
  ["gcePersistentDisk", needs("pdName")],
  ["awsElasticBlockStore", needs("volumeID")],
  ["secret", (source, path, problems) => checkFiles(source, "secretName", path, problems)],
  ["nfs", checkNfs],
  ["iscsi", needs("targetPortal", "iqn")],
  ["glusterfs", needs("endpoints", "path")],
  ["persistentVolumeClaim", needs("claimName")],
  ["rbd", needs("monitors", "image")],
  ["cinder", needs("volumeID")],
  ["cephfs", needs("monitors")],
  ["downwardAPI", checkDownward],
  ["fc", () => {}],
  ["flexVolume", needs("driver")],
  ["configMap", (source, path, problems) => checkFiles(source, "name", path, problems)],
  ["azureFile", needs("secretName", "shareName")],
  ["vsphereVolume", needs("volumePath")],
  ["portworxVolume", needs("volumeID")],
  ["azureDisk", needs("diskName", "diskURI")],
  ["projected", checkProjected],
  ["csi", needs("driver")],
  ["ephemeral", needs("volumeClaimTemplate")],
  ["image", needs("reference")],
];

/** The volumes of a pod; gives those that are right, by name. */
export function checkVolumes(
  volumes: readonly Volume[] | undefined,
  path: string,
  problems: Problem[],
): ReadonlyMap<string, Volume> {
  const known = new Map<string, Volume>();
  for (const [index, volume] of (volumes ?? []).entries()) {
    const at = `${path}[${index}]`;
    const before = problems.length;
    checkVolumeSource(volume, at, problems);
    if (!volume.name) problems.push(required(`${at}.name`));
    else check(dnsLabel, volume.name, `${at}.name`, problems);
    if (known.has(volume.name)) problems.push(duplicate(`${at}.name`, volume.name));
    if (problems.length === before) known.set(volume.name, volume);
  }
  return known;
}

function checkVolumeSource(volume: Volume, path: string, problems: Problem[]): void {
  let sources = 0;
  if (volume.emptyDir) {
    sources++;
    const limit = volume.emptyDir.sizeLimit;
    if (limit !== undefined && parseQuantity(limit).nanos < 0n)
      problems.push(forbidden(`${path}.emptyDir.sizeLimit`, "SizeLimit field must be a valid resource quantity"));
  }
  for (const [type, rule] of rules) {
    const source = volume[type];
    if (!source) continue;
    if (sources++ > 0) problems.push(forbidden(`${path}.${type}`, moreThanOne));
    else rule(source as Source, `${path}.${type}`, problems);
  }
  if (sources === 0) problems.push(required(path, "must specify a volume type"));
}

const hostPathTypes = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];

/** A path of the node. */
export function checkHostPath(source: Source, path: string, problems: Problem[]): void {
  const { path: file = "", type = "" } = source as { path?: string; type?: string };
  if (file === "") {
    problems.push(required(`${path}.path`));
    return;
  }
  checkNoBacksteps(file, `${path}.path`, problems);
  if (!hostPathTypes.includes(type)) problems.push(unsupported(`${path}.type`, type, hostPathTypes));
}

/** A directory of an NFS server. */
export function checkNfs(source: Source, path: string, problems: Problem[]): void {
  const { server = "", path: file = "" } = source as { server?: string; path?: string };
  if (server === "") problems.push(required(`${path}.server`));
  if (file === "") problems.push(required(`${path}.path`));
  if (!file.startsWith("/")) problems.push(wrong(`${path}.path`, file, "must be an absolute path"));
}

function checkMode(mode: number | undefined, path: string, problems: Problem[]): void {
  if (mode !== undefined && (mode > 0o777 || mode < 0)) problems.push(wrong(path, mode, modeRange));
}

function checkFiles(source: Source, nameField: string, path: string, problems: Problem[]): void {
  const { items = [], defaultMode } = source as { items?: KeyToPath[]; defaultMode?: number };
  if (!source[nameField]) problems.push(required(`${path}.${nameField}`));
  checkMode(defaultMode, `${path}.defaultMode`, problems);
  for (const [index, item] of items.entries()) checkItem(item, `${path}.items[${index}]`, problems);
}

function checkItem(item: KeyToPath, path: string, problems: Problem[]): void {
  if (!item.key) problems.push(required(`${path}.key`));
  if (!item.path) problems.push(required(`${path}.path`));
  checkPathInVolume(item.path ?? "", `${path}.path`, problems);
  checkMode(item.mode, `${path}.mode`, problems);
}

interface FileOfPod {
  path?: string;
  mode?: number;
  fieldRef?: { fieldPath?: string };
  resourceFieldRef?: { resource?: string; containerName?: string };
}

function checkDownward(source: Source, path: string, problems: Problem[]): void {
  const { items = [], defaultMode } = source as { items?: FileOfPod[]; defaultMode?: number };
  checkMode(defaultMode, `${path}.defaultMode`, problems);
  for (const item of items) checkFileOfPod(item, path, problems);
}

function checkFileOfPod(item: FileOfPod, path: string, problems: Problem[]): void {
  if (!item.path) problems.push(required(`${path}.path`));
  checkPathInVolume(item.path ?? "", `${path}.path`, problems);
  if (item.fieldRef) {
    checkFieldRef(item.fieldRef, fieldsForFiles, `${path}.fieldRef`, problems);
    if (item.resourceFieldRef)
      problems.push(wrong(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously"));
  } else if (item.resourceFieldRef) {
    if (!item.resourceFieldRef.containerName) problems.push(required(`${path}.resourceFieldRef.containerName`));
    else checkResourceFieldRef(item.resourceFieldRef, `${path}.resourceFieldRef`, problems);
  } else problems.push(required(path, "one of fieldRef and resourceFieldRef is required"));
  checkMode(item.mode, `${path}.mode`, problems);
}

interface Projection {
  secret?: { name?: string; items?: KeyToPath[] };
  configMap?: { name?: string; items?: KeyToPath[] };
  downwardAPI?: { items?: FileOfPod[] };
  serviceAccountToken?: { path?: string; expirationSeconds?: number };
}

function checkProjected(source: Source, path: string, problems: Problem[]): void {
  const { defaultMode, ...rest } = source as { sources?: Projection[] | null; defaultMode?: number };
  const sources = rest.sources ?? [];
  checkMode(defaultMode, `${path}.defaultMode`, problems);
  const taken = new Set<string>();
  const take = (file: string | undefined, shown: string): void => {
    if (!file) return;
    if (taken.has(file)) problems.push(wrong(path, shown, "conflicting duplicate paths"));
    taken.add(file);
  };
  for (const [index, part] of sources.entries()) {
    const at = `${path}.sources[${index}]`;
    for (const type of ["secret", "configMap"] as const) {
      const files = part[type];
      if (!files) continue;
      if (!files.name) problems.push(required(`${at}.${type}.name`));
      for (const [place, item] of (files.items ?? []).entries()) {
        checkItem(item, `${at}.${type}.items[${place}]`, problems);
        take(item.path, files.name ?? "");
      }
    }
    for (const item of part.downwardAPI?.items ?? []) {
      checkFileOfPod(item, `${at}.downwardAPI`, problems);
      take(item.path, item.path ?? "");
    }
    if (part.serviceAccountToken) checkToken(part.serviceAccountToken, path, `${at}.serviceAccountToken`, problems);
    if (Object.keys(part).length > 1)
      problems.push(forbidden(at, "may not specify more than 1 volume type per source"));
  }
}

function checkToken(
  token: { path?: string; expirationSeconds?: number },
  path: string,
  at: string,
  problems: Problem[],
): void {
  const seconds = token.expirationSeconds ?? 3600;
  if (seconds < 600)
    problems.push(wrong(`${at}.expirationSeconds`, seconds, "may not specify a duration less than 10 minutes"));
  if (seconds > 2 ** 32)
    problems.push(wrong(`${at}.expirationSeconds`, seconds, "may not specify a duration larger than 2^32 seconds"));
  if (!token.path) problems.push(required(`${path}.path`));
  else checkPathInVolume(token.path, `${path}.path`, problems);
}
