import { compareText } from "../../base/go-text.ts";
import type { PersistentVolumeClaim } from "../types/core.ts";
import type { Volume } from "../types/pod.ts";
import { writeClaim } from "./claim.ts";
import { shortened } from "./labels.ts";
import { persistentSources, podSources, type SourceRow, type VolumeSource } from "./volume-sources.ts";
import type { Writer } from "./writer.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The volumes of a pod or of a pod template, which stand further in. */
export function writeVolumes(w: Writer, volumes: readonly Volume[] | undefined, indent: "" | "  "): void {
  if (!volumes?.length) {
    w.line(0, `${indent}Volumes:\t<none>`);
    return;
  }
  w.line(0, `${indent}Volumes:`);
  for (const volume of volumes) {
    w.line(1, `${indent && " "}${volume.name}:`);
    writeSource(w, volume, podSources);
  }
}

/** Where the data of a persistent volume is. */
export function writePersistentSource(w: Writer, spec: Fields): void {
  writeSource(w, spec, persistentSources);
}

function writeSource(w: Writer, volume: Fields, sources: Readonly<Record<string, VolumeSource>>): void {
  const name = Object.keys(sources).find((one) => volume[one] !== undefined && volume[one] !== null);
  const source = name === undefined ? undefined : sources[name];
  if (name === undefined || !source) {
    w.line(1, "<unknown>");
    return;
  }
  const fields = volume[name] as Fields;
  w.field(2, "Type", source.type);
  for (const row of source.rows) w.line(2, rowText(row, fields));
  if (name === "csi") writeAttributes(w, fields.volumeAttributes as Readonly<Record<string, string>> | undefined);
  if (name === "projected") writeProjected(w, (fields.sources ?? []) as readonly Fields[]);
  if (name === "downwardAPI") writeItems(w, (fields.items ?? []) as readonly Fields[]);
  if (name === "ephemeral") writeTemplate(w, fields.volumeClaimTemplate as PersistentVolumeClaim | undefined);
}

function rowText([title, field, otherwise, format]: SourceRow, fields: Fields): string {
  const value = fields[field];
  const text = value === undefined || value === null ? otherwise : format ? format(value) : String(value);
  return `${title}\t${text}`;
}

function writeAttributes(w: Writer, attributes: Readonly<Record<string, string>> = {}): void {
  w.add(2, "VolumeAttributes:\t");
  const keys = Object.keys(attributes).sort(compareText);
  if (keys.length === 0) w.line(0, "<none>");
  keys.forEach((key, i) => {
    if (i > 0) {
      w.add(2, "");
      w.add(2, "\t");
    }
    w.line(2, shortened(`${key}=${attributes[key]}`));
  });
}

interface Reference {
  readonly name?: string;
  readonly optional?: boolean;
}

function writeProjected(w: Writer, sources: readonly Fields[]): void {
  for (const { secret, downwardAPI, configMap, serviceAccountToken } of sources) {
    if (secret) writeReference(w, "SecretName", secret);
    else if (downwardAPI) w.field(2, "DownwardAPI", true);
    else if (configMap) writeReference(w, "ConfigMapName", configMap);
    else if (serviceAccountToken) {
      const { expirationSeconds = 0 } = serviceAccountToken as { expirationSeconds?: number };
      w.field(2, "TokenExpirationSeconds", expirationSeconds);
    }
  }
}

function writeReference(w: Writer, title: string, reference: Reference): void {
  w.field(2, title, reference.name ?? "");
  w.field(2, "Optional", reference.optional ?? false);
}

function writeItems(w: Writer, items: readonly Fields[]): void {
  w.line(2, "Items:");
  for (const { fieldRef, resourceFieldRef, path } of items) {
    if (fieldRef) w.line(3, `${(fieldRef as { fieldPath: string }).fieldPath} -> ${path}`);
    if (resourceFieldRef) w.line(3, `${(resourceFieldRef as { resource: string }).resource} -> ${path}`);
  }
}

function writeTemplate(w: Writer, template: PersistentVolumeClaim | undefined): void {
  if (template) writeClaim(w.deeper(2), template);
}
