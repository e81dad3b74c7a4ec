import { Errno } from "../../../machine/define.ts";
import { type Call, Fail } from "../define.ts";
import { baseName, joinPath } from "./paths.ts";
import { quoteAlways } from "./quote.ts";

/** Where each source goes: into a directory, or to the name given last (cp, mv, ln, install). */
export function destinations(call: Call): readonly { from: string; to: string }[] {
  const sources = [...call.operands];
  const [first] = sources;
  if (first === undefined) throw call.misuse("missing file operand");
  let target = call.value("t");
  if (target === undefined) {
    if (sources.length === 1) throw call.misuse(`missing destination file operand after ${quoteAlways(first)}`);
    target = sources.pop() ?? "";
    if (call.has("T") && sources.length > 1) throw call.misuse(`extra operand ${quoteAlways(sources[1] ?? "")}`);
    if (call.has("T")) return [{ from: first, to: target }];
    const folder = isFolder(call, target);
    if (!folder && sources.length === 1) return [{ from: first, to: target }];
    if (!folder) throw new Fail(`target ${quoteAlways(target)}: ${whyNoFolder(call, target)}`);
  } else if (!isFolder(call, target))
    throw new Fail(`target directory ${quoteAlways(target)}: ${whyNoFolder(call, target)}`);
  const into = target;
  return sources.map((from) => ({ from, to: joinPath(into, baseName(from)) }));
}

function isFolder(call: Call, name: string): boolean {
  return call.files.find(call.path(name), call.who)?.kind === "directory";
}

function whyNoFolder(call: Call, name: string): string {
  try {
    call.files.stat(call.path(name), call.who);
    return "Not a directory";
  } catch (error) {
    if (error instanceof Errno) return error.message;
    throw error;
  }
}
