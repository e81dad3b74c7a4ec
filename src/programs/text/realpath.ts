import { Errno } from "../../machine/define.ts";
import { tool } from "./define.ts";
import { canonical } from "./shared/canonical.ts";
import { quoteName } from "./shared/quote.ts";
import { relativePath } from "./shared/relative-path.ts";

/** realpath: the absolute path without links. */
export const realpath = tool({
  name: "realpath",
  usage: "[OPTION]... FILE...",
  options:
    "e,canonicalize-existing m,canonicalize-missing L,logical P,physical q,quiet relative-to= relative-base= s,strip,no-symlinks z,zero",
  *run(call) {
    if (call.operands.length === 0) throw call.misuse("missing operand");
    const how = call.last("e", "m") ?? "f";
    const base = call.value("relative-to");
    for (const name of call.operands) {
      try {
        const path = canonical(call, name, how as "f");
        const shown = base === undefined ? path : relativePath(canonical(call, base, "m"), path);
        call.out.put(shown + (call.has("z") ? "\0" : "\n"));
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        if (call.has("q")) call.status = 1;
        else yield* call.warn(`${quoteName(name)}: ${error.message}`);
      }
    }
    return undefined;
  },
});
