import type { Call } from "../define.ts";
import { compareBytes } from "../shared/byte-order.ts";
import { compareVersions } from "../shared/version-order.ts";
import type { Entry } from "./entry.ts";

const words: Readonly<Record<string, string>> = { none: "U", size: "S", time: "t", version: "v", extension: "X" };

/** Sorts as -t, -S, -v, -X, -U and -r say; by name otherwise. */
export function order(call: Call, entries: readonly Entry[]): Entry[] {
  const last = call.given.findLast(({ key }) => ["t", "S", "v", "X", "U", "f", "sort", "c", "u"].includes(key));
  const by = last?.key === "sort" ? words[last.value ?? ""] : last?.key;
  const sorted = [...entries];
  if (by === "U" || by === "f") return sorted;
  const name = (a: Entry, b: Entry) => compareBytes(a.name, b.name);
  // -c and -u sort by time only where the long form does not show it.
  const time = by === "t" || ((by === "c" || by === "u") && !call.has("l"));
  sorted.sort((a, b) => {
    if (time) return b.stat.modified - a.stat.modified || name(a, b);
    if (by === "S") return b.stat.size - a.stat.size || name(a, b);
    if (by === "v") return compareVersions(a.name, b.name);
    if (by === "X") return compareBytes(extension(a.name), extension(b.name)) || name(a, b);
    return name(a, b);
  });
  if (call.has("r")) sorted.reverse();
  if (!call.has("group-directories-first")) return sorted;
  const isFolder = ({ stat, targetStat }: Entry) => (targetStat ?? stat).kind === "directory";
  return [...sorted.filter(isFolder), ...sorted.filter((entry) => !isFolder(entry))];
}

function extension(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot);
}
