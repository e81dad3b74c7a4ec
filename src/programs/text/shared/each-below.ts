import { Errno, type Task } from "../../../machine/define.ts";
import type { Stat } from "../../../machine/define-files.ts";
import type { Call } from "../define.ts";
import { joinPath } from "./paths.ts";
import { quoteAlways } from "./quote.ts";

/** Visits a file and, with `recursive`, all below it; links that were found on the way are not followed. */
export function* eachBelow(
  call: Call,
  name: string,
  recursive: boolean,
  visit: (name: string, stat: Stat) => Task,
  follow = true,
): Task {
  if (call.proc.tick()) yield undefined;
  let stat: Stat;
  try {
    stat = call.files.stat(call.path(name), call.who, { follow });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const dangling = follow && call.files.find(call.path(name), call.who, { follow: false });
    return yield* call.warn(
      dangling
        ? `cannot operate on dangling symlink ${quoteAlways(name)}`
        : `cannot access ${quoteAlways(name)}: ${error.message}`,
    );
  }
  yield* visit(name, stat);
  if (!recursive || stat.kind !== "directory") return;
  let names: readonly string[];
  try {
    names = call.files.list(call.path(name), call.who);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return yield* call.warn(`cannot read directory ${quoteAlways(name)}: ${error.message}`);
  }
  for (const child of names) yield* eachBelow(call, joinPath(name, child), true, visit, false);
}
