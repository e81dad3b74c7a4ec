import { Errno, type Task } from "../../../machine/define.ts";
import { parseOptions } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";
import { changeDirectory } from "../directory.ts";
import type { Shell } from "../shell.ts";

export const cd: Builtin = {
  name: "cd",
  usage: "[-L|[-P [-e]] [-@]] [dir]",
  help: "Change the shell working directory.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, "LPe@");
    if (typeof parsed === "number") return parsed === 2 ? 2 : parsed;
    if (parsed.rest.length > 1) {
      yield* shell.complain("cd: too many arguments");
      return 1;
    }
    const [given] = parsed.rest;
    const fallback = given === undefined ? "HOME" : given === "-" ? "OLDPWD" : undefined;
    const target = fallback ? shell.vars.get(fallback) : given;
    if (target === undefined) {
      yield* shell.complain(`cd: ${fallback} not set`);
      return 1;
    }
    return yield* enter(shell, target, given === "-", parsed.flags.has("P") || shell.has("physical"));
  },
};

function* enter(shell: Shell, target: string, tell: boolean, physical: boolean): Task<number> {
  const searched = target === "" || /^\.{0,2}(?:\/|$)/.test(target) ? undefined : searchCdPath(shell, target);
  try {
    changeDirectory(shell, searched ?? target, physical);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* shell.complain(`cd: ${target}: ${error.message}`);
    return 1;
  }
  return tell || searched !== undefined ? yield* shell.out("cd", `${shell.proc.cwd}\n`) : 0;
}

/** Where CDPATH finds a relative name. */
function searchCdPath(shell: Shell, target: string): string | undefined {
  const { files } = shell.proc.machine;
  for (const folder of (shell.vars.get("CDPATH") ?? "").split(":")) {
    if (folder === "" || folder === ".") continue;
    const path = `${folder}/${target}`;
    if (files.find(path, shell.proc.credentials)?.kind === "directory") return path;
  }
  return undefined;
}
