import type { Micros } from "../base/clock.ts";
import { humanDuration } from "../base/human-duration.ts";
import { parseRfc3339 } from "../base/time.ts";
import type { Cell, Column } from "./define.ts";
import { selectorText } from "./label-selector.ts";
import type { KubeObject, LabelSelector } from "./types/meta.ts";
import type { PodTemplateSpec } from "./types/pod.ts";

/** The column every table begins with. */
export const nameColumn: Column = {
  name: "Name",
  format: "name",
  cell: (object) => object.metadata.name,
};

/** Time since creation. */
export const ageColumn: Column = {
  name: "Age",
  cell: (object, now) => ageOf(object.metadata.creationTimestamp, now),
};

/** The columns of kinds without a printer: roles, limit ranges. */
export const plainColumns: readonly Column[] = [
  nameColumn,
  {
    name: "Created At",
    type: "date",
    cell: (object) => object.metadata.creationTimestamp ?? null,
  },
];

/** How long ago a time is, `<unknown>` where it is not set. */
export function ageOf(time: string | null | undefined, now: Micros): string {
  const then = time ? parseRfc3339(time) : undefined;
  return then === undefined ? "<unknown>" : humanDuration(now - then);
}

/** A column of text. */
export function column<T extends KubeObject>(name: string, cell: (object: T, now: Micros) => Cell): Column<T> {
  return { name, cell };
}

/** A column of whole numbers; 0 where nothing is set. */
export function count<T extends KubeObject>(name: string, cell: (object: T) => number | undefined): Column<T> {
  return { name, type: "integer", cell: (object) => cell(object) ?? 0 };
}

/** A column that only -o wide shows. */
export function wide<T extends KubeObject>(name: string, cell: (object: T, now: Micros) => Cell): Column<T> {
  return { name, wide: true, cell };
}

/** The three wide columns of a workload: containers, images and selector. */
export function templateColumns<T extends KubeObject>(
  templateOf: (object: T) => PodTemplateSpec | undefined,
  selectorOf: (object: T) => LabelSelector | undefined,
  none = "<none>",
): readonly Column<T>[] {
  return [
    wide("Containers", (object) => containersCell(templateOf(object), "name")),
    wide("Images", (object) => containersCell(templateOf(object), "image")),
    wide("Selector", (object) => selectorText(selectorOf(object)) || none),
  ];
}

/** The names or images of a template's containers. */
export function containersCell(template: PodTemplateSpec | undefined, field: "name" | "image"): string {
  return (template?.spec?.containers ?? []).map((container) => container[field] ?? "").join(",");
}

/** At most three of a list, then how many more there are. */
export function firstThree(items: readonly string[]): string {
  return items.length > 3 ? `${items.slice(0, 3).join(",")} + ${items.length - 3} more...` : items.join(",");
}

const accessModeWords: readonly (readonly [string, string])[] = [
  ["ReadWriteOnce", "RWO"],
  ["ReadOnlyMany", "ROX"],
  ["ReadWriteMany", "RWX"],
  ["ReadWriteOncePod", "RWOP"],
];

/** Access modes in short, in Kubernetes' fixed order. */
export function accessModesText(modes: readonly string[] | undefined): string {
  return accessModeWords
    .filter(([mode]) => modes?.includes(mode))
    .map(([, word]) => word)
    .join(",");
}
