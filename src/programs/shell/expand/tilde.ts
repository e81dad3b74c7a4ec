import { userById, userNamed } from "../../../machine/users.ts";
import type { Shell } from "../shell.ts";

/** `~`, `~user`, `~+` and `~-` at the beginning of unquoted text; in assignments also after each colon. */
export function expandTilde(
  shell: Shell,
  text: string,
  complete: boolean,
  assignment: boolean,
): { home: string; rest: string } | undefined {
  if (!text.startsWith("~")) return undefined;
  const end = text.search(assignment ? /[/:]/ : /\//);
  if (end < 0 && !complete) return undefined;
  const home = homeOf(shell, text.slice(1, end < 0 ? undefined : end));
  return home === undefined ? undefined : { home, rest: end < 0 ? "" : text.slice(end) };
}

function homeOf(shell: Shell, who: string): string | undefined {
  const { proc, vars } = shell;
  if (who === "+") return proc.cwd;
  if (who === "-") return vars.get("OLDPWD");
  const { files } = proc.machine;
  if (who !== "") return userNamed(files, who)?.home;
  return vars.get("HOME") ?? userById(files, proc.credentials.uid)?.home;
}
