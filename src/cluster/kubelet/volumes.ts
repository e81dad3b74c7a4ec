import { fromBase64 } from "../../base/base64.ts";
import { type Micros, SECOND } from "../../base/clock.ts";
import { textOf } from "../../base/text-bytes.ts";
import type { ConfigMap, PersistentVolume, PersistentVolumeClaim, Secret } from "../../kinds/types/core.ts";
import type { KeyToPath, Pod, Volume } from "../../kinds/types/pod.ts";
import { type Files, root } from "../../machine/define-files.ts";
import { createFiles } from "../../machine/files/create-files.ts";
import type { Machine } from "../../machine/machine.ts";
import { type Api, Unreachable } from "../apiserver/define.ts";
import { fieldValue, type PodFacts } from "./environment.ts";

/** Why a volume cannot be set up: FailedMount with this text. */
export class VolumeError extends Error {}

/** Where a volume's files are: a tree, and the folder in it. */
export interface VolumeTree {
  readonly tree: Files;
  readonly from: string;
}

/** What volumes are made from. */
export interface VolumeTools {
  readonly api: Api;
  readonly host: Machine;
  readonly facts: () => PodFacts;
  /** Makes a service account's token. */
  token(pod: Pod, audience: string | undefined, seconds: number): () => string;
}

/** The kubelet looks at ConfigMaps and Secrets again after about this long (syncFrequency 1m). */
const REFRESH = 60 * SECOND;

/** Checks that a volume can be set up now. Throws VolumeError; makes nothing but what hostPath's type asks for. */
export function checkVolume(volume: Volume, pod: Pod, tools: VolumeTools): void {
  const { configMap, secret, hostPath, persistentVolumeClaim, projected } = volume;
  if (configMap) keyedData(pod, tools, { configMap }, configMap.items);
  if (secret)
    keyedData(
      pod,
      tools,
      { secret: { name: secret.secretName, ...(secret.optional ? { optional: true } : {}) } },
      secret.items,
    );
  if (hostPath) checkHostPath(tools.host.files, hostPath.path, hostPath.type ?? "");
  if (persistentVolumeClaim) volumeOfClaim(pod, tools, persistentVolumeClaim.claimName);
  for (const source of projected?.sources ?? []) checkProjected(source, pod, tools);
}

function checkProjected(source: Record<string, unknown>, pod: Pod, tools: VolumeTools): void {
  const { configMap, secret } = source as { configMap?: Keyed; secret?: Keyed };
  if (configMap) keyedData(pod, tools, { configMap }, configMap.items);
  if (secret) keyedData(pod, tools, { secret }, secret.items);
}

interface Keyed {
  name: string;
  optional?: boolean;
  items?: KeyToPath[];
}

/** File name → text of a ConfigMap or Secret, with `items` applied. */
function keyedData(
  pod: Pod,
  { api }: VolumeTools,
  of: { configMap?: { name: string; optional?: boolean }; secret?: { name: string; optional?: boolean } },
  items: readonly KeyToPath[] | undefined,
): Map<string, string> {
  const { namespace } = pod.metadata;
  const { name, optional } = of.configMap ?? of.secret ?? { name: "" };
  const object = of.configMap
    ? api.get<ConfigMap>("configmaps", namespace, name)
    : api.get<Secret>("secrets", namespace, name);
  if (!object) {
    if (optional) return new Map();
    throw new VolumeError(`${of.configMap ? "configmap" : "secret"} "${name}" not found`);
  }
  const plain = of.configMap ? ((object as ConfigMap).data ?? {}) : {};
  const binary = of.configMap ? (object as ConfigMap).binaryData : (object as Secret).data;
  const all = new Map(Object.entries(plain));
  for (const [key, value] of Object.entries(binary ?? {})) all.set(key, textOf(fromBase64(value) ?? new Uint8Array()));
  if (!items) return all;
  const chosen = new Map<string, string>();
  for (const { key, path } of items) {
    const text = all.get(key);
    if (text !== undefined) chosen.set(path, text);
    else if (!optional)
      throw new VolumeError(`references non-existent ${of.configMap ? "config" : "secret"} key: ${key}`);
  }
  return chosen;
}

function checkHostPath(files: Files, path: string, type: string): void {
  const found = files.find(path, root);
  const wanted = { Directory: "directory", File: "file", Socket: "socket" }[type];
  if (type === "DirectoryOrCreate" && !found) files.mkdir(path, root, { parents: true });
  else if (type === "FileOrCreate" && !found) files.write(path, "", root);
  else if (type === "DirectoryOrCreate" && found?.kind !== "directory")
    throw new VolumeError(`hostPath type check failed: ${path} is not a directory`);
  else if (wanted && found?.kind !== wanted)
    throw new VolumeError(
      `hostPath type check failed: ${path} is not a ${wanted === "socket" ? "socket file" : wanted}`,
    );
  else if (type === "" && !found) files.mkdir(path, root, { parents: true });
}

