import type { Task } from "../../../machine/define.ts";
import { pathOf } from "../../../machine/open-path.ts";
import { userById } from "../../../machine/users.ts";
import type { Shell } from "../shell.ts";
import { sourceText } from "../source-file.ts";

export interface Startup {
  readonly login: boolean;
  readonly interactive: boolean;
  readonly posix: boolean;
  readonly noProfile: boolean;
  readonly noRc: boolean;
  readonly rcFile: string | undefined;
}

/** Takes over functions that a parent exported. */
export function* importFunctions(shell: Shell): Task {
  for (const [key, value] of shell.proc.env) {
    const name = /^BASH_FUNC_(.+)%%$/.exec(key)?.[1];
    if (name === undefined || !value.startsWith("() ")) continue;
    yield* shell.run.runText(shell, `${name} ${value}`, { line: 0 });
    const known = shell.functions.get(name);
    if (known) shell.functions.set(name, { ...known, exported: true, source: "environment" });
  }
}

/** Reads the startup files that this kind of shell reads (bash 5.2, "Bash Startup Files"; /etc/bash.bashrc is Debian's). */
export function* readStartupFiles(shell: Shell, how: Startup): Task {
  const home = shell.vars.get("HOME") ?? "";
  if (how.login && !how.noProfile) {
    yield* read(shell, "/etc/profile");
    const own = how.posix ? [".profile"] : [".bash_profile", ".bash_login", ".profile"];
    for (const name of own) if (yield* read(shell, `${home}/${name}`)) break;
  } else if (how.interactive && !how.login && how.posix) {
    const env = shell.vars.get("ENV");
    if (env) yield* read(shell, yield* shell.run.expandText(shell, env));
  } else if (how.interactive && !how.login && !how.noRc) {
    if (how.rcFile !== undefined) yield* read(shell, how.rcFile);
    else {
      yield* read(shell, "/etc/bash.bashrc");
      yield* read(shell, `${home}/.bashrc`);
    }
  } else if (!how.interactive && !how.posix) {
    const env = shell.vars.get("BASH_ENV");
    if (env) yield* read(shell, yield* shell.run.expandText(shell, env));
  }
}

/** At the end of a login shell. */
export function* readLogoutFile(shell: Shell): Task {
  if (shell.login) yield* read(shell, `${shell.vars.get("HOME") ?? ""}/.bash_logout`);
}

function* read(shell: Shell, path: string): Task<boolean> {
  const { proc } = shell;
  const { files } = proc.machine;
  const absolute = pathOf(proc, path);
  if (files.find(absolute, proc.credentials)?.kind !== "file" || !files.may(absolute, "r", proc.credentials))
    return false;
  const { line } = shell;
  yield* sourceText(shell, files.read(absolute, proc.credentials), path);
  shell.line = line;
  shell.status = 0;
  return true;
}

/** The variables a shell begins with: its environment's, and its own. */
export function initialVariables(shell: Shell, interactive: boolean): void {
  const { proc, vars } = shell;
  for (const [name, value] of proc.env) {
    if (/^[A-Za-z_]\w*$/.test(name)) vars.all.set(name, { value, exported: true });
  }
  const user = userById(proc.machine.files, proc.credentials.uid);
  const set = (name: string, value: string) => vars.all.set(name, { value });
  const unlessSet = (name: string, value: string) => {
    if (vars.all.get(name)?.value === undefined) set(name, value);
  };
  set("IFS", " \t\n");
  set("BASH", "/bin/bash");
  set("BASH_VERSION", "5.2.15(1)-release");
  vars.setArray("BASH_VERSINFO", ["5", "2", "15", "1", "release", "x86_64-pc-linux-gnu"]);
  set("HOSTTYPE", "x86_64");
  set("MACHTYPE", "x86_64-pc-linux-gnu");
  set("OSTYPE", "linux-gnu");
  set("OPTIND", "1");
  set("OPTERR", "1");
  set("PS4", "+ ");
  unlessSet("HOSTNAME", proc.machine.name);
  unlessSet("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  unlessSet("TERM", "dumb");
  unlessSet("SHELL", user?.shell ?? "/bin/sh");
  if (interactive) unlessSet("HOME", user?.home ?? "/");
  for (const [name, value] of [
    ["UID", proc.credentials.uid],
    ["EUID", proc.credentials.uid],
    ["PPID", proc.parent?.pid ?? 0],
  ] as const)
    vars.all.set(name, { value: String(value), readonly: true, integer: true });
  vars.all.set("SHLVL", { value: String((Number(proc.env.get("SHLVL")) || 0) + 1), exported: true });
  vars.all.set("PWD", { value: proc.cwd, exported: true });
  if (!vars.all.has("OLDPWD")) vars.all.set("OLDPWD", { value: undefined, exported: true });
  if (interactive) interactiveVariables(shell, unlessSet);
}

function interactiveVariables(shell: Shell, unlessSet: (name: string, value: string) => void): void {
  const terminal = shell.proc.fds.get(0)?.terminal;
  unlessSet("PS1", "\\s-\\v\\$ ");
  unlessSet("PS2", "> ");
  unlessSet("HISTFILE", `${shell.vars.get("HOME") ?? ""}/.bash_history`);
  unlessSet("HISTSIZE", "500");
  unlessSet("HISTFILESIZE", "500");
  unlessSet("MAILCHECK", "60");
  if (!terminal) return;
  unlessSet("COLUMNS", String(terminal.columns));
  unlessSet("LINES", String(terminal.rows));
}
