import { Errno, type Task } from "../../machine/define.ts";
import type { Stat } from "../../machine/define-files.ts";
import { groupById, userById } from "../../machine/users.ts";
import { type Call, Fail, tool } from "./define.ts";
import { compareBytes } from "./shared/byte-order.ts";
import { globMatches } from "./shared/glob.ts";
import { modeText } from "./shared/mode.ts";
import { joinPath } from "./shared/paths.ts";

interface Count {
  directories: number;
  files: number;
}

/** tree: directories and what is in them, as a tree (2.1.0). */
export const tree = tool({
  name: "tree",
  from: "v2.1.0 © 1996 - 2022 by Steve Baker, Thomas Moore, Francesc Rocher, Florian Sesser, Kyosuke Tokoro",
  usage: "[-adfghipsuF] [-L level] [-P pattern] [-I pattern] [--dirsfirst] [--noreport] [directory ...]",
  options: "a d f F g h i I= L= n C p P= r s u dirsfirst filesfirst noreport prune",
  *run(call) {
    if (call.has("prune")) throw new Fail("--prune is not simulated");
    const level = call.value("L");
    if (level !== undefined && !(Number(level) > 0)) throw new Fail("Invalid level, must be greater than 0.");
    const count = { directories: 0, files: 0 };
    for (const name of call.operands.length === 0 ? ["."] : call.operands) yield* top(call, name, count);
    if (!call.has("noreport")) {
      const { directories, files } = count;
      const last = call.has("d") ? "" : `, ${files} file${files === 1 ? "" : "s"}`;
      call.out.put(`\n${directories} director${directories === 1 ? "y" : "ies"}${last}\n`);
    }
    return undefined;
  },
});

function* top(call: Call, name: string, count: Count): Task {
  const stat = call.files.find(call.path(name), call.who);
  if (stat?.kind !== "directory") {
    if (stat) count.files++;
    else call.status = 2;
    call.out.put(`${stat ? fields(call, stat) : ""}${name}  [error opening dir]\n`);
    return;
  }
  call.out.put(`${fields(call, stat)}${name}${suffix(call, name, stat)}\n`);
  count.directories++;
  yield* below(call, name, "", 1, count);
}

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly stat: Stat;
}

function* below(call: Call, folder: string, indent: string, depth: number, count: Count): Task {
  if (call.proc.tick()) yield undefined;
  if (call.out.full) yield* call.out.flush();
  if (depth > Number(call.value("L") ?? Number.POSITIVE_INFINITY)) return;
  const entries = entriesOf(call, folder);
  for (const [at, { name, path, stat }] of entries.entries()) {
    const last = at === entries.length - 1;
    const lines = call.has("i") ? "" : `${indent}${last ? "└── " : "├── "}`;
    const isDirectory = stat.kind === "directory";
    if (isDirectory) count.directories++;
    else count.files++;
    const denied = isDirectory && !call.files.may(call.path(path), "rx", call.who) ? "  [error opening dir]" : "";
    const link = stat.kind === "link" ? ` -> ${call.files.readlink(call.path(path), call.who)}` : "";
    const shown = call.has("f") ? path : name;
    call.out.put(`${lines}${fields(call, stat)}${shown}${suffix(call, name, stat)}${link}${denied}\n`);
    if (denied) call.status = 2;
    if (isDirectory && !denied) yield* below(call, path, indent + (last ? "    " : "│\u00a0\u00a0 "), depth + 1, count);
  }
}

/** What is shown of a directory, in its order. */
function entriesOf(call: Call, folder: string): readonly Entry[] {
  const ignored = call.given.filter(({ key }) => key === "I").flatMap(({ value = "" }) => value.split("|"));
  const wanted = call.given.filter(({ key }) => key === "P").flatMap(({ value = "" }) => value.split("|"));
  const entries: Entry[] = [];
  for (const name of call.files.list(call.path(folder), call.who)) {
    if (name.startsWith(".") && !call.has("a")) continue;
    const path = joinPath(folder, name);
    const stat = statOf(call, path);
    if (!stat || ignored.some((pattern) => globMatches(pattern, name))) continue;
    const isDirectory = stat.kind === "directory";
    if (call.has("d") && !isDirectory) continue;
    if (!isDirectory && wanted.length > 0 && !wanted.some((pattern) => globMatches(pattern, name))) continue;
    entries.push({ name, path, stat });
  }
  const sign = call.has("r") ? -1 : 1;
  const group = call.last("dirsfirst", "filesfirst");
  const rank = ({ stat }: Entry) => (!group || (stat.kind === "directory") === (group === "dirsfirst") ? 0 : 1);
  return entries.sort((a, b) => rank(a) - rank(b) || sign * compareBytes(a.name, b.name));
}

function statOf(call: Call, path: string): Stat | undefined {
  try {
    return call.files.stat(call.path(path), call.who, { follow: false });
  } catch (error) {
    if (error instanceof Errno) return undefined;
    throw error;
  }
}

/** [drwxr-xr-x root     4.0K]: what -p, -u, -g, -s and -h ask for. */
function fields(call: Call, stat: Stat): string {
  const { files } = call;
  const parts: string[] = [];
  if (call.has("p")) parts.push(modeText(stat));
  if (call.has("u")) parts.push((userById(files, stat.uid)?.name ?? String(stat.uid)).padEnd(8));
  if (call.has("g")) parts.push((groupById(files, stat.gid)?.name ?? String(stat.gid)).padEnd(8));
  if (call.has("h")) parts.push(forPeople(stat.size).padStart(4));
  else if (call.has("s")) parts.push(String(stat.size).padStart(11));
  return parts.length === 0 ? "" : `[${parts.join(" ")}]  `;
}

function forPeople(bytes: number): string {
  if (bytes < 1024) return String(bytes);
  let value = bytes;
  for (const unit of "KMGTPE") {
    value /= 1024;
    if (value < 1024) return `${value < 10 ? value.toFixed(1) : String(Math.floor(value))}${unit}`;
  }
  return String(bytes);
}

function suffix(call: Call, name: string, { kind, mode }: Stat): string {
  if (!call.has("F")) return "";
  if (kind === "directory") return name.endsWith("/") ? "" : "/";
  if (kind === "fifo") return "|";
  return kind === "file" && (mode & 0o111) !== 0 ? "*" : "";
}
