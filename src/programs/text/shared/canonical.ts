import { Errno } from "../../../machine/define.ts";
import type { Call } from "../define.ts";
import { baseName, folderName, joinPath } from "./paths.ts";

/** A path without links and dots: all parts must exist (e), all but the last (f), or none (m). */
export function canonical(call: Call, name: string, how: "e" | "f" | "m"): string {
  const path = call.path(name);
  if (name === "") throw new Errno("ENOENT", name);
  if (how === "e") call.files.stat(path, call.who);
  try {
    return call.files.realpath(path, call.who);
  } catch (error) {
    if (!(error instanceof Errno) || error.code !== "ENOENT" || how !== "m") throw error;
    const parent = folderName(path);
    return parent === path ? path : joinPath(canonical(call, parent, "m"), baseName(path));
  }
}
