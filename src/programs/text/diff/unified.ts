import type { Change, Lines } from "./define.ts";
import { marked } from "./normal.ts";

/** -u: hunks with so many lines around. */
export function unifiedDiff(changes: readonly Change[], old: Lines, now: Lines, context: number): string {
  const groups = grouped(changes, context).filter((group) => group.some((change) => !change.ignorable));
  if (groups.length === 0) return "";
  return `--- ${old.label}\n+++ ${now.label}\n${groups.map((group) => hunk(group, old, now, context)).join("")}`;
}

/** Changes whose surroundings touch stand in one hunk. */
function grouped(changes: readonly Change[], context: number): Change[][] {
  const groups: Change[][] = [];
  for (const change of changes) {
    const before = groups.at(-1)?.at(-1);
    const near = before && change.oldStart - (before.oldStart + before.oldCount) <= 2 * context;
    if (near) groups.at(-1)?.push(change);
    else groups.push([change]);
  }
  return groups;
}

function hunk(group: readonly Change[], old: Lines, now: Lines, context: number): string {
  const [first] = group;
  const last = group.at(-1);
  if (!first || !last) return "";
  const lead = Math.min(context, first.oldStart);
  const start = first.oldStart - lead;
  const newStart = first.newStart - lead;
  const lastOld = last.oldStart + last.oldCount;
  const end = Math.min(old.lines.length, lastOld + context);
  const newEnd = last.newStart + last.newCount + (end - lastOld);
  let text = `@@ -${range(start, end - start)} +${range(newStart, newEnd - newStart)} @@\n`;
  let at = start;
  for (const change of group) {
    for (; at < change.oldStart; at++) text += marked(" ", old, at);
    for (; at < change.oldStart + change.oldCount; at++) text += marked("-", old, at);
    for (let added = 0; added < change.newCount; added++) text += marked("+", now, change.newStart + added);
  }
  for (; at < end; at++) text += marked(" ", old, at);
  return text;
}

function range(start: number, count: number): string {
  if (count === 1) return String(start + 1);
  return `${count === 0 ? start : start + 1},${count}`;
}
