import { texts } from "./data/texts.ts";
import type { FieldInfo, TypeInfo } from "./define.ts";

/** Per package: where the line of each text begins. Read on the first question. */
const indexes = new Map<string, ReadonlyMap<string, string>>();

/** What a type is for, in the Kubernetes authors' words; "" where they say nothing. */
export function typeText(type: TypeInfo): string {
  return type.description ?? textOf(type.name, "");
}

/** What a field of a type is for, with its enum values, in the Kubernetes authors' words. */
export function fieldText(type: TypeInfo, field: FieldInfo): string {
  return field.description ?? textOf(type.name, `#${field.name}`);
}

/** What a value with a name of its own is: io.k8s.apimachinery.pkg.api.resource.Quantity. */
export function namedValueText(name: string): string {
  return textOf(name, "");
}

function textOf(name: string, field: string): string {
  const dot = name.lastIndexOf(".");
  const index = indexOf(name.slice(0, dot));
  const raw = index.get(name.slice(dot + 1) + field) ?? "";
  const text = raw.startsWith("=") ? (index.get(raw.slice(1)) ?? "") : raw;
  return text.includes("\\") ? text.replace(/\\(.)/g, (_, letter) => (letter === "n" ? "\n" : letter)) : text;
}

function indexOf(prefix: string): ReadonlyMap<string, string> {
  const known = indexes.get(prefix);
  if (known) return known;
  const index = new Map<string, string>();
  let type = "";
  for (const line of (texts[prefix] ?? "").split("\n")) {
    const tab = line.indexOf("\t");
    if (tab < 0) continue;
    const name = line.slice(0, tab);
    if (!name.startsWith(" ")) type = name;
    index.set(name.startsWith(" ") ? `${type}#${name.slice(1)}` : name, line.slice(tab + 1));
  }
  indexes.set(prefix, index);
  return index;
}
