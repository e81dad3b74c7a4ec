import { root } from "../../../../machine/define-files.ts";
import type { Process } from "../../../../machine/process.ts";
import type { Verb } from "../../define.ts";
import { CommandFault } from "../../faults.ts";
import { boolFlag } from "../../flag-types.ts";

const flags = { "name-only": boolFlag("Print only the names of the plugins' files.") };

/** The plugins on PATH: files called kubectl-*. */
export const list: Verb<typeof flags> = {
  path: ["plugin", "list"],
  usage: "plugin list [flags] [options]",
  short: "List all visible plugin executables on a user's PATH",
  flags,
  config: "none",
  *run(context, { flags: { "name-only": nameOnly } }) {
    const found = pluginsOf(context.proc);
    if (found.length === 0) throw new CommandFault("unable to find any kubectl plugins in your PATH");
    context.out.line("The following compatible plugins are available:\n");
    for (const path of found) context.out.line(nameOnly ? path.slice(path.lastIndexOf("/") + 1) : path);
  },
};

function pluginsOf({ env, machine: { files } }: Process): readonly string[] {
  const found: string[] = [];
  for (const folder of new Set((env.get("PATH") ?? "").split(":"))) {
    if (!folder.startsWith("/") || files.find(folder, root)?.kind !== "directory") continue;
    const names = files.list(folder, root).filter((name) => name.startsWith("kubectl-"));
    found.push(...names.map((name) => `${folder}/${name}`));
  }
  return found;
}
