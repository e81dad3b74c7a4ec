import { SECOND } from "../../../base/clock.ts";
import { formatDate } from "../../../base/format-time.ts";
import { groupById, userById } from "../../../machine/users.ts";
import type { Call } from "../define.ts";
import { modeText } from "../shared/mode.ts";
import { quoteName } from "../shared/quote.ts";
import { humanSize } from "../shared/size.ts";
import { textWidth } from "../shared/text-width.ts";
import type { Entry } from "./entry.ts";

/** A file takes whole blocks of four KiB; a short link none. */
function blocks({ stat }: Entry): number {
  if (stat.kind === "directory") return Math.max(4, Math.ceil(stat.size / 4096) * 4);
  return stat.kind === "file" ? Math.ceil(stat.size / 4096) * 4 : 0;
}

export function totalOf(call: Call, entries: readonly Entry[]): string {
  const total = entries.reduce((sum, entry) => sum + blocks(entry), 0);
  return call.has("h") ? (total === 0 ? "0" : humanSize(total * 1024)) : String(total);
}

/** The listing of some files in the form that was asked for; columns are as wide as those of `alike` need. */
export function show(call: Call, entries: readonly Entry[], alike = entries): string {
  if (entries.length === 0) return "";
  const form = call.given.findLast(({ key }) =>
    ["l", "n", "g", "o", "full-time", "1", "C", "x", "m"].includes(key),
  )?.key;
  if (form && form !== "C" && form !== "x" && form !== "m" && (form !== "1" || isLong(call)))
    return long(call, entries, alike);
  const terminal = call.proc.isTerminal(1);
  const blank = form === "1" || form === "m" || (form === undefined && !terminal) ? "" : aligned(call, entries);
  const names = entries.map(
    (entry) => prefix(call, entries, entry) + lead(entry, blank) + nameOf(call, entry, terminal),
  );
  if (form === "1" || (form === undefined && !terminal)) return names.map((name) => `${name}\n`).join("");
  const width = Number(call.value("w") ?? (terminal ? call.proc.terminal?.columns : undefined) ?? 80);
  const widths = entries.map((entry) =>
    textWidth(prefix(call, entries, entry) + lead(entry, blank) + plainName(call, entry, terminal)),
  );
  return form === "m" ? withCommas(names, widths, width) : columns(names, widths, width, form === "x");
}

function isLong(call: Call): boolean {
  return ["l", "n", "g", "o", "full-time"].some((key) => call.has(key));
}

/** Inode and size in blocks, where they are wanted. */
function prefix(call: Call, entries: readonly Entry[], entry: Entry): string {
  let text = "";
  if (call.has("i"))
    text += `${String(entry.stat.inode).padStart(Math.max(...entries.map(({ stat }) => String(stat.inode).length)))} `;
  if (call.has("s"))
    text += `${String(blocks(entry)).padStart(Math.max(...entries.map((each) => String(blocks(each)).length)))} `;
  return text;
}

function sign(call: Call, { stat }: Entry): string {
  if (call.has("p") && stat.kind === "directory") return "/";
  const types = call.has("F") || call.has("file-type");
  if (!types) return "";
  if (stat.kind === "directory") return "/";
  if (stat.kind === "link") return "@";
  if (stat.kind === "fifo") return "|";
  if (stat.kind === "socket") return "=";
  return call.has("F") && stat.kind === "file" && (stat.mode & 0o111) !== 0 ? "*" : "";
}

/** Where some names are quoted, the others stand one further, below the letters of those. */
function aligned(call: Call, entries: readonly Entry[]): string {
  const quotes = call.proc.isTerminal(1) && !call.has("N") && !call.has("Q");
  return quotes && entries.some(({ name }) => quoteName(name) !== name) ? " " : "";
}

function lead(entry: Entry, blank: string): string {
  return blank !== "" && quoteName(entry.name) === entry.name ? blank : "";
}

function plainName(call: Call, entry: Entry, terminal: boolean): string {
  const quoted = call.has("Q")
    ? `"${entry.name.replace(/["\\]/g, "\\$&")}"`
    : terminal && !call.has("N")
      ? quoteName(entry.name)
      : entry.name;
  return quoted + sign(call, entry);
}

function nameOf(call: Call, entry: Entry, terminal: boolean): string {
  const plain = plainName(call, entry, terminal);
  const when = call.value("color") ?? (call.has("color") ? "always" : "never");
  if (!["always", "yes", "force"].includes(when) && !(["auto", "tty", "if-tty"].includes(when) && terminal))
    return plain;
  const end = sign(call, entry);
  const color = colorOf(entry);
  return color === "" ? plain : `\x1b[0m\x1b[${color}m${plain.slice(0, plain.length - end.length)}\x1b[0m${end}`;
}

/** dircolors' defaults. */
function colorOf({ name, stat, target, targetStat }: Entry): string {
  if (stat.kind === "link") return target !== undefined && !targetStat ? "40;31;01" : "01;36";
  if (stat.kind === "directory") {
    if (stat.mode & 0o1000 && stat.mode & 2) return "30;42";
    return stat.mode & 2 ? "34;42" : "01;34";
  }
  if (stat.kind === "fifo") return "40;33";
  if (stat.kind === "socket") return "01;35";
  if (stat.kind === "device") return "40;33;01";
  if (stat.mode & 0o4000) return "37;41";
  return stat.mode & 0o111 ? "01;32" : /\.(tar|tgz|gz|zip|bz2|xz|zst|deb|rpm)$/.test(name) ? "01;31" : "";
}

