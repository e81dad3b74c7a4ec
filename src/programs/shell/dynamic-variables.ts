import { SECOND } from "../../base/clock.ts";
import type { Call } from "./define.ts";
import type { Shell } from "./shell.ts";
import type { DynamicVariable } from "./variables.ts";

/** Gives a shell the variables whose values it works out when they are read (bash 5.2, "Shell Variables"). */
export function dynamicVariables(shell: Shell): void {
  const { proc, vars } = shell;
  const { kernel } = proc.machine;
  const now = () => kernel.clock.now;
  const made: readonly (readonly [name: string, value: DynamicVariable])[] = [
    ["RANDOM", () => String(kernel.random.below(32768))],
    ["SRANDOM", () => String(kernel.random.next32())],
    ["SECONDS", () => String(Math.floor((now() - shell.secondsFrom) / SECOND))],
    ["EPOCHSECONDS", () => String(Math.floor(now() / SECOND))],
    ["EPOCHREALTIME", () => `${Math.floor(now() / SECOND)}.${String(now() % SECOND).padStart(6, "0")}`],
    ["LINENO", () => String(shell.line)],
    ["BASHPID", () => String(proc.pid)],
    ["BASH_SUBSHELL", () => String(shell.subshell)],
    ["BASH_COMMAND", () => shell.command],
    [
      "FUNCNAME",
      () => (shell.calls.some((call) => call.name !== "main") ? ofCalls(shell, (call) => call.name) : undefined),
    ],
    ["BASH_SOURCE", () => ofCalls(shell, (call) => call.source)],
    ["BASH_LINENO", () => ofCalls(shell, (call) => String(call.from))],
    ["DIRSTACK", () => [proc.cwd, ...shell.dirs]],
    ["GROUPS", () => proc.credentials.groups.map(String)],
    ["HISTCMD", () => String((shell.history?.lines.length ?? 0) + 1)],
    ["SHELLOPTS", () => [...shell.options].sort().join(":")],
    ["BASHOPTS", () => [...shell.shopts].sort().join(":")],
  ];
  for (const [name, make] of made) vars.dynamic.set(name, make);
}

/** Of what is being called, the innermost first. */
function ofCalls(shell: Shell, what: (call: Call) => string): string[] | undefined {
  return shell.calls.length > 0 ? shell.calls.toReversed().map(what) : undefined;
}
