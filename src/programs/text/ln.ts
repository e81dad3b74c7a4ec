import { Errno, type Task } from "../../machine/define.ts";
import { type Call, Fail, tool } from "./define.ts";
import { confirm } from "./shared/confirm.ts";
import { baseName, folderName, joinPath } from "./shared/paths.ts";
import { quoteAlways } from "./shared/quote.ts";
import { relativePath } from "./shared/relative-path.ts";

/** ln: makes links. */
export const ln = tool({
  name: "ln",
  usage: "[OPTION]... [-T] TARGET LINK_NAME",
  options:
    "b backup? d F f,force i,interactive L,logical n,no-dereference P,physical r,relative s,symbolic S,suffix= t,target-directory= T,no-target-directory v,verbose",
  *run(call) {
    for (const { target, name } of pairs(call)) yield* link(call, target, name);
    return undefined;
  },
});

function pairs(call: Call): readonly { target: string; name: string }[] {
  const operands = [...call.operands];
  const [first, second] = operands;
  if (first === undefined) throw call.misuse("missing file operand");
  const into = call.value("t");
  if (into !== undefined) return operands.map((target) => ({ target, name: joinPath(into, baseName(target)) }));
  if (second === undefined) return [{ target: first, name: `./${baseName(first)}` }];
  const last = operands.pop() ?? "";
  const folder =
    call.files.find(call.path(last), call.who, { follow: !call.has("n") })?.kind === "directory" && !call.has("T");
  if (folder) return operands.map((target) => ({ target, name: joinPath(last, baseName(target)) }));
  if (operands.length > 1)
    throw new Fail(
      `target ${quoteAlways(last)}: ${call.files.find(call.path(last), call.who) ? "Not a directory" : "No such file or directory"}`,
    );
  return [{ target: first, name: last }];
}

function* link(call: Call, target: string, name: string): Task {
  const { files, who } = call;
  const symbolic = call.has("s");
  const path = call.path(name);
  try {
    if (!symbolic) {
      const stat = files.find(call.path(target), who);
      if (!stat) return yield* call.warn(`failed to access ${quoteAlways(target)}: No such file or directory`);
      if (stat.kind === "directory") return yield* call.warn(`${target}: hard link not allowed for directory`);
    }
    const existing = files.find(path, who, { follow: false });
    if (existing && existing.kind !== "directory") {
      if (call.last("f", "i") === "i" && !(yield* confirm(call, `replace ${quoteAlways(name)}`))) return;
      if (call.last("f", "i")) files.unlink(path, who);
    }
    const to =
      symbolic && call.has("r")
        ? relativePath(files.realpath(folderName(path), who), files.realpath(call.path(target), who))
        : target;
    if (symbolic) files.symlink(to, path, who);
    else files.link(call.path(target), path, who);
    if (call.has("v")) call.out.put(`${quoteAlways(name)} ${symbolic ? "->" : "=>"} ${quoteAlways(to)}\n`);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const what = symbolic
      ? `symbolic link ${quoteAlways(name)}`
      : `hard link ${quoteAlways(name)}${error.code === "EEXIST" ? "" : ` => ${quoteAlways(target)}`}`;
    yield* call.warn(`failed to create ${what}: ${error.message}`);
  }
}