/** As few rows as fit, filled column by column (or row by row). */
function columns(names: readonly string[], widths: readonly number[], width: number, across: boolean): string {
  let count = Math.min(names.length, Math.max(1, Math.floor(width / 3)));
  let sizes: number[] = [];
  let rows = names.length;
  for (; count >= 1; count--) {
    rows = Math.ceil(names.length / count);
    sizes = [];
    widths.forEach((each, index) => {
      const column = across ? index % count : Math.floor(index / rows);
      const last = column === count - 1;
      sizes[column] = Math.max(sizes[column] ?? 3, each + (last ? 0 : 2));
    });
    if (count === 1 || sizes.reduce((sum, size) => sum + size, 0) < width) break;
  }
  let text = "";
  for (let row = 0; row < rows; row++) {
    let line = "";
    let at = 0;
    for (let column = 0; column < count; column++) {
      const index = across ? row * count + column : column * rows + row;
      const name = names[index];
      if (name === undefined) continue;
      const next = across ? (column + 1 < count ? index + 1 : names.length) : index + rows;
      const end = at + (sizes[column] ?? 0);
      line += next < names.length ? name + indent(at + (widths[index] ?? 0), end) : name;
      at = end;
    }
    text += `${line}\n`;
  }
  return text;
}

/** Tabs where they reach further than a blank. */
function indent(from: number, to: number): string {
  let text = "";
  for (let at = from; at < to; ) {
    const tab = Math.floor(to / 8) > Math.floor((at + 1) / 8);
    text += tab ? "\t" : " ";
    at += tab ? 8 - (at % 8) : 1;
  }
  return text;
}

/** -m: names with commas, as many on a row as fit. */
function withCommas(names: readonly string[], widths: readonly number[], width: number): string {
  let text = "";
  let column = 0;
  names.forEach((name, index) => {
    if (index > 0) {
      const fits = width === 0 || column + 2 + (widths[index] ?? 0) < width;
      text += fits ? ", " : ",\n";
      column = fits ? column + 2 : 0;
    }
    text += name;
    column += widths[index] ?? 0;
  });
  return `${text}\n`;
}

interface Row {
  readonly cells: readonly string[];
  readonly time: string;
  readonly name: string;
}

function long(call: Call, entries: readonly Entry[], alike: readonly Entry[]): string {
  const terminal = call.proc.isTerminal(1);
  const blank = aligned(call, alike);
  const rows = entries.map((entry): Row => {
    const { stat, target } = entry;
    const arrow = stat.kind === "link" && target !== undefined ? ` -> ${terminal ? quoteName(target) : target}` : "";
    const shown = lead(entry, blank) + nameOf(call, entry, terminal);
    const name = arrow === "" ? shown : shown.replace(/@$/, "") + arrow;
    return { cells: cellsOf(call, entry), time: timeOf(call, entry), name };
  });
  const measured = alike.map((entry) => cellsOf(call, entry));
  const widths = (rows[0]?.cells ?? []).map((_, column) =>
    Math.max(...measured.map((cells) => textWidth(cells[column] ?? ""))),
  );
  const timeWidth = Math.max(...rows.map(({ time }) => time.length));
  const lines = rows.map(({ cells, time, name }, index) => {
    const last = cells.length - 1;
    const padded = cells.map((cell, column) => {
      const left = column === 0 || (column > 1 && column < last);
      return left ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
    });
    const before = prefix(call, entries, entries[index] as Entry);
    return `${before}${padded.join(" ")} ${time.padStart(timeWidth)} ${name}\n`;
  });
  return lines.join("");
}

function cellsOf(call: Call, { stat }: Entry): readonly string[] {
  const numeric = call.has("n");
  const owner = numeric ? undefined : userById(call.files, stat.uid)?.name;
  const group = numeric ? undefined : groupById(call.files, stat.gid)?.name;
  const size = call.has("h") || call.has("si") ? humanSize(stat.size) : String(stat.size);
  const cells = [modeText(stat), String(stat.links)];
  if (!call.has("g")) cells.push(owner ?? String(stat.uid));
  if (!call.has("o") && !call.has("G")) cells.push(group ?? String(stat.gid));
  return [...cells, size];
}

/** Half a Gregorian year: what is older, or still to come, shows its year. */
const RECENT = 15_778_476 * SECOND;

function timeOf(call: Call, { stat }: Entry): string {
  const { now } = call.proc.machine.kernel.clock;
  const style = call.value("time-style") ?? (call.has("full-time") ? "full-iso" : "locale");
  const recent = stat.modified <= now && stat.modified > now - RECENT;
  if (style.startsWith("+")) return formatDate(style.slice(1), stat.modified);
  if (style === "full-iso") return formatDate("%Y-%m-%d %H:%M:%S.%N +0000", stat.modified);
  if (style === "long-iso") return formatDate("%Y-%m-%d %H:%M", stat.modified);
  if (style === "iso") return formatDate(recent ? "%m-%d %H:%M" : "%Y-%m-%d ", stat.modified);
  return formatDate(recent ? "%b %e %H:%M" : "%b %e  %Y", stat.modified);
}