function volumeOfClaim(pod: Pod, { api }: VolumeTools, name: string): PersistentVolume {
  const claim = api.get<PersistentVolumeClaim>("persistentvolumeclaims", pod.metadata.namespace, name);
  if (!claim) throw new VolumeError(`persistentvolumeclaim "${name}" not found`);
  const volume = claim.spec.volumeName
    ? api.get<PersistentVolume>("persistentvolumes", undefined, claim.spec.volumeName)
    : undefined;
  if (!volume || claim.status?.phase !== "Bound")
    throw new VolumeError(`PVC ${pod.metadata.namespace}/${name} is not bound`);
  return volume;
}

/** The files of a volume, made on first use. */
export function volumeTree(volume: Volume, pod: Pod, tools: VolumeTools): VolumeTree {
  const { host } = tools;
  const { hostPath, persistentVolumeClaim } = volume;
  if (hostPath) return { tree: host.files, from: hostPath.path };
  if (persistentVolumeClaim) {
    const pv = volumeOfClaim(pod, tools, persistentVolumeClaim.claimName);
    const path = pv.spec.hostPath?.path ?? (pv.spec.local as { path: string } | undefined)?.path;
    if (!path) return { tree: networkVolume(host, pv), from: "/" };
    if (!host.files.find(path, root)) host.files.mkdir(path, root, { parents: true });
    return { tree: host.files, from: path };
  }
  const tree = createFiles(host.kernel);
  fill(tree, volume, pod, tools);
  return { tree, from: "/" };
}

/** A volume that lies outside the nodes (NFS, CSI): one tree for all that mount it. */
function networkVolume(host: Machine, pv: PersistentVolume): Files {
  const shared = host.network as { volumes?: Map<string, Files> };
  shared.volumes ??= new Map();
  const key = pv.metadata.uid ?? pv.metadata.name;
  const known = shared.volumes.get(key);
  if (known) return known;
  const tree = createFiles(host.kernel);
  shared.volumes.set(key, tree);
  return tree;
}

function fill(tree: Files, volume: Volume, pod: Pod, tools: VolumeTools): void {
  const { configMap, secret, projected, downwardAPI } = volume;
  if (configMap) put(tree, () => keyedData(pod, tools, { configMap }, configMap.items), configMap.defaultMode, tools);
  if (secret) {
    const of = { secret: { name: secret.secretName, ...(secret.optional ? { optional: true } : {}) } };
    put(tree, () => keyedData(pod, tools, of, secret.items), secret.defaultMode, tools);
  }
  if (downwardAPI) putFields(tree, (downwardAPI as { items?: FieldItem[] }).items ?? [], pod, tools);
  for (const source of projected?.sources ?? []) fillProjected(tree, source, projected?.defaultMode, pod, tools);
}

interface FieldItem {
  path: string;
  fieldRef?: { fieldPath: string };
}

function putFields(tree: Files, items: readonly FieldItem[], pod: Pod, tools: VolumeTools): void {
  for (const { path, fieldRef } of items)
    if (fieldRef) tree.live(`/${path}`, () => fieldValue(pod, fieldRef.fieldPath, tools.facts()), { mode: 0o644 });
}

function fillProjected(
  tree: Files,
  source: Record<string, unknown>,
  mode: number | undefined,
  pod: Pod,
  tools: VolumeTools,
): void {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source as {
    configMap?: Keyed;
    secret?: Keyed;
    downwardAPI?: { items?: FieldItem[] };
    serviceAccountToken?: { path: string; audience?: string; expirationSeconds?: number };
  };
  if (configMap) put(tree, () => keyedData(pod, tools, { configMap }, configMap.items), mode, tools);
  if (secret) put(tree, () => keyedData(pod, tools, { secret }, secret.items), mode, tools);
  if (downwardAPI) putFields(tree, downwardAPI.items ?? [], pod, tools);
  if (serviceAccountToken) {
    const { path, audience, expirationSeconds = 3600 } = serviceAccountToken;
    tree.lazy(`/${path}`, tools.token(pod, audience, expirationSeconds), { mode: mode ?? 0o644 });
  }
}

/** Files whose texts follow their object, at most REFRESH behind. */
function put(tree: Files, data: () => Map<string, string>, mode: number | undefined, tools: VolumeTools): void {
  const { clock } = tools.host.kernel;
  let known = data();
  let at: Micros = clock.now;
  const current = (name: string) => {
    if (clock.now - at >= REFRESH) {
      try {
        known = data();
      } catch (error) {
        // What is gone or unreachable stays as it was.
        if (!(error instanceof VolumeError || error instanceof Unreachable)) throw error;
      }
      at = clock.now;
    }
    return known.get(name) ?? "";
  };
  for (const name of known.keys()) {
    const slash = name.lastIndexOf("/");
    if (slash > 0) tree.mkdir(`/${name.slice(0, slash)}`, root, { parents: true });
    tree.live(`/${name}`, () => current(name), { mode: mode ?? 0o644 });
  }
}
