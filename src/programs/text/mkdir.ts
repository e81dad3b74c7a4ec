import { Errno, type Task } from "../../machine/define.ts";
import { type Call, Fail, tool } from "./define.ts";
import { parseMode } from "./shared/mode.ts";
import { folderName } from "./shared/paths.ts";
import { quote, quoteAlways } from "./shared/quote.ts";

/** mkdir: makes directories, with -p all that are missing on the way. */
export const mkdir = tool({
  name: "mkdir",
  usage: "[OPTION]... DIRECTORY...",
  options: "m,mode= p,parents v,verbose Z",
  *run(call) {
    if (call.operands.length === 0) throw call.misuse("missing operand");
    const given = call.value("m");
    const change = given === undefined ? undefined : parseMode(given, call.proc.umask);
    if (given !== undefined && !change) throw new Fail(`invalid mode ${quote(given)}`);
    const usual = 0o777 & ~call.proc.umask;
    for (const name of call.operands) {
      try {
        if (call.has("p")) yield* parents(call, name, change?.(0o777, true));
        else make(call, name, change?.(0o777, true) ?? usual, change !== undefined);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        yield* call.warn(`cannot create directory ${quote(error.path ?? name)}: ${error.message}`);
      }
    }
    return undefined;
  },
});

function make(call: Call, name: string, mode: number, exact: boolean): void {
  try {
    call.files.mkdir(call.path(name), call.who, { mode });
    if (exact) call.files.chmod(call.path(name), mode, call.who);
  } catch (error) {
    if (error instanceof Errno) throw new Errno(error.code, name);
    throw error;
  }
  if (call.has("v")) call.out.put(`mkdir: created directory ${quoteAlways(name)}\n`);
}

function* parents(call: Call, name: string, mode: number | undefined): Task {
  if (call.proc.tick()) yield undefined;
  const stat = call.files.find(call.path(name), call.who);
  if (stat?.kind === "directory") return;
  if (stat) throw new Errno("EEXIST", name);
  const parent = folderName(name);
  if (parent !== name && parent !== "." && parent !== "/") {
    const above = call.files.find(call.path(parent), call.who);
    if (above && above.kind !== "directory") throw new Errno("ENOTDIR", parent);
    if (!above) yield* parents(call, parent, undefined);
  }
  make(call, name, mode ?? 0o777 & ~call.proc.umask, mode !== undefined);
}
