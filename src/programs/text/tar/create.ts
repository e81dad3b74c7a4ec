import { SECOND } from "../../../base/clock.ts";
import { byteLength } from "../../../base/text-bytes.ts";
import { Errno, type Task } from "../../../machine/define.ts";
import type { Stat } from "../../../machine/define-files.ts";
import { openFd } from "../../../machine/open-path.ts";
import { groupById, userById } from "../../../machine/users.ts";
import { type Call, Fail } from "../define.ts";
import { globMatches } from "../shared/glob.ts";
import { Output } from "../shared/output.ts";
import { joinPath } from "../shared/paths.ts";
import { BLOCK, headerOf } from "./header.ts";
import { listed } from "./list.ts";

/** Writes an archive of the operands. */
export function* create(call: Call): Task {
  if (call.operands.length === 0) throw new Fail("Cowardly refusing to create an empty archive", 2, true);
  const file = call.value("f") ?? "-";
  const out = file === "-" ? call.out : new Output(call.proc, openArchive(call, file));
  const run = new Creation(call, out, file === "-");
  for (const operand of call.operands) yield* run.add(operand);
  yield* run.finish();
}

function openArchive(call: Call, file: string): number {
  try {
    return openFd(call.proc, file, { write: true, create: true, truncate: true });
  } catch (error) {
    if (error instanceof Errno)
      throw new Fail(`${file}: Cannot open: ${error.message}\ntar: Error is not recoverable: exiting now`);
    throw error;
  }
}

class Creation {
  private written = 0;
  private stripped = false;
  private readonly seen = new Map<number, string>();
  private readonly call: Call;
  private readonly out: Output;
  /** The archive itself goes to stdout, so what -v says goes to stderr. */
  private readonly toStdout: boolean;

  constructor(call: Call, out: Output, toStdout: boolean) {
    this.call = call;
    this.out = out;
    this.toStdout = toStdout;
  }

  private path(name: string): string {
    const folder = this.call.value("C");
    return name.startsWith("/") || folder === undefined ? this.call.path(name) : joinPath(this.call.path(folder), name);
  }

  *add(name: string): Task {
    const { call } = this;
    if (call.proc.tick()) yield undefined;
    if (
      call.given.some(
        ({ key, value = "" }) => key === "exclude" && (globMatches(value, name) || globMatches(`*/${value}`, name)),
      )
    )
      return;
    let stat: Stat;
    try {
      stat = call.files.stat(this.path(name), call.who, { follow: call.has("h") });
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return yield* call.warn(`${name}: Cannot stat: ${error.message}`, 2);
    }
    if (stat.kind === "directory") return yield* this.folder(name, stat);
    if (stat.kind === "file") return yield* this.file(name, stat);
    if (stat.kind === "link") yield* this.header(name, stat, "link", call.files.readlink(this.path(name), call.who));
    else yield* call.warn(`${name}: ${stat.kind} ignored`, 0);
  }

  private *folder(name: string, stat: Stat): Task {
    const { call } = this;
    yield* this.header(name.endsWith("/") ? name : `${name}/`, stat, "directory", "");
    if (call.has("no-recursion")) return;
    try {
      for (const child of call.files.list(this.path(name), call.who)) yield* this.add(joinPath(name, child));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      yield* call.warn(`${name}: Cannot open: ${error.message}`, 2);
    }
  }

  private *file(name: string, stat: Stat): Task {
    const { call } = this;
    const first = stat.links > 1 ? this.seen.get(stat.inode) : undefined;
    if (first !== undefined) return yield* this.header(name, stat, "hardlink", first);
    let text: string;
    try {
      text = call.files.read(this.path(name), call.who);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return yield* call.warn(`${name}: Cannot open: ${error.message}`, 2);
    }
    const size = byteLength(text);
    yield* this.header(name, { ...stat, size }, "file", "");
    if (stat.links > 1) this.seen.set(stat.inode, name.replace(/^\/+/, ""));
    yield* this.put(text + "\0".repeat((BLOCK - (size % BLOCK)) % BLOCK), size);
  }

  private *header(name: string, stat: Stat, kind: "file" | "directory" | "link" | "hardlink", target: string): Task {
    const { call } = this;
    let stored = name;
    if (name.startsWith("/") && !call.has("P")) {
      stored = name.replace(/^\/+/, "");
      if (!this.stripped) yield* call.warn("Removing leading `/' from member names", 0);
      this.stripped = true;
      if (stored === "") stored = "./";
    }
    const user = userById(call.files, stat.uid)?.name ?? "";
    const group = groupById(call.files, stat.gid)?.name ?? "";
    const member = {
      name: stored,
      kind,
      mode: stat.mode,
      uid: stat.uid,
      gid: stat.gid,
      user,
      group,
      modified: Math.floor(stat.modified / SECOND),
      target,
      size: stat.size,
    };
    if (call.has("v")) {
      const line = `${listed(member, call.given.filter(({ key }) => key === "v").length > 1, name)}\n`;
      if (this.toStdout) yield* call.proc.write(2, line);
      else call.out.put(line);
    }
    const text = headerOf(member);
    yield* this.put(text, byteLength(text));
  }

  private *put(text: string, size: number): Task {
    this.out.put(text);
    this.written += Math.ceil(size / BLOCK) * BLOCK;
    if (this.out.full) yield* this.out.flush();
  }

  /** Two empty blocks, filled up to a record of twenty. */
  *finish(): Task {
    const end = Math.ceil((this.written + 2 * BLOCK) / (20 * BLOCK)) * 20 * BLOCK;
    this.out.put("\0".repeat(end - this.written));
    yield* this.out.flush();
  }
}
