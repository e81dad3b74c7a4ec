import type { Task } from "../../../machine/define.ts";
import type { Call } from "../define.ts";
import { confirm } from "./confirm.ts";
import { modeText } from "./mode.ts";
import { quoteAlways } from "./quote.ts";

/** Whether cp or mv may take the place of what stands at `to`: -n, -u, -i, and mv's question on a terminal. */
export function* mayOverwrite(call: Call, from: string, to: string): Task<boolean> {
  const existing = call.files.find(call.path(to), call.who);
  if (!existing) return true;
  const how = call.last("i", "n", "f");
  if (how === "n") return false;
  if (call.has("u")) {
    const source = call.files.find(call.path(from), call.who);
    if (source && source.modified <= existing.modified && existing.kind !== "directory") return false;
  }
  if (how === "i") return yield* confirm(call, `overwrite ${quoteAlways(to)}`);
  if (call.name !== "mv" || how === "f" || !call.proc.isTerminal(0) || call.files.may(call.path(to), "w", call.who))
    return true;
  const mode = (existing.mode & 0o7777).toString(8).padStart(4, "0");
  return yield* confirm(call, `replace ${quoteAlways(to)}, overriding mode ${mode} (${modeText(existing).slice(1)})`);
}
