import { cleanPath } from "../../base/clean-path.ts";
import { Errno } from "../../machine/define.ts";
import type { Shell } from "./shell.ts";

/** Makes a directory the present one: PWD and OLDPWD follow. Throws Errno. */
export function changeDirectory(shell: Shell, target: string, physical = false): void {
  const { proc, vars } = shell;
  const { files } = proc.machine;
  if (target === "") return;
  const logical = cleanPath(target.startsWith("/") ? target : `${proc.cwd}/${target}`);
  const given = target.startsWith("/") ? target : `${proc.cwd}/${target}`;
  const stat = files.stat(given, proc.credentials);
  if (stat.kind !== "directory") throw new Errno("ENOTDIR", target);
  if (!files.may(given, "x", proc.credentials)) throw new Errno("EACCES", target);
  const before = vars.get("PWD") ?? proc.cwd;
  const there =
    !physical && files.find(logical, proc.credentials)?.kind === "directory"
      ? logical
      : files.realpath(given, proc.credentials);
  proc.cwd = there;
  vars.set("OLDPWD", before);
  vars.set("PWD", there);
  for (const name of ["PWD", "OLDPWD"]) {
    const variable = vars.find(name);
    if (variable) variable.exported = true;
  }
}
