import { Errno } from "../../machine/define.ts";
import { tool } from "./define.ts";
import { canonical } from "./shared/canonical.ts";
import { quoteName } from "./shared/quote.ts";

/** readlink: where a link leads; with -f the whole path without links. */
export const readlink = tool({
  name: "readlink",
  usage: "[OPTION]... FILE...",
  options:
    "f,canonicalize e,canonicalize-existing m,canonicalize-missing n,no-newline q,quiet s,silent v,verbose z,zero",
  *run(call) {
    if (call.operands.length === 0) throw call.misuse("missing operand");
    const how = call.last("f", "e", "m");
    const end = call.has("z") ? "\0" : call.has("n") && call.operands.length === 1 ? "" : "\n";
    for (const name of call.operands) {
      try {
        call.out.put((how ? canonical(call, name, how as "f") : call.files.readlink(call.path(name), call.who)) + end);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        if (call.last("v", "q", "s") === "v") yield* call.warn(`${quoteName(name)}: ${error.message}`);
        else call.status = 1;
      }
    }
    return undefined;
  },
});
