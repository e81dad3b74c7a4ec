import { packages } from "./data/packages.ts";
import { kubernetesVersion } from "./data/version.ts";
import { type FieldInfo, shortTypeName, type TypeInfo } from "./define.ts";
import { readField, readTypeHeader } from "./field-lines.ts";

export { kubernetesVersion };

interface Package {
  readonly prefix: string;
  readonly group: string;
  readonly version: string;
  readonly lines: string;
}

const metaPrefix = "io.k8s.apimachinery.pkg.apis.meta.v1";
const byPrefix = new Map<string, Package>(packages.map((p) => [p.prefix, p]));
const byGroupVersion = new Map<string, Package>(packages.map((p) => [`${p.group}/${p.version}`, p]));
const prefixes = new Map(packages.map((p) => [p.prefix.split(".").slice(-2).join("."), p.prefix]));
/** Per package: the lines of each type, not yet read. */
const unread = new Map<Package, Map<string, readonly string[]>>();
const read = new Map<string, TypeInfo>();

/** The group-versions that are described, without the one of metadata: [group, version]. */
export function describedGroupVersions(): readonly (readonly [group: string, version: string])[] {
  return packages.filter((p) => p.prefix !== metaPrefix).map((p) => [p.group, p.version] as const);
}

/** The type of a kind; types that all groups share (Status, DeleteOptions, …) are found under any. */
export function typeOfKind(group: string, version: string, kind: string): TypeInfo | undefined {
  const found = byGroupVersion.get(`${group}/${version}`);
  const type = found && typeNamed(`${found.prefix}.${kind}`);
  if (type?.isKind) return type;
  const shared = typeNamed(`${metaPrefix}.${kind}`);
  return shared?.isKind ? shared : undefined;
}

/** The type of a full name: io.k8s.api.core.v1.PodSpec. */
export function typeNamed(name: string): TypeInfo | undefined {
  const known = read.get(name);
  if (known) return known;
  const dot = name.lastIndexOf(".");
  const from = byPrefix.get(name.slice(0, dot));
  const lines = from && linesOf(from).get(name.slice(dot + 1));
  if (!from || !lines) return undefined;
  const type = readType(name, from, lines);
  read.set(name, type);
  return type;
}

/** The type that a field, or the elements of a list or map, have; undefined for plain values. */
export function typeBehind(field: FieldInfo): TypeInfo | undefined {
  if (field.inner) return field.inner;
  if (field.ref !== undefined) return typeNamed(field.ref);
  return field.items ? typeBehind(field.items) : undefined;
}

/** The full names of all types of a package, in order. */
export function typeNamesOf(group: string, version: string): readonly string[] {
  const found = byGroupVersion.get(`${group}/${version}`);
  return found ? [...linesOf(found).keys()].map((short) => `${found.prefix}.${short}`) : [];
}

function linesOf(from: Package): Map<string, readonly string[]> {
  const known = unread.get(from);
  if (known) return known;
  const types = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of from.lines.split("\n")) {
    if (line.startsWith(" ")) lines.push(line);
    else if (line !== "") {
      lines = [line];
      types.set(line.split(" ", 1)[0] ?? "", lines);
    }
  }
  unread.set(from, types);
  return types;
}

function readType(name: string, from: Package, lines: readonly string[]): TypeInfo {
  const refName = (short: string): string => {
    const parts = short.split(".");
    if (parts.length === 1) return `${from.prefix}.${short}`;
    return `${prefixes.get(parts.slice(0, 2).join(".")) ?? ""}.${parts[2]}`;
  };
  const fields = new Map<string, FieldInfo>();
  const messages = new Map<number, FieldInfo & { readonly inlined: boolean }>();
  for (const line of lines.slice(1)) {
    const field = readField(line, refName);
    const inlined = field.name === "~";
    if (field.number !== undefined) messages.set(field.number, { ...field, inlined });
    if (!inlined) fields.set(field.name, field);
    else for (const [key, value] of embeddedFields(field)) fields.set(key, value);
  }
  return { name, group: from.group, version: from.version, fields, messages, ...readTypeHeader(lines[0] ?? "") };
}

function embeddedFields(field: FieldInfo): [string, FieldInfo][] {
  const name = shortTypeName(field.ref ?? "");
  return [...(typeBehind(field)?.fields ?? [])].map(([key, value]) => {
    const embedded = value.embedded === undefined ? name : `${name}.${value.embedded}`;
    return [key, { ...value, embedded }];
  });
}
