import { SECOND } from "../../../base/clock.ts";
import { formatDate } from "../../../base/format-time.ts";
import { groupById, userById } from "../../../machine/users.ts";
import type { Call } from "../define.ts";
import { escapeAt } from "../shared/escapes.ts";
import { pad } from "../shared/format-directive.ts";
import { modeText } from "../shared/mode.ts";
import { baseName } from "../shared/paths.ts";
import type { Visit } from "./define.ts";

const kinds: Readonly<Record<string, string>> = {
  file: "f",
  directory: "d",
  link: "l",
  device: "c",
  fifo: "p",
  socket: "s",
};

/** -printf */
export function formatVisit(call: Call, format: string, visit: Visit): string {
  let text = "";
  const pattern = /%([-+ #0]*)(\d*)(?:\.(\d+))?(?:([ACT])(.)|([a-zA-Z%]))/y;
  for (let at = 0; at < format.length; ) {
    pattern.lastIndex = at;
    const found = format[at] === "%" ? pattern.exec(format) : null;
    if (found) {
      const [whole, flags = "", width, precision, time, form = "", sign = ""] = found;
      const value = time ? timeOf(form, visit) : fieldOf(call, sign, visit);
      text += pad(
        precision === undefined ? value : value.slice(0, Number(precision)),
        { flags, width: Number(width), precision: undefined, conversion: "s" },
        /^\d+$/.test(value),
      );
      at += whole.length;
      continue;
    }
    const resolved = format[at] === "\\" ? escapeAt(format, at, false) : undefined;
    if (resolved === "end") return text;
    text += resolved ? resolved.text : format[at];
    at = resolved ? resolved.next : at + 1;
  }
  return text;
}

function timeOf(form: string, { stat }: Visit): string {
  if (form === "@")
    return `${Math.floor(stat.modified / SECOND)}.${String(stat.modified % SECOND).padStart(6, "0")}0000`;
  if (form === "+") return `${formatDate("%Y-%m-%d+%H:%M:%S", stat.modified)}.${formatDate("%N", stat.modified)}0`;
  const fraction = `${formatDate("%N", stat.modified)}0`;
  if (form === "S" || form === "T") return `${formatDate(`%${form}`, stat.modified)}.${fraction}`;
  return formatDate(`%${form}`, stat.modified);
}

function fieldOf(call: Call, sign: string, visit: Visit): string {
  const { path, start, depth, stat } = visit;
  switch (sign) {
    case "p":
      return path;
    case "f":
      return baseName(path);
    case "h":
      return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ".";
    case "P":
      return path === start ? "" : path.slice(start.endsWith("/") ? start.length : start.length + 1);
    case "H":
      return start;
    case "s":
      return String(stat.size);
    case "k":
      return String(Math.ceil(stat.size / 1024));
    case "b":
      return String(stat.kind === "file" ? Math.ceil(stat.size / 4096) * 8 : 8);
    case "m":
      return stat.mode.toString(8);
    case "M":
      return modeText(stat);
    case "y":
      return kinds[stat.kind] ?? "U";
    case "d":
      return String(depth);
    case "i":
      return String(stat.inode);
    case "n":
      return String(stat.links);
    case "u":
      return userById(call.files, stat.uid)?.name ?? String(stat.uid);
    case "g":
      return groupById(call.files, stat.gid)?.name ?? String(stat.gid);
    case "U":
      return String(stat.uid);
    case "G":
      return String(stat.gid);
    case "l":
      return stat.kind === "link" ? call.files.readlink(call.path(path), call.who) : "";
    case "t":
    case "a":
    case "c":
      return formatDate("%a %b %e %H:%M:%S.%N0 %Y", stat.modified);
    case "%":
      return "%";
    default:
      return `%${sign}`;
  }
}

/** -ls: as ls -dils would. */
export function listLine(call: Call, { path, stat }: Visit): string {
  const blocks = stat.kind === "file" ? Math.ceil(stat.size / 4096) * 4 : stat.kind === "directory" ? 4 : 0;
  const owner = userById(call.files, stat.uid)?.name ?? String(stat.uid);
  const group = groupById(call.files, stat.gid)?.name ?? String(stat.gid);
  const { now } = call.proc.machine.kernel.clock;
  const recent = stat.modified <= now && stat.modified > now - 15_778_476 * SECOND;
  const time = formatDate(recent ? "%b %e %H:%M" : "%b %e  %Y", stat.modified);
  const arrow = stat.kind === "link" ? ` -> ${call.files.readlink(call.path(path), call.who)}` : "";
  const columns = [
    String(stat.inode).padStart(9),
    String(blocks).padStart(6),
    modeText(stat),
    String(stat.links).padStart(3),
  ];
  return `${columns.join(" ")} ${owner.padEnd(8)} ${group.padEnd(8)} ${String(stat.size).padStart(8)} ${time} ${path}${arrow}\n`;
}
