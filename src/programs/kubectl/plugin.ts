import { resolveCommand, startCommand } from "../../machine/exec.ts";
import type { Process } from "../../machine/process.ts";

/** Starts the plugin that a command line means, if one is installed: `kubectl foo bar` runs kubectl-foo-bar or kubectl-foo. */
export function startPlugin(proc: Process, words: readonly string[]): Process | undefined {
  const flag = words.findIndex((word) => word.startsWith("-"));
  const names = (flag < 0 ? words : words.slice(0, flag)).map((word) => word.replaceAll("-", "_"));
  for (let count = names.length; count > 0; count--) {
    const name = `kubectl-${names.slice(0, count).join("-")}`;
    if (name.includes("/") || "failed" in resolveCommand(proc, name)) continue;
    return startCommand(proc, [name, ...words.slice(count)]);
  }
  return undefined;
}
