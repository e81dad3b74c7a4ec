import { compareText } from "../../base/go-text.ts";
import { byteLength, bytesOf, textOf } from "../../base/text-bytes.ts";
import { labelsText } from "../label-selector.ts";
import type { ObjectMeta } from "../types/meta.ts";
import type { Writer } from "./writer.ts";

type TextMap = Readonly<Record<string, string>> | undefined;

/** The annotation of kubectl apply, which describe does not show. */
const hidden = "kubectl.kubernetes.io/last-applied-configuration";
/** The longest annotation that is printed whole, in bytes (kubectl pkg/describe maxAnnotationLen, 1.33). */
const longest = 140;

/** Name, and namespace where the object has one. */
export function writeName(w: Writer, { name, namespace }: ObjectMeta): void {
  w.field(0, "Name", name);
  if (namespace !== undefined) w.field(0, "Namespace", namespace);
}

/** Labels and annotations, one a line. */
export function writeLabelsAndAnnotations(w: Writer, { labels, annotations }: ObjectMeta): void {
  writeLabels(w, "Labels", labels);
  writeAnnotations(w, "Annotations", annotations);
}

/** A map of labels, one a line. */
export function writeLabels(w: Writer, title: string, labels: TextMap): void {
  const keys = Object.keys(labels ?? {}).sort(compareText);
  writeItems(
    w,
    title,
    keys.map((key) => `${key}=${labels?.[key]}`),
  );
}

/** A title and items, one a line; `<none>` where there are none. */
export function writeItems(w: Writer, title: string, items: readonly string[]): void {
  w.add(0, `${title}:\t`);
  if (items.length === 0) w.line(0, "<none>");
  items.forEach((item, i) => {
    if (i > 0) {
      w.add(0, "");
      w.add(0, "\t");
    }
    w.line(0, item);
  });
}

/** Annotations, one a line; long ones and those of several lines stand below their key, cut to the width. */
export function writeAnnotations(w: Writer, title: string, annotations: TextMap): void {
  const keys = Object.keys(annotations ?? {})
    .filter((key) => key !== hidden)
    .sort(compareText);
  w.add(0, `${title}:\t`);
  if (keys.length === 0) w.line(0, "<none>");
  keys.forEach((key, i) => {
    if (i > 0) w.add(0, "\t");
    const value = (annotations?.[key] ?? "").replace(/\n$/, "");
    if (!value.includes("\n") && byteLength(value) + byteLength(key) + 2 <= longest) {
      w.line(0, `${key}: ${value}`);
      return;
    }
    w.line(0, `${key}:`);
    for (const part of value.split("\n")) w.line(0, `\t  ${shortened(part, longest - 2)}`);
  });
}

/** The first bytes of a text, with dots where something is missing. */
export function shortened(text: string, limit = longest): string {
  return byteLength(text) > limit ? `${textOf(bytesOf(text).subarray(0, limit))}...` : text;
}

/** A map of labels on one line, `<none>` where it is empty. */
export function labelsOrNone(labels: TextMap): string {
  return labelsText(labels) || "<none>";
}
