import { Errno, type Task } from "../../machine/define.ts";
import type { Stat } from "../../machine/define-files.ts";
import { type Call, tool } from "./define.ts";
import { confirm } from "./shared/confirm.ts";
import { baseName, joinPath } from "./shared/paths.ts";
import { quoteAlways } from "./shared/quote.ts";

/** rm: removes files, with -r directories and all below them. */
export const rm = tool({
  name: "rm",
  usage: "[OPTION]... [FILE]...",
  options: "f,force i I interactive? one-file-system no-preserve-root preserve-root? r,R,recursive d,dir v,verbose",
  *run(call) {
    if (call.operands.length === 0) {
      if (call.has("f")) return 0;
      throw call.misuse("missing operand");
    }
    if (call.last("i", "I", "f") === "I" && (call.operands.length > 3 || call.has("r"))) {
      const many = `remove ${call.operands.length} argument${call.operands.length === 1 ? "" : "s"}${call.has("r") ? " recursively" : ""}`;
      if (!(yield* confirm(call, many))) return 0;
    }
    for (const name of call.operands) yield* removeOperand(call, name);
    return undefined;
  },
});

function* removeOperand(call: Call, name: string): Task {
  const base = baseName(name);
  if (call.has("r") && (base === "." || base === ".."))
    return yield* call.warn(`refusing to remove '.' or '..' directory: skipping ${quoteAlways(name)}`);
  if (call.has("r") && /^\/+$/.test(name) && !call.has("no-preserve-root")) {
    yield* call.warn("it is dangerous to operate recursively on '/'");
    return yield* call.warn("use --no-preserve-root to override this failsafe");
  }
  try {
    yield* remove(call, name, call.files.stat(call.path(name), call.who, { follow: false }));
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const missing = error.code === "ENOENT" || error.code === "ENOTDIR";
    if (!(missing && call.has("f"))) yield* call.warn(`cannot remove ${quoteAlways(name)}: ${error.message}`);
  }
}

function* remove(call: Call, name: string, stat: Stat): Task {
  if (call.proc.tick()) yield undefined;
  if (stat.kind === "directory") return yield* removeFolder(call, name);
  if (!(yield* mayRemove(call, name, stat))) return;
  try {
    call.files.unlink(call.path(name), call.who);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return yield* call.warn(`cannot remove ${quoteAlways(name)}: ${error.message}`);
  }
  if (call.has("v")) call.out.put(`removed ${quoteAlways(name)}\n`);
}

function* removeFolder(call: Call, name: string): Task {
  const { files, who } = call;
  const path = call.path(name);
  if (!call.has("r") && !call.has("d")) return yield* call.warn(`cannot remove ${quoteAlways(name)}: Is a directory`);
  let names: readonly string[] = [];
  try {
    if (call.has("r")) names = files.list(path, who);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return yield* call.warn(`cannot remove ${quoteAlways(name)}: ${error.message}`);
  }
  const asks = call.last("i", "f") === "i";
  if (asks && names.length > 0 && !(yield* confirm(call, `descend into directory ${quoteAlways(name)}`))) return;
  const before = call.status;
  for (const child of names) {
    const below = joinPath(name, child);
    const stat = files.find(call.path(below), who, { follow: false });
    if (stat) yield* remove(call, below, stat);
    else yield* call.warn(`cannot remove ${quoteAlways(below)}: Permission denied`);
  }
  if (call.status > before && files.list(path, who).length > 0) return;
  if (asks && !(yield* confirm(call, `remove directory ${quoteAlways(name)}`))) return;
  try {
    files.rmdir(path, who);
    if (call.has("v")) call.out.put(`removed directory ${quoteAlways(name)}\n`);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* call.warn(`cannot remove ${quoteAlways(name)}: ${error.message}`);
  }
}

/** Asks with -i, and on a terminal before a file is removed that its user may not write. */
function* mayRemove(call: Call, name: string, stat: Stat): Task<boolean> {
  const how = call.last("i", "f");
  if (how === "f") return true;
  const kind =
    stat.kind === "link"
      ? "symbolic link"
      : stat.kind !== "file"
        ? stat.kind
        : stat.size === 0
          ? "regular empty file"
          : "regular file";
  if (how === "i") return yield* confirm(call, `remove ${kind} ${quoteAlways(name)}`);
  const guarded = stat.kind !== "link" && call.proc.isTerminal(0) && !call.files.may(call.path(name), "w", call.who);
  return !guarded || (yield* confirm(call, `remove write-protected ${kind} ${quoteAlways(name)}`));
}
