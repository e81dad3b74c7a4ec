import { compareText, goValue } from "../../base/go-text.ts";
import type { Json } from "../../base/json.ts";
import type { DescribeOptions, Describing } from "../define.ts";
import type { KubeObject } from "../types/meta.ts";
import { writeEvents } from "./events.ts";
import { writeLabelsAndAnnotations } from "./labels.ts";
import { eventsOf } from "./related.ts";
import { Writer } from "./writer.ts";

/** What the lines at the top have said already. */
const said = [
  ".metadata.managedFields",
  ".metadata.name",
  ".metadata.namespace",
  ".metadata.labels",
  ".metadata.annotations",
];

/** Any object, field by field: kinds that kubectl knows nothing of (kubectl pkg/describe genericDescriber, 1.33). */
export function* describeGeneric(object: KubeObject, options: DescribeOptions): Describing {
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  w.field(0, "Name", object.metadata.name);
  w.field(0, "Namespace", object.metadata.namespace ?? "");
  writeLabelsAndAnnotations(w, object.metadata);
  writeFields(w, 0, object as unknown as Fields, "");
  writeEvents(w, events, options.now);
  return w.text();
}

type Fields = Readonly<Record<string, Json | undefined>>;

function writeFields(w: Writer, level: number, fields: Fields, path: string): void {
  for (const field of Object.keys(fields).sort(compareText)) {
    const value = fields[field];
    const at = `${path}.${field}`;
    if (value === undefined || said.includes(at)) continue;
    if (typeof value !== "object" || value === null) {
      w.line(level, `${fieldTitle(field)}:\t${goValue(value)}`);
      continue;
    }
    w.line(level, `${fieldTitle(field)}:`);
    if (!Array.isArray(value)) writeFields(w, level + 1, value as Fields, at);
    else for (const item of value as readonly Json[]) writeItem(w, level + 1, item, at);
  }
}

function writeItem(w: Writer, level: number, item: Json, path: string): void {
  if (typeof item !== "object" || item === null || Array.isArray(item)) w.line(level, goValue(item));
  else writeFields(w, level, item as Fields, path);
}

const acronyms = ["API", "URL", "UID", "OSB", "GUID"];

/** A field's name as a title: apiVersion becomes API Version, podIPs Pod I Ps. */
function fieldTitle(field: string): string {
  if (!/^[\p{L}-]*$/u.test(field)) return field;
  return wordsOf(field)
    .map((word) => {
      const capitals = word.toUpperCase();
      return acronyms.includes(capitals) ? capitals : word.replace(/^./u, (first) => first.toUpperCase());
    })
    .join(" ");
}

/** Runs of letters of one case; a capital before small letters belongs to them. */
function wordsOf(field: string): string[] {
  return field.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}\p{Ll}+|\p{Ll}+|[^\p{Lu}\p{Ll}]+/gu) ?? [];
}
