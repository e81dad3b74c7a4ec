import { SECOND } from "../../../base/clock.ts";
import { bytesOf, textOf } from "../../../base/text-bytes.ts";
import { Errno, type Task } from "../../../machine/define.ts";
import { groupNamed, userNamed } from "../../../machine/users.ts";
import { type Call, Fail } from "../define.ts";
import { globMatches } from "../shared/glob.ts";
import { Input } from "../shared/input.ts";
import { folderName, joinPath } from "../shared/paths.ts";
import { type Member, membersOf } from "./header.ts";
import { listed } from "./list.ts";

/** Lists or unpacks an archive: all of it, or the members that were named. */
export function* extract(call: Call, listOnly: boolean): Task {
  const bytes = yield* archive(call);
  const folder = folderOf(call);
  const wanted = new Map(call.operands.map((name) => [name.replace(/\/+$/, ""), false]));
  const folders: { path: string; member: Member }[] = [];
  const members = membersOf(bytes);
  for (;;) {
    const step = members.next();
    if (step.done) {
      if (!step.value) yield* call.warn("This does not look like a tar archive", 2);
      break;
    }
    if (call.proc.tick()) yield undefined;
    const member = step.value;
    if (!chosen(call, wanted, member.name)) continue;
    const name = stripped(call, member.name);
    if (name === undefined) continue;
    if (listOnly || call.has("v")) call.out.put(`${listed(member, listOnly && call.has("v"), name)}\n`);
    if (!listOnly) yield* unpack(call, member, folder, name, folders);
    if (call.out.full) yield* call.out.flush();
  }
  // What is put into a directory changes its time, so theirs come last.
  for (const { path, member } of folders.reverse()) finish(call, path, member);
  for (const [name, found] of wanted) if (!found) yield* call.warn(`${name}: Not found in archive`, 2);
}

function* archive(call: Call): Task<Uint8Array> {
  const file = call.value("f") ?? "-";
  try {
    const input = file === "-" ? new Input(call.proc, 0) : call.open(file);
    const bytes = bytesOf(yield* input.rest());
    input.close();
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw new Fail("Archive is compressed; compression is not simulated");
    return bytes;
  } catch (error) {
    if (error instanceof Errno)
      throw new Fail(`${file}: Cannot open: ${error.message}\ntar: Error is not recoverable: exiting now`);
    throw error;
  }
}

function folderOf(call: Call): string {
  const name = call.value("C");
  if (name === undefined) return call.path(".");
  try {
    if (call.files.stat(call.path(name), call.who).kind !== "directory") throw new Errno("ENOTDIR");
    return call.path(name);
  } catch (error) {
    if (error instanceof Errno)
      throw new Fail(`${name}: Cannot open: ${error.message}\ntar: Error is not recoverable: exiting now`);
    throw error;
  }
}

/** A name stands for itself and all below it. */
function chosen(call: Call, wanted: Map<string, boolean>, name: string): boolean {
  if (
    call.given.some(
      ({ key, value = "" }) => key === "exclude" && (globMatches(value, name) || globMatches(`*/${value}`, name)),
    )
  )
    return false;
  if (wanted.size === 0) return true;
  const bare = name.replace(/\/+$/, "");
  for (const each of wanted.keys()) {
    if (bare !== each && !bare.startsWith(`${each}/`) && !(call.has("wildcards") && globMatches(each, bare))) continue;
    wanted.set(each, true);
    return true;
  }
  return false;
}

function stripped(call: Call, name: string): string | undefined {
  const count = Number(call.value("strip-components") ?? 0);
  if (count === 0) return name;
  const parts = name.split("/");
  const rest = parts.slice(count).join("/");
  return rest === "" ? undefined : rest;
}

function* unpack(
  call: Call,
  member: Member & { readonly content: Uint8Array },
  folder: string,
  name: string,
  folders: { path: string; member: Member }[],
): Task {
  const { files, who } = call;
  if (call.has("O")) {
    if (member.kind === "file") call.out.put(textOf(member.content));
    return;
  }
  const safe = call.has("P") ? name : name.replace(/^\/+/, "");
  if (safe.split("/").includes("..")) return yield* call.warn(`${name}: Member name contains '..'`, 2);
  const path = safe.startsWith("/") ? safe : joinPath(folder, safe);
  try {
    const existing = files.find(path, who, { follow: false });
    if (member.kind === "directory") {
      if (existing?.kind !== "directory") files.mkdir(path, who, { parents: true });
      folders.push({ path, member });
      return;
    }
    if (existing && call.has("k")) return yield* call.warn(`${name}: Cannot open: File exists`, 2);
    if (existing && existing.kind !== "directory") files.unlink(path, who);
    else if (!existing && !files.find(folderName(path), who)) files.mkdir(folderName(path), who, { parents: true });
    if (member.kind === "link") files.symlink(member.target, path, who);
    else if (member.kind === "hardlink") files.link(joinPath(folder, member.target), path, who);
    else {
      files.write(path, textOf(member.content), who, { mode: 0o600 });
      finish(call, path, member);
    }
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* call.warn(
      `${name}: Cannot ${member.kind === "directory" ? "mkdir" : member.kind === "file" ? "open" : "create link"}: ${error.message}`,
      2,
    );
  }
}

/** Mode, owner (as root) and time as they were. */
function finish(call: Call, path: string, member: Member): void {
  const { files, who, proc } = call;
  const exact = call.has("p") || (who.uid === 0 && !call.has("no-same-permissions"));
  files.chmod(path, exact ? member.mode : member.mode & 0o777 & ~proc.umask, who);
  if (who.uid === 0 && !call.has("o") && !call.has("no-same-owner")) {
    const uid = userNamed(files, member.user)?.uid ?? member.uid;
    const gid = groupNamed(files, member.group)?.gid ?? member.gid;
    files.chown(path, uid, gid, who);
  }
  if (!call.has("m")) files.setModified(path, member.modified * SECOND, who);
}
