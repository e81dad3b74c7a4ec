import { byteLength } from "../../../base/text-bytes.ts";
import type { WaitQueue } from "../../../base/wait-queue.ts";
import { Errno, type Task } from "../../../machine/define.ts";
import type { Call } from "../define.ts";
import { quoteAlways } from "./quote.ts";

/** A file that tail follows; without a descriptor while it does not exist. */
export interface Followed {
  readonly name: string;
  fd: number | undefined;
  /** What was read of it so far, in bytes; undefined until it is first looked at. */
  size?: number;
  inode?: number;
}

/** tail -f: waits for what is added, forever; with `byName` the name counts, not the file it once led to. */
export function* follow(call: Call, files: Followed[], options: { byName: boolean; titles: boolean }): Task {
  if (files.length === 0) {
    if (call.operands.length > 0) yield* call.warn("no files remaining");
    return;
  }
  let shown: Followed | undefined = files.at(-1);
  for (const file of files) note(call, file);
  for (;;) {
    for (const file of files) {
      if (options.byName) yield* lookAgain(call, file);
      const text = yield* added(call, file);
      if (text === "") continue;
      if (options.titles && shown !== file) call.out.put(`\n==> ${file.name} <==\n`);
      shown = file;
      call.out.put(text);
      yield* call.out.flush();
    }
    yield* pause(call, files, options.byName);
  }
}

function note(call: Call, file: Followed): void {
  const stat = call.files.find(call.path(file.name), call.who);
  if (!stat) return;
  file.inode = stat.inode;
  file.size = stat.size;
}

/** Wakes when one of the files changes; where names count, also when their directories do. */
function* pause(call: Call, files: readonly Followed[], byName: boolean): Task {
  const on: WaitQueue[] = [];
  for (const { name } of files) {
    const path = call.path(name);
    on.push(call.files.watch(path));
    if (byName) on.push(call.files.watch(path.slice(0, path.lastIndexOf("/")) || "/"));
  }
  yield* call.proc.wait({ on });
}

function* added(call: Call, file: Followed): Task<string> {
  const { fd } = file;
  if (fd === undefined) return "";
  const stat = call.files.find(call.path(file.name), call.who);
  if (stat && file.size !== undefined && stat.inode === file.inode && stat.size < file.size) {
    yield* call.warn(`${file.name}: file truncated`, 0);
    reopen(call, file);
  }
  let text = "";
  for (;;) {
    const open = call.proc.fd(file.fd ?? fd);
    if (open.kind !== "file") return yield* readOn(call, file);
    const chunk = yield* call.proc.read(file.fd ?? fd);
    if (chunk === undefined) break;
    text += chunk;
  }
  file.size = (file.size ?? 0) + byteLength(text);
  return text;
}

/** A FIFO or a terminal: what is there. */
function* readOn(call: Call, file: Followed): Task<string> {
  return (yield* call.proc.read(file.fd)) ?? "";
}

function reopen(call: Call, file: Followed): void {
  if (file.fd !== undefined && file.fd > 2) call.proc.close(file.fd);
  file.fd = call.openFd(file.name);
  file.size = 0;
}

function* lookAgain(call: Call, file: Followed): Task {
  const stat = call.files.find(call.path(file.name), call.who);
  if (!stat) {
    if (file.fd !== undefined) {
      yield* call.warn(`${quoteAlways(file.name)} has become inaccessible: No such file or directory`);
      call.proc.close(file.fd);
      file.fd = undefined;
    }
    return;
  }
  if (file.fd === undefined || stat.inode !== file.inode) {
    const news = file.fd === undefined ? "has appeared" : "has been replaced";
    try {
      reopen(call, file);
    } catch (error) {
      if (error instanceof Errno) return;
      throw error;
    }
    file.inode = stat.inode;
    yield* call.warn(`${quoteAlways(file.name)} ${news};  following new file`, 0);
  }
}
