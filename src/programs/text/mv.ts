import { Errno, type Task } from "../../machine/define.ts";
import { type Call, tool } from "./define.ts";
import { copy } from "./shared/copy.ts";
import { destinations } from "./shared/destination.ts";
import { mayOverwrite } from "./shared/overwrite.ts";
import { joinPath } from "./shared/paths.ts";
import { quoteAlways } from "./shared/quote.ts";

/** mv: renames; between file systems it copies and removes. */
export const mv = tool({
  name: "mv",
  usage: "[OPTION]... SOURCE... DEST",
  options:
    "b backup? f,force i,interactive n,no-clobber strip-trailing-slashes S,suffix= t,target-directory= T,no-target-directory u,update v,verbose",
  *run(call) {
    for (const { from, to } of destinations(call)) yield* move(call, from, to);
    return undefined;
  },
});

function* move(call: Call, from: string, to: string): Task {
  const { files, who } = call;
  const [source, target] = [call.path(from), call.path(to)];
  try {
    const stat = files.stat(source, who, { follow: false });
    const existing = files.find(target, who, { follow: false });
    if (existing?.inode === stat.inode)
      return yield* call.warn(`${quoteAlways(from)} and ${quoteAlways(to)} are the same file`);
    if (existing && existing.kind !== "directory" && stat.kind === "directory")
      return yield* call.warn(`cannot overwrite non-directory ${quoteAlways(to)} with directory ${quoteAlways(from)}`);
    if (existing?.kind === "directory" && stat.kind !== "directory")
      return yield* call.warn(`cannot overwrite directory ${quoteAlways(to)} with non-directory`);
    if (stat.kind === "directory" && `${files.realpath(target, who)}/`.startsWith(`${files.realpath(source, who)}/`))
      return yield* call.warn(`cannot move ${quoteAlways(from)} to a subdirectory of itself, ${quoteAlways(to)}`);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return yield* call.warn(`cannot stat ${quoteAlways(from)}: ${error.message}`);
  }
  if (!(yield* mayOverwrite(call, from, to))) return;
  if ((call.has("b") || call.has("backup")) && files.find(target, who))
    files.rename(target, `${target}${call.value("S") ?? "~"}`, who);
  try {
    files.rename(source, target, who);
    if (call.has("v")) call.out.put(`renamed ${quoteAlways(from)} -> ${quoteAlways(to)}\n`);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (error.code === "EXDEV") yield* acrossDevices(call, from, to);
    else yield* call.warn(`cannot move ${quoteAlways(from)} to ${quoteAlways(to)}: ${error.message}`);
  }
}

function* acrossDevices(call: Call, from: string, to: string): Task {
  const done = yield* copy(call, from, to, {
    recursive: true,
    keepLinks: true,
    preserve: true,
    force: true,
    verbose: false,
  });
  if (done) yield* remove(call, from);
}

function* remove(call: Call, name: string): Task {
  if (call.proc.tick()) yield undefined;
  const path = call.path(name);
  try {
    if (call.files.stat(path, call.who, { follow: false }).kind !== "directory")
      return call.files.unlink(path, call.who);
    for (const child of call.files.list(path, call.who)) yield* remove(call, joinPath(name, child));
    call.files.rmdir(path, call.who);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* call.warn(`cannot remove ${quoteAlways(name)}: ${error.message}`);
  }
}
