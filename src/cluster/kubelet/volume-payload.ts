import { fromBase64 } from "../../base/base64.ts";
import { textOf } from "../../base/text-bytes.ts";
import type { ConfigMap, Secret } from "../../kinds/types/core.ts";
import type { KeyToPath, Pod, Volume } from "../../kinds/types/pod.ts";
import type { Machine } from "../../machine/machine.ts";
import type { Api } from "../apiserver/define.ts";
import { fieldValue, type PodFacts, resourceValue } from "./environment.ts";

/** Why a volume cannot be set up: FailedMount with this text. */
export class VolumeError extends Error {}

/** What volumes are made from. */
export interface VolumeTools {
  readonly api: Api;
  readonly host: Machine;
  readonly facts: () => PodFacts;
  /** Makes a service account's token. */
  token(pod: Pod, audience: string | undefined, seconds: number): () => string;
}

/** A file that the kubelet writes into a volume; a text that is made when it is looked at. */
export interface PayloadFile {
  readonly text: string | (() => string);
  readonly mode: number;
}

/** Path in the volume → file. */
export type Payload = ReadonlyMap<string, PayloadFile>;

interface Keyed {
  readonly name: string;
  readonly optional?: boolean;
  readonly items?: readonly KeyToPath[];
}

interface FieldItem {
  readonly path: string;
  readonly mode?: number;
  readonly fieldRef?: { readonly fieldPath: string };
  readonly resourceFieldRef?: { readonly resource: string; readonly containerName?: string; readonly divisor?: string };
}

interface Source {
  readonly configMap?: Keyed;
  readonly secret?: Keyed;
  readonly downwardAPI?: { readonly items?: readonly FieldItem[] };
  readonly serviceAccountToken?: {
    readonly path: string;
    readonly audience?: string;
    readonly expirationSeconds?: number;
  };
}

const STANDARD_MODE = 0o644;

/** What the kubelet writes into a volume of this kind, the modes by its defaultMode. Throws VolumeError; undefined for all other kinds. */
export function payloadOf(volume: Volume, pod: Pod, tools: VolumeTools): Payload | undefined {
  const { configMap, secret, projected } = volume;
  const downwardAPI = volume.downwardAPI as (Source["downwardAPI"] & { defaultMode?: number }) | undefined;
  const files = new Map<string, PayloadFile>();
  if (configMap) add({ configMap }, configMap.defaultMode, files, pod, tools);
  else if (secret) add({ secret: { ...secret, name: secret.secretName } }, secret.defaultMode, files, pod, tools);
  else if (downwardAPI) add({ downwardAPI }, downwardAPI.defaultMode, files, pod, tools);
  else if (projected)
    for (const source of (projected.sources ?? []) as Source[]) add(source, projected.defaultMode, files, pod, tools);
  else return undefined;
  return files;
}

/** Whether what is in the volume may change while the pod runs; the account's token with the cluster's authority does not count. */
export function mayChange({ configMap, secret, projected, downwardAPI }: Volume): boolean {
  if (configMap || secret || downwardAPI) return true;
  return ((projected?.sources ?? []) as Source[]).some(
    (source) => source.secret || (source.configMap && source.configMap.name !== "kube-root-ca.crt"),
  );
}

function add(
  source: Source,
  mode = STANDARD_MODE,
  files: Map<string, PayloadFile>,
  pod: Pod,
  tools: VolumeTools,
): void {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source;
  if (configMap) addKeys("ConfigMap", configMap, mode, files, pod, tools);
  if (secret) addKeys("Secret", secret, mode, files, pod, tools);
  for (const item of downwardAPI?.items ?? [])
    files.set(item.path, { text: fieldText(item, pod, tools), mode: item.mode ?? mode });
  if (serviceAccountToken) {
    const { path, audience, expirationSeconds = 3600 } = serviceAccountToken;
    files.set(path, { text: tools.token(pod, audience, expirationSeconds), mode });
  }
}

function fieldText({ fieldRef, resourceFieldRef }: FieldItem, pod: Pod, tools: VolumeTools): string {
  if (fieldRef) return fieldValue(pod, fieldRef.fieldPath, tools.facts());
  const first = pod.spec.containers[0];
  return resourceFieldRef && first ? resourceValue(pod, first, resourceFieldRef, tools.facts()) : "";
}

function addKeys(
  kind: "ConfigMap" | "Secret",
  { name, optional, items }: Keyed,
  mode: number,
  files: Map<string, PayloadFile>,
  pod: Pod,
  { api }: VolumeTools,
): void {
  const object = api.get<ConfigMap | Secret>(
    kind === "Secret" ? "secrets" : "configmaps",
    pod.metadata.namespace,
    name,
  );
  if (!object) {
    if (optional) return;
    throw new VolumeError(`${kind.toLowerCase()} "${name}" not found`);
  }
  const texts = textsOf(kind, object);
  if (!items) {
    for (const [key, text] of texts) files.set(key, { text, mode });
    return;
  }
  for (const item of items) {
    const text = texts.get(item.key);
    if (text !== undefined) files.set(item.path, { text, mode: item.mode ?? mode });
    else if (!optional)
      throw new VolumeError(`references non-existent ${kind === "Secret" ? "secret" : "config"} key: ${item.key}`);
  }
}

function textsOf(kind: "ConfigMap" | "Secret", object: ConfigMap | Secret): Map<string, string> {
  const texts = new Map<string, string>(kind === "ConfigMap" ? Object.entries(object.data ?? {}) : []);
  const encoded = kind === "ConfigMap" ? (object as ConfigMap).binaryData : object.data;
  for (const [key, value] of Object.entries(encoded ?? {}))
    texts.set(key, textOf(fromBase64(value) ?? new Uint8Array()));
  return texts;
}
