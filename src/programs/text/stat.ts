import { SECOND } from "../../base/clock.ts";
import { formatDate } from "../../base/format-time.ts";
import { Errno } from "../../machine/define.ts";
import type { Stat } from "../../machine/define-files.ts";
import { groupById, userById } from "../../machine/users.ts";
import { type Call, tool } from "./define.ts";
import { escapeAt } from "./shared/escapes.ts";
import { modeText } from "./shared/mode.ts";
import { quoteAlways } from "./shared/quote.ts";

/** stat: what the file system knows of a file. One time is kept for each: all that are shown are that one. */
export const stat = tool({
  name: "stat",
  usage: "[OPTION]... FILE...",
  options: "L,dereference f,file-system c,format= printf= t,terse",
  *run(call) {
    if (call.operands.length === 0) throw call.misuse("missing operand");
    const format = call.given.findLast(({ key }) => key === "c" || key === "printf");
    for (const name of call.operands) {
      try {
        const found = call.files.stat(call.path(name), call.who, { follow: call.has("L") });
        if (format?.key === "c") call.out.put(`${fill(call, format.value ?? "", name, found, false)}\n`);
        else if (format) call.out.put(fill(call, format.value ?? "", name, found, true));
        else call.out.put(usual(call, name, found));
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        yield* call.warn(`cannot statx ${quoteAlways(name)}: ${error.message}`);
      }
    }
    return undefined;
  },
});

const kinds: Readonly<Record<Stat["kind"], string>> = {
  file: "regular file",
  directory: "directory",
  link: "symbolic link",
  device: "character special file",
  fifo: "fifo",
  socket: "socket",
};
const typeBits: Readonly<Record<Stat["kind"], number>> = {
  file: 0o100000,
  directory: 0o040000,
  link: 0o120000,
  device: 0o020000,
  fifo: 0o010000,
  socket: 0o140000,
};

function kindOf(found: Stat): string {
  return found.kind === "file" && found.size === 0 ? "regular empty file" : kinds[found.kind];
}

function linkText(call: Call, name: string, found: Stat): string {
  return found.kind === "link" ? `${name} -> ${call.files.readlink(call.path(name), call.who)}` : name;
}

function usual(call: Call, name: string, found: Stat): string {
  const value = (sign: string) => fill(call, sign, name, found, false);
  const time = value("%y");
  return [
    `  File: ${linkText(call, name, found)}`,
    `  Size: ${value("%-10s")}\tBlocks: ${value("%-10b")} IO Block: ${value("%-6o")} ${value("%F")}`,
    `Device: 8,1\tInode: ${value("%-11i")} Links: ${value("%h")}`,
    `Access: (${value("%04a")}/${value("%10.10A")})  Uid: (${value("%5u")}/${value("%8U")})   Gid: (${value("%5g")}/${value("%8G")})`,
    `Access: ${time}`,
    `Modify: ${time}`,
    `Change: ${time}`,
    " Birth: -",
    "",
  ].join("\n");
}

function fill(call: Call, format: string, name: string, found: Stat, escapes: boolean): string {
  let text = "";
  const pattern = /%([-0#+ ]*)(\d*)(?:\.(\d+))?([A-Za-z%])/y;
  for (let at = 0; at < format.length; ) {
    pattern.lastIndex = at;
    const match = format[at] === "%" ? pattern.exec(format) : null;
    if (match) {
      const [whole, flags = "", width, precision, sign = ""] = match;
      const value = fieldOf(call, sign, name, found);
      const cut = precision === undefined || !"ANFU".includes(sign) ? value : value.slice(0, Number(precision));
      const size = Number(width);
      text += flags.includes("-")
        ? cut.padEnd(size)
        : cut.padStart(size, flags.includes("0") && /^\d/.test(cut) ? "0" : " ");
      at += whole.length;
      continue;
    }
    const resolved = escapes && format[at] === "\\" ? escapeAt(format, at, false) : undefined;
    text += resolved && resolved !== "end" ? resolved.text : format[at];
    at = resolved && resolved !== "end" ? resolved.next : at + 1;
  }
  return text;
}

function fieldOf(call: Call, sign: string, name: string, found: Stat): string {
  const seconds = String(Math.floor(found.modified / SECOND));
  switch (sign) {
    case "a":
      return found.mode.toString(8);
    case "A":
      return modeText(found);
    case "b":
      return String(found.kind === "file" ? Math.ceil(found.size / 4096) * 8 : found.kind === "directory" ? 8 : 0);
    case "B":
      return "512";
    case "f":
      return (typeBits[found.kind] | found.mode).toString(16);
    case "F":
      return kindOf(found);
    case "g":
      return String(found.gid);
    case "G":
      return groupById(call.files, found.gid)?.name ?? "UNKNOWN";
    case "h":
      return String(found.links);
    case "i":
      return String(found.inode);
    case "n":
      return name;
    case "N":
      return found.kind === "link"
        ? `${quoteAlways(name)} -> ${quoteAlways(call.files.readlink(call.path(name), call.who))}`
        : quoteAlways(name);
    case "o":
      return "4096";
    case "s":
      return String(found.size);
    case "u":
      return String(found.uid);
    case "U":
      return userById(call.files, found.uid)?.name ?? "UNKNOWN";
    case "w":
      return "-";
    case "W":
      return "0";
    case "x":
    case "y":
    case "z":
      return formatDate("%Y-%m-%d %H:%M:%S.%N +0000", found.modified);
    case "X":
    case "Y":
    case "Z":
      return seconds;
    case "%":
      return "%";
    default:
      return "?";
  }
}
