import { Errno, type Task } from "../../../machine/define.ts";
import type { Stat } from "../../../machine/define-files.ts";
import { type Call, Fail, tool } from "../define.ts";
import { joinPath } from "../shared/paths.ts";
import { quote, quoteAlways } from "../shared/quote.ts";
import type { Entry } from "./entry.ts";
import { order } from "./order.ts";
import { show, totalOf } from "./show.ts";

/** ls: GNU's; in columns on a terminal. */
export const ls = tool({
  name: "ls",
  also: ["dir"],
  usage: "[OPTION]... [FILE]...",
  options:
    "a,all A,almost-all B,ignore-backups C c d,directory F,classify? file-type f g G,no-group h,human-readable si H,dereference-command-line i,inode I,ignore= k,kibibytes L,dereference l m n,numeric-uid-gid N,literal o p q,hide-control-chars Q,quote-name r,reverse R,recursive s,size S sort= t time= time-style= full-time u U v w,width= x X 1 color? group-directories-first hide= b,escape Z,context",
  trouble: 2,
  *run(call) {
    const color = call.value("color") ?? "always";
    if (!["always", "auto", "never", "yes", "no", "none", "force", "tty", "if-tty"].includes(color))
      throw new Fail(`invalid argument ${quote(color)} for ‘--color’`, 2, true);
    const files: Entry[] = [];
    const folders: Entry[] = [];
    for (const name of call.operands.length === 0 ? ["."] : call.operands) {
      const entry = yield* operand(call, name);
      if (!entry) continue;
      if (entry.stat.kind === "directory" && !call.has("d")) folders.push(entry);
      else files.push(entry);
    }
    if (files.length > 0) call.out.put(show(call, order(call, files), [...files, ...folders]));
    const titles = call.operands.length > 1 || call.has("R");
    let first = files.length === 0;
    for (const folder of order(call, folders)) {
      yield* list(call, folder.name, titles, first, true);
      first = false;
    }
    return undefined;
  },
});

/** Links that were named lead on, unless the long form shows them as such. */
function* operand(call: Call, name: string): Task<Entry | undefined> {
  const path = call.path(name);
  try {
    const own = call.files.stat(path, call.who, { follow: call.has("L") || call.has("H") });
    const target =
      own.kind === "link" && !call.has("d") && !call.has("l") && !call.has("F")
        ? call.files.find(path, call.who)
        : undefined;
    return entryOf(call, name, path, target?.kind === "directory" ? target : own);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* call.warn(`cannot access ${quoteAlways(name)}: ${error.message}`, 2);
    return undefined;
  }
}

function entryOf(call: Call, name: string, path: string, stat: Stat): Entry {
  if (stat.kind !== "link") return { name, stat };
  let target: string | undefined;
  try {
    target = call.files.readlink(path, call.who);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
  }
  return { name, stat, target, targetStat: call.files.find(path, call.who) };
}

function* list(call: Call, folder: string, titles: boolean, first: boolean, operand: boolean): Task {
  let names: readonly string[];
  try {
    names = call.files.list(call.path(folder), call.who);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* call.warn(`cannot open directory ${quoteAlways(folder)}: ${error.message}`, operand ? 2 : 1);
    return;
  }
  const entries: Entry[] = [];
  for (const name of wanted(call, names)) {
    if (call.proc.tick()) yield undefined;
    const path = joinPath(call.path(folder), name);
    try {
      entries.push(entryOf(call, name, path, call.files.stat(path, call.who, { follow: call.has("L") })));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      yield* call.warn(`cannot access ${quoteAlways(joinPath(folder, name))}: ${error.message}`);
    }
  }
  if (titles) call.out.put(`${first ? "" : "\n"}${folder}:\n`);
  if (["l", "s", "n", "g", "o", "full-time"].some((key) => call.has(key)))
    call.out.put(`total ${totalOf(call, entries)}\n`);
  const sorted = order(call, entries);
  call.out.put(show(call, sorted));
  if (call.out.full) yield* call.out.flush();
  if (!call.has("R")) return;
  for (const { name, stat } of sorted)
    if (stat.kind === "directory" && name !== "." && name !== "..")
      yield* list(call, joinPath(folder, name), true, false, false);
}

function wanted(call: Call, names: readonly string[]): readonly string[] {
  const which = call.last("a", "A", "f");
  const shown = which ? names : names.filter((name) => !name.startsWith("."));
  const backups = call.has("B") ? shown.filter((name) => !name.endsWith("~")) : shown;
  return which === "a" || which === "f" ? [".", "..", ...backups] : backups;
}
