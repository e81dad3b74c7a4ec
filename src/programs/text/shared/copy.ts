import { Errno, errnoWords, type Task } from "../../../machine/define.ts";
import type { Stat } from "../../../machine/define-files.ts";
import type { Call } from "../define.ts";
import { joinPath } from "./paths.ts";
import { quoteAlways } from "./quote.ts";

export interface CopyOptions {
  readonly recursive: boolean;
  /** Links are copied as links. */
  readonly keepLinks: boolean;
  /** Mode, owner and times are kept. */
  readonly preserve: boolean;
  /** An existing file that cannot be opened is removed first. */
  readonly force: boolean;
  readonly verbose: boolean;
}

/** Copies a file or a tree; messages for what cannot be copied. True where all went well. */
export function* copy(call: Call, from: string, to: string, options: CopyOptions, top = true): Task<boolean> {
  const { files, who } = call;
  if (call.proc.tick()) yield undefined;
  let stat: Stat;
  try {
    stat = files.stat(call.path(from), who, { follow: !options.keepLinks });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* call.warn(`cannot stat ${quoteAlways(from)}: ${error.message}`);
    return false;
  }
  if (stat.kind === "directory") return yield* copyFolder(call, from, to, stat, options, top);
  const existing = files.find(call.path(to), who);
  if (existing?.kind === "directory") {
    yield* call.warn(`cannot overwrite directory ${quoteAlways(to)} with non-directory`);
    return false;
  }
  if (existing && existing.inode === stat.inode) {
    yield* call.warn(`${quoteAlways(from)} and ${quoteAlways(to)} are the same file`);
    return false;
  }
  const done = stat.kind === "link" ? yield* copyLink(call, from, to) : yield* copyFile(call, from, to, stat, options);
  if (!done) return false;
  if (options.preserve && stat.kind !== "link") keepAttributes(call, to, stat);
  if (options.verbose) call.out.put(`${quoteAlways(from)} -> ${quoteAlways(to)}\n`);
  return true;
}

function keepAttributes(call: Call, to: string, stat: Stat): void {
  const path = call.path(to);
  // Only root can give files away; then the owner is not kept, silently, as cp -p does.
  if (call.who.uid === 0) call.files.chown(path, stat.uid, stat.gid, call.who);
  call.files.chmod(path, stat.mode, call.who);
  call.files.setModified(path, stat.modified, call.who);
}

function* copyLink(call: Call, from: string, to: string): Task<boolean> {
  const { files, who } = call;
  try {
    if (files.find(call.path(to), who, { follow: false })) files.unlink(call.path(to), who);
    files.symlink(files.readlink(call.path(from), who), call.path(to), who);
    return true;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* call.warn(`cannot create symbolic link ${quoteAlways(to)}: ${error.message}`);
    return false;
  }
}

function* copyFile(call: Call, from: string, to: string, stat: Stat, options: CopyOptions): Task<boolean> {
  const { files, who, proc } = call;
  let source: number;
  try {
    source = call.openFd(from);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* call.warn(`cannot open ${quoteAlways(from)} for reading: ${error.message}`);
    return false;
  }
  const path = call.path(to);
  try {
    if (!files.find(path, who) && files.find(path, who, { follow: false })) {
      yield* call.warn(`not writing through dangling symlink ${quoteAlways(to)}`);
      return false;
    }
    const mode = stat.mode & 0o777 & ~proc.umask;
    if (options.force && files.find(path, who) && !files.may(path, "w", who)) files.unlink(path, who);
    const target = files.open(path, who, { write: true, create: true, truncate: true, mode });
    const fd = freeFd(call);
    proc.attach(fd, target);
    for (let chunk = yield* proc.read(source); chunk !== undefined; chunk = yield* proc.read(source)) {
      yield* proc.write(fd, chunk);
      yield* proc.step(chunk.length >> 6);
    }
    proc.close(fd);
    return true;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const writing = error.code === "ENOSPC" || error.code === "EFBIG";
    const reason = error.code === "EISDIR" && to.endsWith("/") ? errnoWords.ENOTDIR : error.message;
    yield* call.warn(`${writing ? "error writing" : "cannot create regular file"} ${quoteAlways(to)}: ${reason}`);
    return false;
  } finally {
    proc.close(source);
  }
}

function freeFd(call: Call): number {
  let fd = 3;
  while (call.proc.fds.has(fd)) fd++;
  return fd;
}

function* copyFolder(
  call: Call,
  from: string,
  to: string,
  stat: Stat,
  options: CopyOptions,
  top: boolean,
): Task<boolean> {
  const { files, who } = call;
  if (!options.recursive) {
    yield* call.warn(`-r not specified; omitting directory ${quoteAlways(from)}`);
    return false;
  }
  const path = call.path(to);
  const existing = files.find(path, who);
  if (existing && existing.kind !== "directory") {
    yield* call.warn(`cannot overwrite non-directory ${quoteAlways(to)} with directory ${quoteAlways(from)}`);
    return false;
  }
  const source = files.realpath(call.path(from), who);
  if (top && `${files.realpath(path, who)}/`.startsWith(`${source}/`)) {
    yield* call.warn(`cannot copy a directory, ${quoteAlways(from)}, into itself, ${quoteAlways(to)}`);
    return false;
  }
  try {
    if (!existing) files.mkdir(path, who, { mode: (stat.mode & 0o777 & ~call.proc.umask) | 0o700 });
    if (!existing && options.verbose) call.out.put(`${quoteAlways(from)} -> ${quoteAlways(to)}\n`);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* call.warn(`cannot create directory ${quoteAlways(to)}: ${error.message}`);
    return false;
  }
  let names: readonly string[];
  try {
    names = files.list(call.path(from), who);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* call.warn(`cannot access ${quoteAlways(from)}: ${error.message}`);
    return false;
  }
  let all = true;
  for (const name of names)
    if (!(yield* copy(call, joinPath(from, name), joinPath(to, name), options, false))) all = false;
  if (options.preserve) keepAttributes(call, to, stat);
  else if (!existing) files.chmod(path, stat.mode & 0o777 & ~call.proc.umask, who);
  return all;
}
