import { SECOND } from "../../base/clock.ts";
import type { Shell } from "./shell.ts";

/** Gives a shell the variables whose values it works out when they are read (bash 5.2, "Shell Variables"). */
export function dynamicVariables(shell: Shell): void {
  const { proc, vars } = shell;
  const { kernel } = proc.machine;
  const now = () => kernel.clock.now;
  const made: Readonly<Record<string, () => string | readonly string[] | undefined>> = {
    RANDOM: () => String(kernel.random.below(32768)),
    SRANDOM: () => String(kernel.random.next32()),
    SECONDS: () => String(Math.floor((now() - shell.secondsFrom) / SECOND)),
    EPOCHSECONDS: () => String(Math.floor(now() / SECOND)),
    EPOCHREALTIME: () => `${Math.floor(now() / SECOND)}.${String(now() % SECOND).padStart(6, "0")}`,
    LINENO: () => String(shell.line),
    BASHPID: () => String(proc.pid),
    BASH_SUBSHELL: () => String(shell.subshell),
    BASH_COMMAND: () => shell.command,
    FUNCNAME: () => (shell.calls.some((call) => call.name !== "main") ? names(shell) : undefined),
    BASH_SOURCE: () => sources(shell),
    BASH_LINENO: () => (shell.calls.length > 0 ? [...shell.calls].reverse().map((call) => String(call.from)) : undefined),
    DIRSTACK: () => [proc.cwd, ...shell.dirs],
    GROUPS: () => proc.credentials.groups.map(String),
    HISTCMD: () => String((shell.history?.lines.length ?? 0) + 1),
    SHELLOPTS: () => [...shell.options].sort().join(":"),
    BASHOPTS: () => [...shell.shopts].sort().join(":"),
  };
  for (const [name, make] of Object.entries(made)) vars.dynamic.set(name, make);
}

function names(shell: Shell): string[] {
  const names = [...shell.calls].reverse().map((call) => call.name);
  return names;
}

function sources(shell: Shell): string[] | undefined {
  if (shell.calls.length === 0) return undefined;
  return [...shell.calls].reverse().map((call) => call.source);
}
